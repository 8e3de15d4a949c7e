// Whose a sealed value is and what it is called: both are bound into the seal, so that a value copied into another row
// does not open. The names stand here together, because the re-wrapping (rewrap.ts) must make them from the rows alone.
import { digestHex } from "../../core/capsule/digest.ts";

export type SecretName = { readonly organizationId: string; readonly name: string };

export type ProjectOwner = { readonly organizationId: string; readonly projectId: string };

/** The seed of a signing key, of a project or (`projectId` null) of a whole organization. */
export function signingKeyName(
  { organizationId, projectId }: { readonly organizationId: string; readonly projectId: string | null },
  keyId: string,
): SecretName {
  const place = projectId === null ? "organization-key" : `project-key/${projectId}`;
  return { organizationId, name: `${place}/${digestHex(keyId)}` };
}

/** A secret of a project in one environment. */
export function projectSecretName(
  { organizationId, projectId }: ProjectOwner,
  environment: string,
  name: string,
): SecretName {
  return { organizationId, name: `secret/${projectId}/${environment}/${name}` };
}

/** The check value of a vault key; it belongs to no organization. */
export function vaultCheckName(vaultKeyId: string): SecretName {
  return { organizationId: "", name: `vault-check/${vaultKeyId}` };
}

/** A random secret of the platform itself; it belongs to no organization. */
export function platformSecretName(purpose: string): SecretName {
  return { organizationId: "", name: `platform/${purpose}` };
}
