// Evidence files over HTTP (MESH.md M16, M17): one for each sealed result, and checking one that somebody brings.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { workerdHashing } from "../../adapters/hashing/workerd-hashing.ts";
import { exportCapsim } from "../../adapters/mesh/export-capsim.ts";
import { readChunks } from "../../adapters/streams/read-chunks.ts";
import { fromBase64, joinBytes } from "../../core/capsule/bytes.ts";
import { CAPSIM_LIMITS } from "../../core/mesh/capsim.ts";
import { createRerun } from "../../core/mesh/rerun-capsim.ts";
import { verifyCapsim } from "../../core/mesh/verify-capsim.ts";
import { keyIdOf } from "../../core/signing/key-format.ts";
import { projectRefSchema } from "../../schemas/api/common.ts";
import { simulationParamsSchema } from "../../schemas/api/simulations.ts";
import { capsimReportSchema } from "../../schemas/capsim.ts";
import { roleSchema, type TrustRecord, trustKeySchema } from "../../schemas/trust.ts";
import { type ApiEnv, createApi } from "./api-app.ts";
import { AppError } from "./app-error.ts";
import { attachmentHeaders } from "./attachment.ts";
import { resolveProject } from "./resolve-project.ts";
import { json, NEEDS_TOKEN, problems } from "./responses.ts";
import { resolveSimulation } from "./simulations.ts";

const tags = ["Simulations"];
const MAX_KEYS = 16;
/** More are not run again while the caller waits. */
const MAX_RERUN_SEEDS = 200;
/** JSON that is kept byte for byte: nobody is to read it and write it anew. */
const CAPSIM_MEDIA_TYPE = "application/vnd.oursynth.capsim";
const publicKeySchema = trustKeySchema.shape.publicKey;

const exportRoute = createRoute({
  method: "get",
  path: "/api/mesh-sim/{simId}/capsim",
  operationId: "exportCapsim",
  tags,
  summary: "The sealed result as a `.capsim`, which a stranger can check without any network",
  security: NEEDS_TOKEN,
  request: { params: simulationParamsSchema },
  responses: {
    200: {
      description: "The evidence file",
      content: { [CAPSIM_MEDIA_TYPE]: { schema: z.string().meta({ format: "binary" }) } },
    },
    ...problems("conflict"),
  },
});

const verifyRoute = createRoute({
  method: "post",
  path: "/api/capsim/verify",
  operationId: "verifyCapsim",
  tags,
  summary: "Check a `.capsim`: by keys that you give, or by what a project trusts",
  description:
    "The body is the file. A report is an answer whatever its verdict: `pass`, `fail`, or `undecidable` where nobody is trusted.",
  security: NEEDS_TOKEN,
  request: {
    query: z.object({
      projectId: projectRefSchema.optional(),
      /** Public keys in base64 (in a URL, `+` is `%2B`), each trusted in every role. */
      key: z
        .union([publicKeySchema, z.array(publicKeySchema).max(MAX_KEYS)])
        .optional()
        .transform((given) => (typeof given === "string" ? [given] : (given ?? []))),
      rerun: z.enum(["0", "1"]).default("0"),
    }),
    body: {
      required: true,
      content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
    },
  },
  responses: { 200: json(capsimReportSchema, "What each step found"), ...problems("too-large") },
});

export const capsim = createApi()
  .openapi(exportRoute, async (context) => {
    const { simId } = context.req.valid("param");
    const { row, project } = await resolveSimulation(context, simId, "simulations:read");
    const { envelopeSha256, capsuleDigest } = row;
    if (envelopeSha256 === null) {
      throw new AppError("conflict", "There is no result yet: it is under way, or it ended without one.");
    }
    const trust = await project.object.trustRecord();
    const bytes = await exportCapsim(context.env, { ...project.owner, capsuleDigest, envelopeSha256 }, trust);
    return new Response(bytes, {
      headers: { ...attachmentHeaders(`${simId}.capsim`), "content-type": CAPSIM_MEDIA_TYPE },
    });
  })
  .openapi(verifyRoute, async (context) => {
    const { projectId, key, rerun } = context.req.valid("query");
    if (projectId !== undefined && key.length > 0) {
      throw new AppError("validation", "Give either keys or a project whose trust decides, not both.", {
        errors: [{ path: "key", message: "must be left out where a project is named" }],
      });
    }
    const trust = projectId === undefined ? await trustGiven(key) : await trustOf(context, projectId);
    const bytes = await readBody(context);
    const again = createRerun({ seedCountMax: MAX_RERUN_SEEDS, takeTurn: () => scheduler.wait(0) });
    const report = await verifyCapsim(bytes, {
      trust,
      hashing: workerdHashing,
      ...(rerun === "1" ? { rerun: again } : {}),
    });
    return context.json(report, 200);
  });

async function trustOf(context: Context<ApiEnv>, projectId: string): Promise<TrustRecord> {
  const { object } = await resolveProject(context, projectId, "simulations:read");
  return await object.trustRecord();
}

/** Each key in every role, as on the command line; null when none was given. */
async function trustGiven(publicKeys: readonly string[]): Promise<TrustRecord | null> {
  const keys = await Promise.all(
    [...new Set(publicKeys)].map(async (publicKey) => ({
      keyId: await keyIdOf(fromBase64(publicKey) ?? new Uint8Array(0), workerdHashing),
      publicKey,
      name: "given",
      roles: [...roleSchema.options],
    })),
  );
  return keys.length === 0 ? null : { revision: 0, keys, thresholds: {} };
}

/** Leaves the stream where it stands when it is too large: the rest is drained before the answer goes out. */
async function readBody({ req }: Context<ApiEnv>): Promise<Uint8Array> {
  const tooLarge = () =>
    new AppError("too-large", `An evidence file has at most ${CAPSIM_LIMITS.bytes} bytes.`);
  if (Number(req.header("content-length") ?? 0) > CAPSIM_LIMITS.bytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // Sent as JSON it has been read already, to look for secrets, and within the same limit (limit-json.ts).
  if (req.raw.bodyUsed) return new Uint8Array(await req.arrayBuffer());
  if (req.raw.body === null) return new Uint8Array(0);
  for await (const chunk of readChunks(req.raw.body, "leave")) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > CAPSIM_LIMITS.bytes) throw tooLarge();
    chunks.push(chunk);
  }
  return joinBytes(chunks);
}
