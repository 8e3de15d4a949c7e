// Which paths a capsule may hold, so that it unpacks to the same tree on every file system (CAPSULE.md C5).
import { fail, ok, type Result } from "../../schemas/result.ts";
import { CAPSULE_LIMITS } from "./limits.ts";

export type PathReason = {
  readonly code:
    | "empty"
    | "too-long"
    | "too-many-segments"
    | "lone-surrogate"
    | "not-nfc"
    | "empty-segment"
    | "dot-segment"
    | "character"
    | "segment-end"
    | "device-name";
  readonly message: string;
};

export type PathCollision = {
  readonly code: "duplicate" | "case" | "through-file";
  readonly path: string;
  readonly other: string;
};

const encoder = new TextEncoder();
/** Plain ASCII without anything that C5 forbids; dots, spaces and device names are looked at apart. */
const PLAIN_PATH = /^[!#-)+-.0-9;=@-[\]-{}~^_`]+(?:\/[!#-)+-.0-9;=@-[\]-{}~^_`]+)*$/;
const SUSPICIOUS_SEGMENT =
  /(?:^|\/)(?:\.{1,2}(?:\/|$)|(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)\d)(?:[./]|$))|\.(?:\/|$)/i;
const FORBIDDEN_CHARACTER = /[\\:*?"<>|\p{Cc}]/u;
const BEYOND_ASCII = /[^ -~]/;
/** Windows takes these for devices with any extension and after any spaces before the dot. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/** Checks one path against every rule of CAPSULE.md C5 that needs no other path. */
export function checkPath(path: string): Result<string, PathReason> {
  if (PLAIN_PATH.test(path) && !SUSPICIOUS_SEGMENT.test(path) && path.length <= CAPSULE_LIMITS.pathBytes) {
    return checkSegmentCount(path);
  }
  if (path === "") return reject("empty", "a path is empty");
  if (!path.isWellFormed()) return reject("lone-surrogate", "a path holds a lone surrogate");
  if (encoder.encode(path).length > CAPSULE_LIMITS.pathBytes) {
    return reject("too-long", `${path.slice(0, 80)}… is longer than ${CAPSULE_LIMITS.pathBytes} bytes`);
  }
  if (path.normalize("NFC") !== path) return reject("not-nfc", `${path} is not in Unicode form NFC`);
  for (const segment of path.split("/")) {
    const reason = reasonAgainstSegment(segment);
    if (reason !== null) return reject(reason, `${JSON.stringify(path)}: ${SEGMENT_MESSAGES[reason]}`);
  }
  return checkSegmentCount(path);
}

/**
 * The first two paths that cannot both lie in one folder everywhere (CAPSULE.md C5), or null. Takes time in
 * proportion to the text: a folder that was seen is not looked at again.
 */
export function findCollision(paths: readonly string[]): PathCollision | null {
  const seen: SeenPaths = { byFolded: new Map(), folders: new Set() };
  for (const path of paths) {
    const collision = addPath(path, seen);
    if (collision !== null) return collision;
  }
  return null;
}

/** Orders paths by their UTF-8 bytes, which is code point order (CAPSULE.md C4); UTF-16 order differs from it. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
  }
  return a.length - b.length;
}

type SegmentCode = "empty-segment" | "dot-segment" | "character" | "segment-end" | "device-name";

const SEGMENT_MESSAGES: Readonly<Record<SegmentCode, string>> = {
  "empty-segment": "a segment is empty, or the path begins or ends with a slash",
  "dot-segment": "a segment is . or ..",
  character: 'it holds one of \\ : * ? " < > | or a control character',
  "segment-end": "a segment ends in a dot or a space",
  "device-name": "a segment is a device name on Windows",
};

type SeenPaths = {
  /** Folded prefix → how it was first spelled, and as what. */
  readonly byFolded: Map<string, { readonly spelled: string; readonly isFile: boolean }>;
  readonly folders: Set<string>;
};

function reasonAgainstSegment(segment: string): SegmentCode | null {
  if (segment === "") return "empty-segment";
  if (segment === "." || segment === "..") return "dot-segment";
  if (FORBIDDEN_CHARACTER.test(segment)) return "character";
  if (segment.endsWith(".") || segment.endsWith(" ")) return "segment-end";
  return DEVICE_NAME.test(segment) ? "device-name" : null;
}

function checkSegmentCount(path: string): Result<string, PathReason> {
  let count = 1;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) count++;
  if (count <= CAPSULE_LIMITS.pathSegments) return ok(path);
  return reject(
    "too-many-segments",
    `${path.slice(0, 80)}… has more than ${CAPSULE_LIMITS.pathSegments} segments`,
  );
}

function reject(code: PathReason["code"], message: string): Result<string, PathReason> {
  return fail({ code, message });
}

function addPath(path: string, seen: SeenPaths): PathCollision | null {
  const own = addPrefix(path, true, seen);
  if (own !== null) return own;
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    if (seen.folders.has(folder)) return null;
    const collision = addPrefix(folder, false, seen);
    if (collision !== null) return { ...collision, path };
    seen.folders.add(folder);
  }
  return null;
}

function addPrefix(prefix: string, isFile: boolean, seen: SeenPaths): PathCollision | null {
  const key = foldPath(prefix);
  const known = seen.byFolded.get(key);
  if (known === undefined) {
    seen.byFolded.set(key, { spelled: prefix, isFile });
    return null;
  }
  if (known.spelled !== prefix) return { code: "case", path: prefix, other: known.spelled };
  if (known.isFile !== isFile) return { code: "through-file", path: prefix, other: known.spelled };
  return isFile ? { code: "duplicate", path: prefix, other: prefix } : null;
}

/** NFKC can bring in a slash (℀ becomes a/c): it must not pass for one that divides segments. */
function foldPath(prefix: string): string {
  if (!BEYOND_ASCII.test(prefix)) return prefix.toLowerCase();
  const segments = prefix.split("/");
  const folded = segments.map((segment) =>
    segment.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("/", "\0"),
  );
  return folded.join("/");
}

/** Surrogates stand for code points above U+FFFF, so they rank after U+E000 to U+FFFF. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
