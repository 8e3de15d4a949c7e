// What an event says, in one short line: people follow a timeline by reading it, in a terminal and in the Studio.

import type { TimelineEvent } from "../../schemas/event.ts";
import { fingerprintOf } from "../signing/fingerprint.ts";

const MAX_CHARACTERS = 120;
const SHORT_DIGEST_CHARACTERS = 19;

/** The gist of an event's data; what this version does not know is shown as it is. */
export function describeEvent({ type, data }: TimelineEvent): string {
  if (data === null) return "(erased)";
  const text = describeKnown(type, data) ?? JSON.stringify(data);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}

function describeKnown(type: string, data: Readonly<Record<string, unknown>>): string | null {
  const value = (name: string): string => short(data[name]);
  const key = (name: string): string => fingerprintOf(String(data[name] ?? ""));
  switch (type) {
    case "project.created":
      return value("label");
    case "project.updated":
      return JSON.stringify(data.changes);
    case "trust.changed":
      return `${value("change")} ${key("keyId")}, revision ${value("revision")}`;
    case "key.rotated":
      return `${key("keyId")}, now ${key("successorKeyId")}, revision ${value("revision")}: ${value("reason")}`;
    case "key.revoked":
      return `${key("keyId")}, revision ${value("revision")}: ${value("reason")}`;
    case "secret.set":
    case "secret.removed":
      return `${value("name")} in ${value("env")}`;
    case "capsule.accepted":
      return `${value("urn")} ${value("capsuleDigest")}, ${value("fileCount")} files`;
    case "statement.added":
      return `about ${value("capsuleDigest")}`;
    case "commit.created":
      return `${value("branch")}: ${value("message")}`;
    case "branch.created":
      return `${value("branch")} from ${value("from")} at ${value("at")}`;
    case "branch.restored":
      return `${value("branch")} as it was at ${value("at")}`;
    case "capsule.deploy.started":
    case "capsule.deploy.accepted":
      return `${value("capsuleDigest")} to ${value("env")}`;
    case "run.updated":
      return `${value("phase")} for ${value("env")}`;
    case "capsule.deploy.completed":
      return `${value("env")} runs ${value("artifactDigest")}`;
    case "capsule.deploy.failed":
      return `${value("env")}, while ${value("phase")}: ${failureOf(data.failure)}`;
    case "environment.activated":
      return `${value("env")} points at ${value("artifactDigest")}, revision ${value("revision")}`;
    case "confirmation.asked":
    case "confirmation.confirmed":
    case "confirmation.refused":
    case "confirmation.voided":
      return value("sentence");
    case "gate.decided":
      return `${value("env")}: ${value("message")}`;
    case "policy.changed":
      return `${value("env")}, revision ${value("revision")}`;
    case "mesh.started":
      return `${value("capsuleDigest")} on ${value("nodeCount")} nodes, ${value("seedCount")} seeds`;
    case "mesh.sealed":
      return `${value("outcome")} for ${value("capsuleDigest")}`;
    case "mesh.failed":
      return `${value("status")}: ${failureOf(data.failure)}`;
    default:
      return null;
  }
}

function failureOf(failure: unknown): string {
  if (typeof failure !== "object" || failure === null || !("message" in failure)) return "cancelled";
  return String(failure.message);
}

/** A digest is known by its first characters; everything else is shown whole. */
function short(value: unknown): string {
  const text = String(value ?? "–");
  return /^sha256:[0-9a-f]{64}$/.test(text) ? text.slice(0, SHORT_DIGEST_CHARACTERS) : text;
}
