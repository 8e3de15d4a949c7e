// A second organization on the same platform, and a token of it that has expired. The platform has no route that makes
// an owner, so both go straight into the local database, as the first owner did; once for all test files.
import { webcrypto } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { inject } from "vitest";
import * as z from "zod";
import { ownerStatements } from "../../../scripts/platform/first-owner.ts";
import { hashToken, mintToken } from "../../../workers/identity/token-format.ts";
import { ApiClient } from "./api-client.ts";
import { executeShared } from "./shared-database.ts";

const tenantSchema = z.strictObject({ token: z.string(), expiredToken: z.string() });

export type SecondTenant = { readonly api: ApiClient; readonly expiredToken: string };

/** @param name another name is another organization: for tests that change what its others would stumble over */
export async function secondTenant(name = "second-tenant"): Promise<SecondTenant> {
  const { url, statePath } = inject("platform");
  const file = join(statePath, `${name}.json`);
  const known = await readFile(file, "utf8").catch(() => null);
  const tenant = known === null ? await insertTenant(file) : tenantSchema.parse(JSON.parse(known));
  return { api: new ApiClient(url, tenant.token), expiredToken: tenant.expiredToken };
}

async function insertTenant(file: string) {
  const tenant = { token: newToken(), expiredToken: newToken() };
  const now = Date.now();
  await executeShared(
    await ownerStatements(tenant.token, now),
    await ownerStatements(tenant.expiredToken, now),
    `UPDATE "apikey" SET "expiresAt" = ${now - 1} WHERE "key" = '${await hashToken(tenant.expiredToken)}';`,
  );
  await writeFile(file, JSON.stringify(tenant));
  return tenant;
}

function newToken(): string {
  return mintToken((bytes) => webcrypto.getRandomValues(bytes), crc32);
}
