// A prod action needs a person in a browser: a token can only ask (API.md, confirmations). What was asked is stored, and
// confirming carries it out; here it is said again in full, with the place to answer.
import { confirmationNeededSchema } from "../../schemas/api/deploys.ts";
import type { RestatedRelease, Restatement } from "../../schemas/restatement.ts";
import { CliError } from "../output/cli-error.ts";
import { printable } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { ProblemError } from "./client.ts";

const MAX_LISTED_FILES = 20;

/** The answer; where a person must confirm, a CliError `confirmation-needed` (exit 1) after saying what it is about. */
export async function askForProd<Answer>(reporter: Reporter, act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 428) throw error;
    const asked = confirmationNeededSchema.safeParse(error.problem);
    if (!asked.success) throw error;
    const { restatement, url, expiresAt, confirmationId } = asked.data;
    for (const line of restatementLines(restatement)) reporter.note(line);
    throw new CliError(`A person must confirm this: ${restatement.sentence}`, {
      code: "confirmation-needed",
      hint: `Answer until ${new Date(expiresAt).toISOString()} at ${url} (${confirmationId}); confirming carries it out.`,
      details: error.problem,
      cause: error,
    });
  }
}

/** The sentence, what differs from what is live, what the gate says. Names, never values. */
export function restatementLines({ sentence, release, policy }: Restatement): string[] {
  return [
    printable(sentence),
    ...(release === null ? [] : releaseLines(release)),
    ...(policy === null
      ? []
      : [
          `  policy before: ${JSON.stringify(policy.before)}`,
          `  policy after:  ${JSON.stringify(policy.after)}`,
        ]),
  ];
}

function releaseLines({
  live,
  branch,
  commitSeq,
  capsuleDigest,
  changes,
  hostnames,
  gate,
}: RestatedRelease): string[] {
  const { files, settings, variables, secrets } = changes;
  const shown = files.lines.slice(0, MAX_LISTED_FILES);
  const fileCount = files.addedCount + files.modifiedCount + files.removedCount;
  const left = fileCount - shown.length;
  const from =
    branch === null ? "" : ` (branch ${branch}${commitSeq === null ? "" : `, commit ${commitSeq}`})`;
  return [
    `  capsule   ${capsuleDigest}${printable(from)}`,
    `  live now  ${live === null ? "nothing" : `${live.capsuleDigest} (revision ${live.revision})`}`,
    `  files     ${files.addedCount} added, ${files.modifiedCount} modified, ${files.removedCount} removed`,
    ...shown.map((line) => `            ${printable(line)}`),
    ...(left > 0 ? [`            and ${left} more`] : []),
    ...listed("settings ", settings),
    ...listed("variables", variables),
    ...listed("secrets  ", secrets),
    ...listed("hostnames", hostnames),
    `  gate      ${printable(gate.message)}`,
  ];
}

function listed(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`  ${name} ${printable(values.join(", "))}`];
}
