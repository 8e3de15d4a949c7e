// The field RateLimit-Policy: `"caller";q=30000;w=60, "deploys";q=60;w=3600`.

export type Quota = { readonly name: string; readonly limit: number; readonly windowSeconds: number };

const POLICY = /"([^"]+)";q=(\d+);w=(\d+)/g;

/** What the field says, in its order; nothing for what is not of this form. */
export function parseQuotas(field: string): readonly Quota[] {
  return [...field.matchAll(POLICY)].map(([, name = "", limit, seconds]) => ({
    name,
    limit: Number(limit),
    windowSeconds: Number(seconds),
  }));
}
