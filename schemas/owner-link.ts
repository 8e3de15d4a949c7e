// The row of the first owner's one-time link in better-auth's `verification` table.

/** How the row is named. @param tokenHash lowercase hex of SHA-256 of the link's token */
export function ownerLinkIdentifier(tokenHash: string): string {
  return `owner-link:${tokenHash}`;
}
