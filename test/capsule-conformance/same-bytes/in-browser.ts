// Bundled for a page, which then asks for the bytes by name.
import { makeBytes } from "./make-bytes.ts";

Object.assign(globalThis, { makeBytes });
