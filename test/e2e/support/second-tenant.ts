// A second organization on the same platform, and a token of it that has expired. The platform has no route that makes
// an owner, so both go straight into the local database, as the first owner did; once for all test files.
import { webcrypto } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { inject } from "vitest";
import * as z from "zod";
import { ownerStatements } from "../../../scripts/platform/first-owner.ts";
import { locateState } from "../../../scripts/platform/state-folder.ts";
import { runWrangler } from "../../../scripts/platform/wrangler.ts";
import { hashToken, mintToken } from "../../../workers/identity/token-format.ts";
import { ApiClient } from "./api-client.ts";

const tenantSchema = z.strictObject({ token: z.string(), expiredToken: z.string() });

export type SecondTenant = { readonly api: ApiClient; readonly expiredToken: string };

/** @param name another name is another organization: for tests that change what its others would stumble over */
export async function secondTenant(name = "second-tenant"): Promise<SecondTenant> {
  const { url, port, statePath } = inject("platform");
  const file = join(statePath, `${name}.json`);
  const known = await readFile(file, "utf8").catch(() => null);
  const tenant =
    known === null ? await insertTenant(statePath, port, file) : tenantSchema.parse(JSON.parse(known));
  return { api: new ApiClient(url, tenant.token), expiredToken: tenant.expiredToken };
}

async function insertTenant(statePath: string, port: number, file: string) {
  const state = locateState({ PORT: String(port), OURSYNTH_STATE: statePath });
  const tenant = { token: newToken(), expiredToken: newToken() };
  const now = Date.now();
  const expired = [
    await ownerStatements(tenant.expiredToken, now),
    `UPDATE "apikey" SET "expiresAt" = ${now - 1} WHERE "key" = '${await hashToken(tenant.expiredToken)}';`,
  ];
  const sqlFile = file.replace(/\.json$/, ".sql");
  await writeFile(sqlFile, [await ownerStatements(tenant.token, now), ...expired].join("\n"));
  await runWrangler(state, [
    "d1",
    "execute",
    "oursynth",
    "--local",
    `--persist-to=${statePath}`,
    `--file=${sqlFile}`,
    "--yes",
  ]);
  await writeFile(file, JSON.stringify(tenant));
  return tenant;
}

function newToken(): string {
  return mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
}
