// A project with a long past, made as people make it: commits of one file, on several branches at once.
import { createHash } from "node:crypto";
import type { PlatformClient } from "../../cli/http/client.ts";
import type { ProjectSummary } from "../../schemas/api/projects.ts";

type Committed = { readonly event: { readonly seq: number } };

const BRANCHES = ["main", "try-colours", "faster-start", "docs", "spanish", "mobile", "dark", "fix-totals"];
const TEXTS = ["export const step = 'odd';\n", "export const step = 'even';\n"];

/** Commits until the project's timeline has about so many events; gives the number of the last. */
export async function growTimeline(
  client: PlatformClient,
  { projectId, label }: Pick<ProjectSummary, "projectId"> & { readonly label: string },
  eventCount: number,
  say: (line: string) => void,
): Promise<number> {
  const digests = await Promise.all(TEXTS.map((text) => putText(client, projectId, text)));
  const each = Math.ceil(eventCount / BRANCHES.length);
  let made = 0;
  const ends = await Promise.all(
    BRANCHES.map(async (branch) => {
      let head = 0;
      for (let step = 0; step < each; step += 1) {
        const { event } = await client.post<Committed>(`/api/projects/${projectId}/commits`, {
          branch,
          expectedHead: head,
          files: [{ path: `src/${branch}.js`, sha256: digests[step % digests.length] }],
          message: `${label}: step ${step} of ${branch}`,
        });
        head = event.seq;
        made += 1;
        if (made % 2_000 === 0) say(`${made} commits`);
      }
      return head;
    }),
  );
  return Math.max(...ends);
}

async function putText(client: PlatformClient, projectId: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await client.requestJson(`/api/blobs/${sha256}`, { method: "PUT", query: { projectId }, body: bytes });
  return sha256;
}
