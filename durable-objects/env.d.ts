// Bindings of wrangler.toml as the code sees them. Ambient, because every room above `core` may name them.
declare namespace Cloudflare {
  interface Env {
    readonly DB: D1Database;
    readonly BLOBS: R2Bucket;
    readonly LOADER: WorkerLoader;
    readonly ASSETS: Fetcher;
    readonly PROJECTS: DurableObjectNamespace<import("./project/project-object.ts").ProjectObject>;
    readonly MESH_SIMULATIONS: DurableObjectNamespace<
      import("./mesh-simulation/mesh-simulation-object.ts").MeshSimulationObject
    >;
    readonly MESH_NODES: DurableObjectNamespace<import("./mesh-node/mesh-node-object.ts").MeshNodeObject>;
    readonly APP_LOGS: DurableObjectNamespace<import("./app-log/app-log-object.ts").AppLogObject>;
    readonly QUOTAS: DurableObjectNamespace<import("./quota/quota-object.ts").QuotaObject>;
    /** The runtime's own limiter, one counter a login. */
    readonly CALLERS: RateLimit;
    /** Quotas that are other than the defaults: `deploys=60/3600, …` (core/quota). */
    readonly OURSYNTH_QUOTAS?: string;
    readonly OURSYNTH_HOSTS: string;
    readonly OURSYNTH_APPS_DOMAIN: string;
    /** Base64 of 32 bytes: wraps every data key (adapters/vault). A secret, never in wrangler.toml. */
    readonly OURSYNTH_VAULT_KEY: string;
    /** `1` where `npm start` or a test runs the platform: mails go to the page /outbox. Never set it in production. */
    readonly OURSYNTH_LOCAL?: string;
    /** The `send_email` binding and the address that mails come from; without them sign-up cannot verify addresses. */
    readonly MAIL?: SendEmail;
    readonly OURSYNTH_MAIL_FROM?: string;
    /** `1` turns passkeys on. */
    readonly OURSYNTH_PASSKEYS?: string;
    /** Social sign-in: a provider is on when both of its variables are set. */
    readonly OURSYNTH_GITHUB_CLIENT_ID?: string;
    readonly OURSYNTH_GITHUB_CLIENT_SECRET?: string;
    readonly OURSYNTH_GOOGLE_CLIENT_ID?: string;
    readonly OURSYNTH_GOOGLE_CLIENT_SECRET?: string;
    /** More keys of that form, comma-separated, that only open: while one is replaced. A secret as well. */
    readonly OURSYNTH_VAULT_KEYS_OTHER?: string;
  }
}
