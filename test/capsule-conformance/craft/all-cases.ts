// Every case of the conformance suite, crafted; and the keys that a verifier is given for all of them.
import { fixtureKey, trustIn } from "../../../core/capsule/capsule-fixture.ts";
import type { TrustRecord } from "../../../schemas/trust.ts";
import { type ConformanceCase, finishCase } from "./conformance-case.ts";
import { HEADER_CASES } from "./header-cases.ts";
import { LAYOUT_CASES } from "./layout-cases.ts";
import { MANIFEST_CASES } from "./manifest-cases.ts";
import { PATH_CASES } from "./path-cases.ts";
import { STATEMENT_CASES } from "./statement-cases.ts";
import { VALID_CASES } from "./valid-cases.ts";

const TRUSTED_KEYS = [1, 2];

export async function craftAllCases(): Promise<readonly ConformanceCase[]> {
  const drafts = [
    ...VALID_CASES,
    ...PATH_CASES,
    ...LAYOUT_CASES,
    ...HEADER_CASES,
    ...MANIFEST_CASES,
    ...STATEMENT_CASES,
  ];
  const cases: ConformanceCase[] = [];
  for (const draft of drafts) cases.push(await finishCase(draft));
  const names = new Set(cases.map(({ name }) => name));
  if (names.size !== cases.length) throw new Error("two cases have one name");
  return cases;
}

/** Two builders; one signature is enough. */
export async function conformanceTrust(): Promise<TrustRecord> {
  return trustIn(await Promise.all(TRUSTED_KEYS.map(fixtureKey)));
}
