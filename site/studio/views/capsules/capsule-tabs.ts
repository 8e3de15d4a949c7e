// The tabs of a capsule's page, as its address names them.

export const CAPSULE_TABS = [
  { id: "contents", label: "Contents" },
  { id: "verification", label: "Verification" },
  { id: "sbom", label: "SBOM" },
  { id: "provenance", label: "Provenance" },
  { id: "facts", label: "Facts" },
] as const;

export type CapsuleTab = (typeof CAPSULE_TABS)[number]["id"];

/** The tab of an address; the contents when it names none that there is. */
export function readTab(tab: string | undefined): CapsuleTab {
  return CAPSULE_TABS.find(({ id }) => id === tab)?.id ?? "contents";
}
