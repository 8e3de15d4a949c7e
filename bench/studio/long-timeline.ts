// A project with a long past, made as people make it: commits of one file, on several branches at once.
import { createHash } from "node:crypto";
import type { PlatformClient } from "../../cli/http/client.ts";
import type { TimelineEvent } from "../../schemas/event.ts";

type Committed = { readonly event: Pick<TimelineEvent, "seq" | "ts"> };

const BRANCHES = ["main", "try-colours", "faster-start", "docs", "spanish", "mobile", "dark", "fix-totals"];
const TEXTS = ["export const step = 'odd';\n", "export const step = 'even';\n"];
const TELL_EVERY = 2_000;

/** Commits until the project's timeline is about so long. */
export async function growTimeline(
  client: PlatformClient,
  projectId: string,
  eventCount: number,
  say: (line: string) => void,
): Promise<void> {
  const each = Math.ceil(eventCount / BRANCHES.length);
  let made = 0;
  await Promise.all(
    BRANCHES.map(async (branch) => {
      const maker = await CommitMaker.open(client, projectId, branch);
      for (let step = 0; step < each; step += 1) {
        await maker.commit();
        made += 1;
        if (made % TELL_EVERY === 0) say(`${made} commits`);
      }
    }),
  );
}

/** Commits to a branch of its own, one after another, each of a file that the last one did not have. */
export class CommitMaker {
  readonly #client: PlatformClient;
  readonly #projectId: string;
  readonly #branch: string;
  readonly #digests: readonly string[];
  #head = 0;
  #count = 0;

  private constructor(client: PlatformClient, projectId: string, branch: string, digests: readonly string[]) {
    this.#client = client;
    this.#projectId = projectId;
    this.#branch = branch;
    this.#digests = digests;
  }

  static async open(client: PlatformClient, projectId: string, branch: string): Promise<CommitMaker> {
    const digests = await Promise.all(TEXTS.map((text) => putText(client, projectId, text)));
    return new CommitMaker(client, projectId, branch, digests);
  }

  async commit(): Promise<Committed["event"]> {
    this.#count += 1;
    const { event } = await this.#client.post<Committed>(`/api/projects/${this.#projectId}/commits`, {
      branch: this.#branch,
      expectedHead: this.#head,
      files: [{ path: `src/${this.#branch}.js`, sha256: this.#digests[this.#count % this.#digests.length] }],
      message: `step ${this.#count} of ${this.#branch}`,
    });
    this.#head = event.seq;
    return event;
  }
}

async function putText(client: PlatformClient, projectId: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await client.requestJson(`/api/blobs/${sha256}`, {
    method: "PUT",
    query: { projectId },
    body: new Blob([bytes]),
  });
  return sha256;
}
