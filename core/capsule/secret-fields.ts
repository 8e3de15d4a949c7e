// Looks for secrets in a value of JSON, and says where by field, never what (CAPSULE.md C8).
import type { FieldError } from "../../schemas/problem.ts";
import { describeFinding, findSecretsInText, maskSecrets } from "./secret-scan.ts";

/** Names are looked at as well: a key of a map can be a secret, and is then not named as the place. */
export function findSecretFields(value: unknown, path = ""): readonly FieldError[] {
  if (typeof value === "string") {
    const [finding] = findSecretsInText(value);
    return finding === undefined ? [] : [{ path, message: describeFinding(finding) }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item], index) => {
    const [finding] = findSecretsInText(key);
    const name = finding === undefined ? key : `[name ${index + 1}]`;
    const place = path === "" ? name : `${path}.${name}`;
    const found = findSecretFields(item, place);
    return finding === undefined ? found : [{ path: place, message: describeFinding(finding) }, ...found];
  });
}

/** The same value with every secret in its texts replaced by the id of its rule; names of fields stay. */
export function maskSecretFields<Value>(value: Value): Value;
export function maskSecretFields(value: unknown): unknown {
  if (typeof value === "string") return maskSecrets(value);
  if (Array.isArray(value)) return value.map((item: unknown) => maskSecretFields(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskSecretFields(item)]));
}
