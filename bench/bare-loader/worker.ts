// The least that an app in an isolate costs: load by a fixed id, ask, hand the answer on.

type BareCode = { readonly entry: string; readonly modules: Record<string, { readonly js: string }> };

let bareCode: BareCode | null = null;

export default {
  async fetch(request: Request, env: Pick<Cloudflare.Env, "LOADER">): Promise<Response> {
    if (new URL(request.url).pathname === "/bare/code") {
      bareCode = await request.json<BareCode>();
      return new Response();
    }
    const code = bareCode;
    if (code === null) return new Response("no code yet");
    const stub = env.LOADER.get("bare", () => ({
      compatibilityDate: "2026-10-01",
      mainModule: code.entry,
      modules: code.modules,
      env: {},
      globalOutbound: null,
    }));
    return await stub.getEntrypoint().fetch(request);
  },
};
