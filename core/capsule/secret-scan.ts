// Looks for secrets in bytes as they stream by, in constant memory, and finds the same however they are cut (C8).
// The bytes are not decoded: a table over pairs of bytes (after Wu and Manber, 1994) tells where an anchor may stand, and
// only the few places where one does are read as text.
import { isPlaceholder } from "./secret-checks.ts";
import {
  SECRET_LOOKBEHIND_BYTES,
  SECRET_REACH_BYTES,
  SECRET_RULES,
  type SecretRule,
} from "./secret-rules.ts";

export type SecretFinding = {
  readonly rule: SecretRule;
  /** Where it begins in the whole. */
  readonly offset: number;
  readonly sizeBytes: number;
};

/** Findings of one scan; the rest would say nothing new. */
const MAX_FINDINGS = 100;
const BLOCK_BYTES = 262_144;
/** So many bytes of an anchor are searched for: its rarest ones, see `chooseKeyOffset`. */
const KEY_BYTES = 3;
/** What stays in the buffer in front of the next key: what a rule looks back over, and the anchor's part before it. */
const KEPT_BYTES = SECRET_LOOKBEHIND_BYTES + 64;
const PAIR_COUNT = 65_536;
/** What texts are made of, the most common first. */
const COMMON_CHARACTERS = ' "etaoinsrhldcumfpgwybvkxjqz';
const FIRST = 1;
const SECOND = 2;
/** The character that stands for all beyond Latin-1, which no rule names. */
const OTHER_CHARACTER = 0xff;

type Anchor = { readonly rule: SecretRule; readonly bytes: Uint8Array; readonly keyOffset: number };

/** Fed in chunks of any size. */
export class SecretScan {
  readonly #buffer: Uint8Array;
  readonly #findings: SecretFinding[] = [];
  /** How far the buffer is filled, and from where on anchors are still to be looked for. */
  #filled = 0;
  #next = 0;
  /** Where the buffer begins in the whole. */
  #base = 0;

  /** @param blockBytes how much is kept at once beside what a shape may reach over */
  constructor(blockBytes = BLOCK_BYTES) {
    this.#buffer = new Uint8Array(KEPT_BYTES + SECRET_REACH_BYTES + blockBytes);
  }

  add(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + this.#buffer.length - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === this.#buffer.length) this.#scanUpTo(this.#filled - SECRET_REACH_BYTES);
    }
  }

  /** Everything found, in order of place; ends the scan. */
  finish(): readonly SecretFinding[] {
    this.#scanUpTo(this.#filled);
    return this.#findings.sort(byPlace);
  }

  /** Judges each anchor whose key begins before `end` with all that it may reach over, then keeps what the next ones need. */
  #scanUpTo(end: number): void {
    scanRange(this.#buffer.subarray(0, this.#filled), this.#next, end, (finding) => {
      if (this.#findings.length < MAX_FINDINGS)
        this.#findings.push({ ...finding, offset: this.#base + finding.offset });
    });
    const keptFrom = Math.max(0, end - KEPT_BYTES);
    this.#buffer.copyWithin(0, keptFrom, this.#filled);
    this.#base += keptFrom;
    this.#filled -= keptFrom;
    this.#next = end - keptFrom;
  }
}

/** Every secret whose shape is known in bytes at hand. */
export function findSecrets(bytes: Uint8Array): readonly SecretFinding[] {
  const findings: SecretFinding[] = [];
  scanRange(bytes, 0, bytes.length, (finding) => {
    if (findings.length < MAX_FINDINGS) findings.push(finding);
  });
  return findings.sort(byPlace);
}

/** The same in a text; offsets and sizes count its UTF-16 units. */
export function findSecretsInText(text: string): readonly SecretFinding[] {
  const units = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++)
    units[index] = Math.min(text.charCodeAt(index), OTHER_CHARACTER);
  return findSecrets(units);
}

/** What was found, in words that follow a name: `holds a GitHub token (github-token)`. */
export function describeFinding({ rule }: Pick<SecretFinding, "rule">): string {
  return `holds ${rule.description} (${rule.id})`;
}

/** The text with every secret in it replaced by the id of its rule: for messages that quote what they were given. */
export function maskSecrets(text: string): string {
  let masked = "";
  let end = 0;
  for (const { rule, offset, sizeBytes } of findSecretsInText(text)) {
    if (offset >= end) masked += `${text.slice(end, offset)}[${rule.id}]`;
    end = Math.max(end, offset + sizeBytes);
  }
  return masked + text.slice(end);
}

