// Secrets for tests, one of every shape that the rules know: made at run time, so that this repository holds none.
import { base62Checksum } from "./base62-checksum.ts";
import { toBase64 } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

export type Canary = { readonly rule: string; readonly text: string };

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const BASE62 = DIGITS + UPPER + LOWER;
const HEX = "0123456789abcdef";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** One of each rule, others with each seed. */
export function makeCanaries(seed: number): readonly Canary[] {
  const pick = picker(seed);
  const word = (count: number, alphabet = BASE62): string => pick(count, alphabet);
  const hex = (count: number): string => pick(count, HEX);
  const checked = (prefix: string, count: number): string => {
    const random = word(count);
    return `${prefix}_${random}${base62Checksum(random, crc32)}`;
  };
  const base64 = (count: number): string =>
    toBase64(Uint8Array.from({ length: count }, () => HEX.indexOf(hex(1)) * 16 + HEX.indexOf(hex(1))));
  const base64url = (value: object): string =>
    toBase64(new TextEncoder().encode(JSON.stringify(value)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");
  const grafana = word(32);
  const begin = (label: string): string => `${"-".repeat(5)}BEGIN ${label}${"-".repeat(5)}`;
  return [
    { rule: "private-key", text: `${begin("PRIVATE KEY")}\n${base64(48)}\n` },
    { rule: "private-key", text: `${begin("OPENSSH PRIVATE KEY")}\n${base64(48)}\n` },
    { rule: "private-key", text: `${begin("PGP PRIVATE KEY BLOCK")}\n\n${base64(48)}\n` },
    { rule: "private-key", text: `${begin("RSA PRIVATE KEY")}\\n${base64(48)}\\n` },
    {
      rule: "ssh2-private-key",
      text: `---- ${"BEGIN SSH2 ENCRYPTED PRIVATE KEY"} ----\nComment: "x"\n${base64(48)}\n`,
    },
    { rule: "putty-private-key", text: `${"Private-Lines"}: 1\n${base64(36)}\n` },
    { rule: "age-key", text: makeAgeKey(pick) },
    { rule: "gcp-service-account", text: `${'"private_key_id"'}: "${hex(40)}"` },
    { rule: "oursynth-token", text: checked("osk", 32) },
    { rule: "oursynth-login", text: `osl_${word(32)}.${base64(32)}` },
    ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => ({ rule: "github-token", text: checked(kind, 30) })),
    { rule: "github-fine-grained-token", text: `github_pat_${word(22)}_${word(59)}` },
    { rule: "gitlab-token", text: `glpat-${word(20)}` },
    { rule: "npm-token", text: `npm_${word(36)}` },
    { rule: "npm-auth-token", text: `//registry.example/:_authToken=${word(36)}` },
    { rule: "pypi-token", text: `pypi-AgEIcHlwaS5vcmc${word(60)}` },
    { rule: "rubygems-token", text: `rubygems_${hex(48)}` },
    { rule: "docker-hub-token", text: `dckr_pat_${word(27)}` },
    { rule: "aws-access-key", text: `AKIA${word(16, `${UPPER}234567`)}` },
    { rule: "aws-secret-key", text: `aws_secret_access_key = ${word(37)}a7B` },
    { rule: "google-api-key", text: `AIza${word(35)}` },
    { rule: "google-oauth-secret", text: `GOCSPX-${word(28)}` },
    { rule: "azure-storage-key", text: `AccountKey=${base64(64)}` },
    { rule: "cloudflare-token", text: `cfut_${word(40)}${hex(8)}` },
    { rule: "cloudflare-origin-ca-key", text: `v1.0-${hex(24)}-${hex(146)}` },
    { rule: "cloudflare-legacy-token", text: `CLOUDFLARE_API_TOKEN="${word(38)}a7"` },
    { rule: "digitalocean-token", text: `dop_v1_${hex(64)}` },
    { rule: "heroku-key", text: `HRKU-AA${word(58)}` },
    {
      rule: "heroku-legacy-key",
      text: `HEROKU_API_KEY=${hex(7)}a-${hex(4)}-${hex(4)}-${hex(4)}-${hex(11)}7`,
    },
    { rule: "fly-token", text: `fm2_${word(120)}` },
    { rule: "netlify-token", text: `nfp_${word(40)}` },
    { rule: "planetscale-token", text: `pscale_tkn_${word(43)}` },
    {
      rule: "supabase-service-key",
      text: [
        base64url({ alg: "HS256", typ: "JWT" }),
        base64url({ iss: "supabase", role: "service_role", exp: 1 }),
        word(43),
      ].join("."),
    },
    { rule: "supabase-secret-key", text: `sb_secret_${word(31)}` },
    { rule: "slack-token", text: `xoxb-${word(12, DIGITS)}-${word(12, DIGITS)}-${word(24)}` },
    { rule: "slack-app-token", text: `xapp-1-A${word(10, UPPER)}-${word(13, DIGITS)}-${hex(32)}` },
    {
      rule: "slack-webhook",
      text: `https://hooks.slack.com/services/T${word(8, UPPER)}/B${word(8, UPPER)}/${word(24)}`,
    },
    { rule: "discord-webhook", text: `https://discord.com/api/webhooks/${word(18, DIGITS)}/${word(68)}` },
    { rule: "telegram-bot-token", text: `${word(10, DIGITS)}:AA${word(33)}` },
    { rule: "twilio-key", text: `SK${hex(32)}` },
    { rule: "twilio-auth-token", text: `TWILIO_AUTH_TOKEN=${hex(30)}a7` },
    { rule: "sendgrid-key", text: `SG.${word(22)}.${word(43)}` },
    { rule: "mailgun-key", text: `key-${hex(32)}` },
    { rule: "mailchimp-key", text: `${hex(32)}-us12` },
    { rule: "brevo-key", text: `xkeysib-${hex(64)}-${word(16)}` },
    { rule: "stripe-key", text: `sk_live_${word(24)}` },
    { rule: "stripe-webhook-secret", text: `whsec_${word(32)}` },
    { rule: "shopify-token", text: `shpat_${hex(32)}` },
    { rule: "square-token", text: `sq0atp-${word(22)}` },
    { rule: "anthropic-key", text: `sk-ant-api03-${word(95)}` },
    { rule: "openai-key", text: `sk-proj-${word(64)}` },
    { rule: "openai-legacy-key", text: `sk-${word(20)}T3BlbkFJ${word(20)}` },
    { rule: "hugging-face-token", text: `hf_${word(34, UPPER + LOWER)}` },
    { rule: "groq-key", text: `gsk_${word(52)}` },
    { rule: "xai-key", text: `xai-${word(80)}` },
    { rule: "replicate-token", text: `r8_${word(37)}` },
    { rule: "databricks-token", text: `dapi${hex(32)}` },
    {
      rule: "grafana-token",
      text: `glsa_${grafana}_${crc32(new TextEncoder().encode(grafana), 0).toString(16).padStart(8, "0")}`,
    },
    { rule: "vault-token", text: `hvs.${word(24)}` },
    { rule: "terraform-token", text: `${word(14)}.atlasv1.${word(67)}` },
    { rule: "doppler-token", text: `dp.pt.${word(43)}` },
    { rule: "new-relic-key", text: `NRAK-${word(27, UPPER + DIGITS)}` },
    { rule: "sentry-token", text: `sntryu_${hex(64)}` },
    { rule: "linear-key", text: `lin_api_${word(40)}` },
    { rule: "notion-token", text: `ntn_${word(11, DIGITS)}${word(35)}` },
    { rule: "postman-key", text: `PMAK-${hex(24)}-${hex(34)}` },
  ];
}

type Pick = (count: number, alphabet: string) => string;

/** Mulberry32: the same seed, the same characters. */
function picker(seed: number): Pick {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return (count, alphabet) =>
    Array.from({ length: count }, () => alphabet.charAt(next() % alphabet.length)).join("");
}

/** BIP 173, upper case, as age writes an identity of X25519. */
function makeAgeKey(pick: Pick): string {
  const prefix = "age-secret-key-";
  // 256 bits in groups of five: the last digit holds one bit and four zeros.
  const data = `${pick(51, BECH32)}q`;
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  const digits = [...data].map((character) => BECH32.indexOf(character));
  let sum = 1;
  for (const value of [
    ...codes.map((code) => code >> 5),
    0,
    ...codes.map((code) => code & 31),
    ...digits,
    0,
    0,
    0,
    0,
    0,
    0,
  ]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of BECH32_GENERATORS.entries()) if ((top >> bit) & 1) sum ^= generator;
  }
  sum ^= 1;
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => BECH32.charAt((sum >>> shift) & 31)).join("");
  return `${prefix}1${data}${checksum}`.toUpperCase();
}
