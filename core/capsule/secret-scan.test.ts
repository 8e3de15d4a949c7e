import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeCanaries } from "./secret-fixture.ts";
import { SECRET_LOOKBEHIND_BYTES, SECRET_REACH_BYTES, SECRET_RULES } from "./secret-rules.ts";
import { findSecrets, findSecretsInText, maskSecrets, SecretScan } from "./secret-scan.ts";

const SEED = 20_260_801;
const CANARIES = makeCanaries(SEED);
const FILLING = "const x = 1; // ünïcode \n";
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Rules and places, of a text that comes in chunks that end at these offsets. */
function scanInChunks(bytes: Uint8Array, cuts: readonly number[], blockBytes: number): string[] {
  const scan = new SecretScan(blockBytes);
  let at = 0;
  for (const cut of [...new Set(cuts)].sort((a, b) => a - b).concat(bytes.length)) {
    scan.add(bytes.subarray(at, cut));
    at = cut;
  }
  return describeFindings(scan.finish());
}

function describeFindings(findings: ReturnType<typeof findSecrets>): string[] {
  return findings.map(({ rule, offset, sizeBytes }) => `${rule.id}@${offset}+${sizeBytes}`);
}

describe("looking for secrets", () => {
  it("[C8] knows at least twenty shapes of tokens, each with an id of its own, a description and a source", () => {
    expect(SECRET_RULES.length).toBeGreaterThan(40);
    expect(new Set(SECRET_RULES.map(({ id }) => id)).size).toBe(SECRET_RULES.length);
    for (const { id, description, source } of SECRET_RULES) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(description).toMatch(/^(?:a|an) /);
      expect(source, id).not.toBe("");
    }
    const covered = new Set(CANARIES.map(({ rule }) => rule));
    expect(SECRET_RULES.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it.each(CANARIES.map(({ rule, text }, index) => ({ rule, text, index })))(
    "[C8] finds $rule ($index) in code, at a start, at an end, among bytes that are no text",
    ({ rule, text }) => {
      for (const whole of [text, `const t = "${text}";\n`, `A=${text}\n`, `x ${text}`]) {
        const found = findSecretsInText(whole);
        expect(
          found.map((finding) => finding.rule.id),
          whole,
        ).toContain(rule);
        for (const { offset, sizeBytes } of found)
          expect(offset + sizeBytes).toBeLessThanOrEqual(whole.length);
      }
      const bytes = new Uint8Array([0, 255, 0xc3, 0x28, ...encode(text), 0, 200]);
      expect(findSecrets(bytes).map((finding) => finding.rule.id)).toContain(rule);
    },
  );

  it.each(
    CANARIES.filter(({ rule }) =>
      ["github-token", "oursynth-token", "grafana-token", "age-key"].includes(rule),
    ),
  )("[C8] takes $rule for a secret only when its checksum is right", ({ text }) => {
    const at = text.length - 4;
    const other = text[at] === "8" ? "9" : "8";
    expect(findSecretsInText(text.slice(0, at) + other + text.slice(at + 1))).toEqual([]);
  });

  it.each([
    [
      "a placeholder",
      `ghp_${"x".repeat(36)} sk_live_${"x".repeat(24)} AKIA${"A".repeat(16)} SK${"0".repeat(32)}`,
    ],
    [
      "AWS's documented examples",
      `AKIAIOSFODNN7${"EXAMPLE"}\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${"EXAMPLEKEY"}`,
    ],
    [
      "a reference to a secret",
      `CLOUDFLARE_API_TOKEN: \${{ secrets.CLOUDFLARE_API_TOKEN }}\n//r/:_authToken=\${NPM_TOKEN}`,
    ],
    [
      "names that begin like tokens",
      "npm_config_registry npm_package_version task-proj-x hf_hub_download key-value-store",
    ],
    ["a word in front", `pre${CANARIES.find(({ rule }) => rule === "npm-token")?.text}`],
    ["an account's key that is not 64 bytes", `AccountKey=${"Ab1/".repeat(10)}==`],
  ])("[C8] leaves %s alone", (_what, text) => {
    expect(describeFindings(findSecretsInText(text))).toEqual([]);
  });

  it("[C8] finds the same at whatever boundary a text is cut", () => {
    const piece = fc.oneof(
      fc.constantFrom(...CANARIES.map(({ text }) => text)),
      fc.constantFrom(FILLING, "-----", "\n", '"', "ghp_", "sk-", "eyJ", "BEGIN "),
      fc.nat(SECRET_REACH_BYTES + 200).map((count) => FILLING.repeat(200).slice(0, count)),
      fc.string({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(0, 1, 63, 1_000, 70_000),
        (pieces, places, extraBytes) => {
          const bytes = encode(pieces.join(""));
          const cuts = places.map((place) => place % (bytes.length + 1));
          expect(scanInChunks(bytes, cuts, 64 + extraBytes)).toEqual(describeFindings(findSecrets(bytes)));
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("[C8] finds a secret that is cut at each of its bytes", () => {
    const text = CANARIES.map((canary) => canary.text).join("\n");
    const bytes = encode(text);
    const whole = describeFindings(findSecrets(bytes));
    expect(whole.length).toBeGreaterThanOrEqual(CANARIES.length);
    for (let cut = 0; cut <= bytes.length; cut += 7) expect(scanInChunks(bytes, [cut], 64)).toEqual(whole);
    expect(scanInChunks(bytes, [...bytes.keys()], 64)).toEqual(whole);
  });

  it("[C8] has no rule that looks further than a scan keeps", () => {
    for (const { pattern } of SECRET_RULES) {
      const before = /\(\?<before>[^)]*?\{(?:\d+,)?(\d+)\}\)/.exec(pattern.source)?.[1];
      expect(Number(before ?? 0)).toBeLessThan(SECRET_LOOKBEHIND_BYTES);
      expect(pattern.sticky).toBe(true);
    }
  });

  it("[C8] masks every secret in a text, whole, and nothing else of it", () => {
    for (const { text } of CANARIES) {
      const masked = maskSecrets(`ü before ${text} behind`);
      expect(masked.startsWith("ü before ")).toBe(true);
      for (const part of text.split(/[\s"=]+/).filter((word) => word.length > 20))
        expect(masked).not.toContain(part);
    }
    expect(maskSecrets("nothing here")).toBe("nothing here");
  });

  it("[C8] stops at a hundred findings", () => {
    const text = `${CANARIES.find(({ rule }) => rule === "npm-token")?.text}\n`.repeat(500);
    expect(findSecretsInText(text)).toHaveLength(100);
    const scan = new SecretScan();
    scan.add(encode(text));
    expect(scan.finish()).toHaveLength(100);
  });
});
