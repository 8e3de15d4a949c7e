// The version of this command line: that of the package it lies in.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the checkout. */
export const CHECKOUT = join(import.meta.dirname, "..");

export const CLI_VERSION: string = readVersion();

function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8"));
  const isPackage = typeof parsed === "object" && parsed !== null && "version" in parsed;
  return isPackage && typeof parsed.version === "string" ? parsed.version : "0.0.0";
}
