// What a change needs of the request that asks for it: routes of the API and pages make the same changes.

export type Door = {
  readonly env: Cloudflare.Env;
  readonly executionCtx: Pick<ExecutionContext, "waitUntil">;
  /** The address that was asked: its origin is where people find the platform's pages. */
  readonly req: { readonly url: string };
};