const ANCHORS = indexAnchors();
const PAIRS = buildPairs();
const decoder = new TextDecoder("latin1");

/** Anchors by their keys as one number. */
function indexAnchors(): ReadonlyMap<number, readonly Anchor[]> {
  const anchors = new Map<number, Anchor[]>();
  for (const rule of SECRET_RULES) {
    for (const text of rule.anchors) {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length < KEY_BYTES) throw new Error(`the anchor ${text} is too short`);
      const keyOffset = chooseKeyOffset(text);
      const key = keyAt(bytes, keyOffset);
      anchors.set(key, [...(anchors.get(key) ?? []), { rule, bytes, keyOffset }]);
    }
  }
  return anchors;
}

/** Where three bytes stand together whose pairs are rare in code and prose, so that few places are looked at twice. */
function chooseKeyOffset(anchor: string): number {
  let chosen = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset + KEY_BYTES <= anchor.length; offset++) {
    const [first, second, third] = [...anchor.slice(offset, offset + KEY_BYTES)].map(commonnessOf);
    const common = (first ?? 0) * (second ?? 0) + (second ?? 0) * (third ?? 0);
    if (common < lowest) {
      lowest = common;
      chosen = offset;
    }
  }
  return chosen;
}

/** From 1 for what is rare (capitals, digits, signs) up. */
function commonnessOf(character: string): number {
  const rank = COMMON_CHARACTERS.indexOf(character);
  return rank < 0 ? 1 : 1 + COMMON_CHARACTERS.length - rank;
}

/** For each pair of bytes: whether some key begins with it, and whether some key has it one byte later. */
function buildPairs(): Uint8Array {
  const pairs = new Uint8Array(PAIR_COUNT);
  for (const key of ANCHORS.keys()) {
    pairs[key >>> 8] = (pairs[key >>> 8] ?? 0) | FIRST;
    pairs[key & 0xffff] = (pairs[key & 0xffff] ?? 0) | SECOND;
  }
  return pairs;
}

function keyAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
}

/**
 * Judges every anchor whose key begins in `[start, end)`. Of a key's two pairs one begins at each second place, so only
 * every second pair is looked at, and no step waits for the one before.
 */
function scanRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  report: (finding: SecretFinding) => void,
): void {
  const pairs = PAIRS;
  // Reads never leave the array: a key that ends with it begins two bytes earlier.
  const last = Math.min(bytes.length - KEY_BYTES + 1, end);
  let index = start;
  for (; index < last; index += 2) {
    const kind = pairs[pairAt(bytes, index)] as number;
    if (kind === 0) continue;
    if ((kind & SECOND) !== 0 && index > start && ((pairs[pairAt(bytes, index - 1)] as number) & FIRST) !== 0)
      judge(bytes, index - 1, report);
    if ((kind & FIRST) !== 0 && ((pairs[pairAt(bytes, index + 1)] as number) & SECOND) !== 0)
      judge(bytes, index, report);
  }
  if (index === last && index > start) judge(bytes, index - 1, report);
}

function pairAt(bytes: Uint8Array, index: number): number {
  return ((bytes[index] as number) << 8) | (bytes[index + 1] as number);
}

/** Whether an anchor stands around this key, and a secret with it. */
function judge(bytes: Uint8Array, keyPlace: number, report: (finding: SecretFinding) => void): void {
  for (const anchor of ANCHORS.get(keyAt(bytes, keyPlace)) ?? []) {
    const at = keyPlace - anchor.keyOffset;
    if (at < 0 || !startsWithAt(bytes, at, anchor.bytes)) continue;
    const finding = match(bytes, at, anchor);
    if (finding !== null) report(finding);
  }
}

function startsWithAt(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[at + index] !== prefix[index]) return false;
  return true;
}

function match(bytes: Uint8Array, at: number, anchor: Anchor): SecretFinding | null {
  const { rule } = anchor;
  const from = Math.max(0, at - SECRET_LOOKBEHIND_BYTES);
  const text = decoder.decode(bytes.subarray(from, at + SECRET_REACH_BYTES));
  rule.pattern.lastIndex = at - from;
  const found = rule.pattern.exec(text);
  if (found === null) return null;
  const before = found.groups?.before ?? "";
  if (isPlaceholder(before + found[0].slice(anchor.bytes.length))) return null;
  if (rule.check !== undefined && !rule.check(found[0])) return null;
  return { rule, offset: at - before.length, sizeBytes: before.length + found[0].length };
}

function byPlace(a: SecretFinding, b: SecretFinding): number {
  return a.offset - b.offset;
}
