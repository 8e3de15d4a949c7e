// What a scenario should show (MESH.md M11): sentences of a small grammar, held against how a run ended. They never turn
// a fail into a pass.
import type { FinalState } from "./run-report.ts";

export type ExpectedOf = {
  readonly outcome: "pass" | "fail";
  /** The first word of each reason, such as `not-healthy`. */
  readonly codes: readonly string[];
  readonly finalStates: readonly FinalState[];
};

const OUTCOME = /^outcome is (pass|fail)$/;
const FAILS = /^fails with ([a-z-]+)$/;
const NODE = /^(node-\d+|every node) (is healthy|halts)(?: with ([a-z-]+))?$/;

/** Whether all of them came true; null when nothing was expected. The schema has checked the grammar. */
export function areExpectationsMet(expected: readonly string[], ended: ExpectedOf): boolean | null {
  return expected.length === 0 ? null : expected.every((sentence) => isMet(sentence, ended));
}

function isMet(sentence: string, { outcome, codes, finalStates }: ExpectedOf): boolean {
  const wanted = OUTCOME.exec(sentence);
  if (wanted !== null) return wanted[1] === outcome;
  const code = FAILS.exec(sentence)?.[1];
  if (code !== undefined) return codes.includes(code);
  const [, who, what, reason] = NODE.exec(sentence) ?? [];
  const nodes = finalStates.filter(({ node }) => who === "every node" || who === node);
  return nodes.length > 0 && nodes.every((state) => isInState(state, what === "halts", reason));
}

function isInState(state: FinalState, mustBeHalted: boolean, reason: string | undefined): boolean {
  if (!mustBeHalted) return state.phase === "healthy";
  return state.phase === "halted" && (reason === undefined || reason === state.haltReason);
}
