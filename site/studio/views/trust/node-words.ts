// A node of the chain in words: what it is, what its statement is called, how it stands.

import type { ProvenanceEdge, ProvenanceNode } from "../../../../schemas/provenance.ts";
import {
  PREDICATE_DEPLOY,
  PREDICATE_MESH_SIM,
  PREDICATE_PROVENANCE,
  PREDICATE_RECEIPT,
  PREDICATE_VSA,
} from "../../../../schemas/statement.ts";
import type { Tone } from "../../../halo/badge.tsx";
import type { IconName } from "../../../halo/icon.tsx";

const KINDS: Readonly<Record<ProvenanceNode["kind"], { readonly words: string; readonly icon: IconName }>> = {
  capsule: { words: "Capsule", icon: "capsule" },
  statement: { words: "Statement", icon: "file" },
  simulation: { words: "Rehearsal", icon: "mesh" },
  decision: { words: "Gate", icon: "shield" },
  deploy: { words: "Deploy", icon: "rocket" },
  environment: { words: "Live", icon: "pulse" },
};

const PREDICATES: ReadonlyMap<string, string> = new Map([
  [PREDICATE_PROVENANCE, "Build provenance"],
  [PREDICATE_MESH_SIM, "Sealed rehearsal"],
  [PREDICATE_DEPLOY, "Deploy"],
  [PREDICATE_VSA, "Gate's verification summary"],
  [PREDICATE_RECEIPT, "Receipt of the log"],
]);

const MEANINGS: Readonly<Record<ProvenanceEdge["means"], string>> = {
  "derived-from": "became",
  "stated-by": "stated by",
  "rehearsed-by": "rehearsed by",
  "decided-on": "decided on",
  allowed: "allowed",
  "deployed-as": "deployed as",
  "live-in": "live in",
};

export function describeKind({ kind }: ProvenanceNode): string {
  return KINDS[kind].words;
}

export function iconOf({ kind }: ProvenanceNode): IconName {
  return KINDS[kind].icon;
}

/** A predicate type that nobody here knows is said as it stands. */
export function describePredicate(predicateType: string): string {
  return PREDICATES.get(predicateType) ?? predicateType;
}

export function describeNode(node: ProvenanceNode): string {
  if (node.kind === "statement") return describePredicate(node.label);
  // Of many that are named alike.
  if (node.kind === "simulation" && node.digest !== null) return `${node.label} ${node.digest.slice(0, 6)}`;
  return node.label.replace(/^urn:oursynth:app:/, "");
}

export function describeMeaning({ means }: ProvenanceEdge): string {
  return MEANINGS[means];
}

/** Bad when something that it rests on does not hold; else by what it says itself. */
export function toneOf(node: ProvenanceNode, edges: readonly ProvenanceEdge[]): Tone {
  const own = edges.filter(({ from, to, means }) => (means === "derived-from" ? from : to) === node.id);
  if (own.some(({ holds }) => !holds)) return "bad";
  switch (node.kind) {
    case "environment":
      return "live";
    case "simulation":
      return node.label.endsWith("fail") ? "warn" : "good";
    case "decision":
      return node.label.includes("refused") ? "warn" : "good";
    case "deploy":
      return "info";
    case "capsule":
    case "statement":
      return "neutral";
  }
}
