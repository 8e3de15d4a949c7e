// What a browser is told about a file: its type, how long it holds, whether packing it pays.
import { lookup } from "mrmime";

const FOREVER = "public, max-age=31536000, immutable";
const ASK_EACH_TIME = "public, max-age=0, must-revalidate";

const DEFAULT_TYPE = "application/octet-stream";
/** Types outside text/ that are text. */
const TEXTUAL =
  /^(?:text\/|application\/(?:javascript|json|xml|manifest\+json|[\w.-]+\+(?:json|xml))|image\/svg\+xml)/;
/** Types that are not text and still shrink. */
const SHRINKING =
  /^(?:application\/(?:wasm|vnd\.ms-fontobject)|font\/(?:ttf|otf|collection)|image\/(?:bmp|x-icon|vnd\.microsoft\.icon))/;

export type FileKind = { readonly contentType: string; readonly isCompressible: boolean };

const kinds = new Map<string, FileKind>();

/** By the name's extension. */
export function kindOf(path: string): FileKind {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const known = kinds.get(extension);
  if (known !== undefined) return known;
  const type = lookup(extension) ?? DEFAULT_TYPE;
  const isText = TEXTUAL.test(type);
  const kind = {
    contentType: isText ? `${type}; charset=utf-8` : type,
    isCompressible: isText || SHRINKING.test(type),
  };
  // Only known types are kept: an app may hold any number of made-up extensions.
  if (type !== DEFAULT_TYPE) kinds.set(extension, kind);
  return kind;
}

/** A name that carries a hash of its content means the same for ever; any other is asked for again. */
export function cacheControlOf(path: string): string {
  return isHashedName(path) ? FOREVER : ASK_EACH_TIME;
}

function isHashedName(path: string): boolean {
  if (path.endsWith(".html")) return false;
  const isInBuildFolder = /(?:^|\/)(?:_astro|assets)\//.test(path);
  const hash = /[.-]([A-Za-z0-9_-]{8,64})\.[A-Za-z0-9.]+$/.exec(path)?.[1];
  if (hash === undefined) return false;
  return isInBuildFolder ? looksLikeAnyHash(hash) : looksLikeSureHash(hash);
}

/** In a folder that only build tools fill, a last part with mixed letters or digits is a hash. */
function looksLikeAnyHash(text: string): boolean {
  const last = text.slice(-8);
  return /[0-9]/.test(last) ? /[A-Za-z]/.test(last) : /[A-Z]/.test(last.slice(1)) && /[a-z]/.test(last);
}

/** Elsewhere, words and dates must not be taken for one. */
function looksLikeSureHash(text: string): boolean {
  if (!/[0-9]/.test(text) || /[_-]/.test(text)) return false;
  return /^[0-9a-f]+$/.test(text) ? /[a-f]/.test(text) : /[A-Z]/.test(text) && /[a-z]/.test(text);
}
