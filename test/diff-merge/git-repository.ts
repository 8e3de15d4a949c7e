// A git repository as the tests see it: its commits as trees of a capsule, and git's own merges to compare with.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { nodeHashing } from "../../adapters/hashing/node-hashing.ts";
import type { ManifestFile } from "../../schemas/manifest.ts";

export type GitMerge = {
  readonly isClean: boolean;
  /** `mode oid path` of the merged tree. */
  readonly entries: readonly string[];
  /** Path → what git calls the conflict: `content`, `add/add`, `modify/delete` … */
  readonly conflicts: ReadonlyMap<string, string>;
};

const MAX_OUTPUT_BYTES = 1_024 * 1_048_576;
const REGULAR = /^100(?:644|755)$/;

export class GitRepository {
  readonly #folder: string;
  /** By bare SHA-256. */
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #factsByOid = new Map<string, Pick<ManifestFile, "sha256" | "sizeBytes">>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  readonly readFile = (sha256: string): Uint8Array | null => this.#blobs.get(sha256) ?? null;

  run(args: readonly string[], input?: string | Uint8Array): string {
    return this.#runRaw(args, input).toString("utf8");
  }

  /** The regular files of each commit; the contents are read in one go. */
  snapshots(commits: readonly string[]): ManifestFile[][] {
    const listings = commits.map((commit) => this.listTree(commit));
    const oids = listings.flat().map((entry) => entry.oid);
    this.#load([...new Set(oids)].filter((oid) => !this.#factsByOid.has(oid)));
    return listings.map((listing) =>
      listing.map(({ mode, oid, path }) => {
        const facts = this.#factsByOid.get(oid);
        if (facts === undefined) throw new Error(`git gave no ${oid}`);
        return { path, mode: mode === "100755" ? "executable" : "file", ...facts };
      }),
    );
  }

  listTree(treeish: string): { readonly mode: string; readonly oid: string; readonly path: string }[] {
    return this.run(["ls-tree", "-r", "-z", "--full-tree", treeish])
      .split("\0")
      .flatMap((line) => {
        const [facts = "", path = ""] = line.split("\t");
        const [mode = "", , oid = ""] = facts.split(" ");
        return REGULAR.test(mode) ? [{ mode, oid, path }] : [];
      });
  }

  /** `mode oid path` as git would write our files. */
  entriesOf(files: readonly ManifestFile[], made: ReadonlyMap<string, Uint8Array>): string[] {
    return files.map(({ path, mode, sha256 }) => {
      const bytes = made.get(sha256) ?? this.#blobs.get(sha256);
      if (bytes === undefined) throw new Error(`no bytes of ${path}`);
      return `${mode === "executable" ? "100755" : "100644"} ${oidOf(bytes)} ${path}`;
    });
  }

  mergeBases(a: string, b: string): string[] {
    const found = spawnSync("git", ["merge-base", "--all", a, b], { cwd: this.#folder, encoding: "utf8" });
    return found.stdout.split("\n").filter((line) => line !== "");
  }

  merge(ours: string, theirs: string, followsRenames: boolean): GitMerge {
    const done = spawnSync(
      "git",
      [
        "-c",
        `merge.renames=${followsRenames}`,
        "merge-tree",
        "--write-tree",
        "-z",
        "--messages",
        ours,
        theirs,
      ],
      { cwd: this.#folder, encoding: "utf8", maxBuffer: MAX_OUTPUT_BYTES },
    );
    if (done.status !== 0 && done.status !== 1) throw new Error(`git merge-tree failed: ${done.stderr}`);
    const tree = done.stdout.slice(0, done.stdout.indexOf("\0"));
    const entries = this.listTree(tree).map(({ mode, oid, path }) => `${mode} ${oid} ${path}`);
    const conflicts = new Map<string, string>();
    // Fields are paths, type and message, in turn; the message names the kind and begins where it stands.
    const fields = done.stdout.split("\0");
    for (const [index, message] of fields.entries()) {
      const kind = /^CONFLICT \(([^)]+)\)/.exec(message)?.[1];
      const path = fields[index - 2];
      if (kind !== undefined && path !== undefined && message.includes(" ") && message.endsWith("\n")) {
        conflicts.set(path, kind);
      }
    }
    return { isClean: done.status === 0, entries, conflicts };
  }

  #load(oids: readonly string[]): void {
    if (oids.length === 0) return;
    const output = this.#runRaw(["cat-file", "--batch"], `${oids.join("\n")}\n`);
    let offset = 0;
    for (const oid of oids) {
      const headerEnd = output.indexOf("\n", offset);
      const sizeBytes = Number(output.toString("latin1", offset, headerEnd).split(" ")[2]);
      const bytes = new Uint8Array(output.subarray(headerEnd + 1, headerEnd + 1 + sizeBytes));
      const sha256 = nodeHashing.sha256HexSync?.(bytes) ?? "";
      this.#blobs.set(sha256, bytes);
      this.#factsByOid.set(oid, { sha256, sizeBytes });
      offset = headerEnd + 1 + sizeBytes + 1;
    }
  }

  #runRaw(args: readonly string[], input?: string | Uint8Array): Buffer {
    return execFileSync("git", args, {
      cwd: this.#folder,
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ["pipe", "pipe", "pipe"],
      ...(input === undefined ? {} : { input }),
    });
  }
}

function oidOf(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
