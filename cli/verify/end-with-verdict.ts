// How a verification ends: by the exit code of its verdict.
import type { TrustRecord } from "../../schemas/trust.ts";
import type { VerificationReport } from "../../schemas/verification.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_FAILED, EXIT_USAGE } from "../output/cli-error.ts";

const EXIT_CODES = { pass: 0, fail: EXIT_FAILED, undecidable: EXIT_USAGE } as const;

/** Exit 0 pass, 1 fail, 2 not decidable; says so when it is undecidable because nobody was trusted. */
export function endWithVerdict(
  context: CommandContext,
  verdict: VerificationReport["verdict"],
  trust: TrustRecord | null,
): void {
  if (trust === null && verdict === "undecidable") {
    context.reporter.note(
      "No key was given, so nobody vouches for it. Give --key FILE, --pub BASE64, --trust FILE or CAPSULE_PUBLIC.",
    );
  }
  context.setExitCode(EXIT_CODES[verdict]);
}
