// What a check of a `.caps` comes to, in words: nothing is called verified that was not.
import { findDecidingStep } from "../../core/capsule/deciding-step.ts";
import { fingerprintOf } from "../../core/signing/fingerprint.ts";
import type { TrustKey } from "../../schemas/trust.ts";
import type { VerificationStep } from "../../schemas/verification.ts";
import type { CapsCheck, CapsTrust } from "./verify-caps.ts";

/** `verified`: whole and signed by whom it takes. `unproven`: every byte is right, but who stands for it is open. */
export type CapsStanding = "verified" | "unproven" | "broken";

export type CapsVerdict = {
  readonly standing: CapsStanding;
  readonly title: string;
  readonly explanation: string;
};

/** A key that signed something that the container carries. */
export type Signer = {
  readonly keyId: string;
  readonly fingerprint: string;
  /** Null for a key that is not at hand. */
  readonly name: string | null;
  /** `trusted` has a role; `known` was checked and has none; `unknown` could not be checked. */
  readonly standing: "trusted" | "known" | "unknown";
  readonly roles: TrustKey["roles"];
  readonly isRetired: boolean;
};

/** These say who stands for a capsule; every other step is about its bytes. */
const STEPS_ABOUT_SIGNERS: readonly VerificationStep["id"][] = ["thresholds"];

/** Those whose signatures the container carries, trusted ones first. */
export function findSigners(
  { statements }: Pick<CapsCheck, "statements">,
  { trust, known }: CapsTrust,
): readonly Signer[] {
  const keyIds = [...new Set(statements.flatMap((statement) => statement.keyIds))];
  const signers = keyIds.map((keyId): Signer => {
    const key = trust?.keys.find((candidate) => candidate.keyId === keyId);
    // Without any trusted key nothing was checked, whatever is known.
    const familiar = trust === null ? undefined : known.find((candidate) => candidate.keyId === keyId);
    const roles = key?.roles ?? [];
    const isAtHand = key !== undefined || familiar !== undefined;
    return {
      keyId,
      fingerprint: fingerprintOf(keyId),
      name: key?.name ?? familiar?.name ?? null,
      standing: roles.length > 0 ? "trusted" : isAtHand ? "known" : "unknown",
      roles,
      isRetired: key?.state !== undefined,
    };
  });
  const order: readonly Signer["standing"][] = ["trusted", "known", "unknown"];
  return signers.sort((a, b) => order.indexOf(a.standing) - order.indexOf(b.standing));
}

/** The verdict of a check. @param truster who was asked for their keys: "this project", "you" */
export function judgeCaps(check: CapsCheck, given: CapsTrust, truster: string): CapsVerdict {
  const { report } = check;
  if (report.verdict === "pass") {
    return {
      standing: "verified",
      title: "Verified",
      explanation: `Every byte is what the manifest says, and it is signed by whom ${truster} ${trusts(truster)}.`,
    };
  }
  const failed = report.steps.find(
    ({ id, status }) => status === "fail" && !STEPS_ABOUT_SIGNERS.includes(id),
  );
  if (failed !== undefined) return sayBroken(failed);
  return { standing: "unproven", ...sayUnproven(check, given, truster) };
}

function sayBroken(step: VerificationStep): CapsVerdict {
  const explanation = `Believe nothing of what this file says. “${step.title}” failed: ${step.message ?? step.code ?? "no reason was given"}.`;
  return { standing: "broken", title: "Not what it says it is", explanation };
}

function sayUnproven(
  check: CapsCheck,
  given: CapsTrust,
  truster: string,
): Pick<CapsVerdict, "title" | "explanation"> {
  const signers = findSigners(check, given);
  const thresholds = check.report.steps.find(({ id }) => id === "thresholds");
  if (signers.length === 0) {
    return {
      title: "Whole, but signed by nobody",
      explanation: "Every byte is what the manifest says. Nobody stands for it.",
    };
  }
  if (given.trust === null) {
    const explanation =
      "Every byte is what the manifest says. No key was given, so that no signature could be checked.";
    return { title: "Whole; nobody's signature was checked", explanation };
  }
  if (thresholds?.code === "needs-receipt") {
    const explanation = `${thresholds.message ?? ""} Download it with its receipts to decide it.`.trim();
    return { title: "Whole, but signed by a key that is retired", explanation };
  }
  if (signers.some(({ standing }) => standing === "trusted")) {
    const counts = [thresholds?.expected, thresholds?.actual]
      .filter((count) => count !== undefined)
      .join(", there are ");
    const explanation = `Every byte is what the manifest says. Signatures are missing${counts === "" ? "" : `: needed are ${counts}`}.`;
    return { title: "Whole, but too few have signed", explanation };
  }
  if (signers.some(({ standing }) => standing === "known")) {
    return {
      title: `Signatures valid, but by nobody ${truster} ${trusts(truster)}`,
      explanation:
        "Every byte is what the manifest says. The keys that signed it are known here and have no role.",
    };
  }
  if (thresholds?.status === "fail") {
    return {
      title: `Whole, but signed by nobody ${truster} ${trusts(truster)}`,
      explanation:
        "Every byte is what the manifest says. The keys that signed it are not at hand: a capsule carries their fingerprints, not the keys, so that these signatures could not be checked.",
    };
  }
  const open = findDecidingStep(check.report);
  return {
    title: "Not decidable",
    explanation: `${open?.title ?? "A step"} could not be checked: ${open?.message ?? ""}`,
  };
}

function trusts(truster: string): string {
  return truster === "you" ? "trust" : "trusts";
}
