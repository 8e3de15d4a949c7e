import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSecretName, isSecretValue, redactVariables } from "./redact-variables.ts";
import { makeCanaries } from "./secret-fixture.ts";
import { findSecretPath } from "./secret-rules.ts";
import { findSecretsInText } from "./secret-scan.ts";

const findSecret = (text: string): string | undefined => findSecretsInText(text)[0]?.rule.id;

describe("secret rules", () => {
  it.each([
    "TOKEN",
    "GITHUB_TOKEN",
    "db_password",
    "dbPassword",
    "DBPASSWORD",
    "API_KEY",
    "api-key",
    "STRIPE_APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "PRIVATE_KEY",
    "GOOGLE_CREDENTIALS",
    "SESSION_SECRET",
  ])("[C8] takes the name %s for a secret", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(["NEXT_TELEMETRY_DISABLED", "NODE_ENV", "KEY", "PUBLIC_URL", "PORT", "KEYBOARD", "AUTHOR"])(
    "[C8] leaves the name %s alone",
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );

  it("[C8] takes a URL with a password and a token's shape for secrets, whatever they are called", () => {
    expect(isSecretValue("postgres://app:hunter2@db/app")).toBe(true);
    for (const { text } of makeCanaries(1)) expect(isSecretValue(text)).toBe(true);
    expect(isSecretValue("https://example.org/a:b@c")).toBe(false);
    expect(isSecretValue("postgres://app@db/app")).toBe(false);
  });

  it("[C8] moves secrets to app.secrets by name only, once", () => {
    expect(redactVariables({ B_TOKEN: "b", A: "1", A_TOKEN: "a" }, ["A_TOKEN"])).toEqual({
      env: { A: "1" },
      secrets: ["A_TOKEN", "B_TOKEN"],
      moved: ["A_TOKEN", "B_TOKEN"],
    });
  });

  it.each([
    ".env",
    ".env.local",
    "packages/api/.env.production",
    ".ENV",
    ".envrc",
    "deep/.env/x",
    "a/key.p12",
    "home/.netrc",
    ".pgpass",
  ])("[C8] refuses the file %s", (path) => {
    expect(findSecretPath(path)).not.toBeNull();
  });

  it.each([".env.example", ".env.sample", "a/.env.template", "env.ts", "src/environment.ts"])(
    "[C8] lets the file %s in",
    (path) => {
      expect(findSecretPath(path)).toBeNull();
    },
  );

  it("[C8] finds private keys of every kind that OpenSSL and OpenSSH write, also inside JSON", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pkcs8 = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
    const encrypted = rsa
      .export({ format: "pem", type: "pkcs1", cipher: "aes-256-cbc", passphrase: "p" })
      .toString();
    for (const text of [
      pkcs8,
      pkcs8.replaceAll("\n", "\r\n"),
      JSON.stringify({ private_key: pkcs8 }),
      rsa.export({ format: "pem", type: "pkcs1" }).toString(),
      encrypted,
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${"b3BlbnNzaC1rZXktdjEA".repeat(4)}\n`,
    ]) {
      expect(findSecret(`before\n${text}`), text.slice(0, 60)).toBe("private-key");
    }
  });

  it("[C8] does not take a program that reads keys for a key", () => {
    const program = 'const begin = "-----BEGIN PRIVATE KEY-----";\nconst end = "-----END PRIVATE KEY-----";';
    expect(findSecret(program)).toBeUndefined();
    expect(findSecret("`-----BEGIN $" + "{label}-----\\n`")).toBeUndefined();
    const { publicKey } = generateKeyPairSync("ed25519");
    expect(findSecret(publicKey.export({ format: "pem", type: "spki" }).toString())).toBeUndefined();
  });
});
