// The real project object without its door, and beside it a room that partyserver gives for nothing.
import { Server } from "partyserver";
import { ProjectObject } from "../../durable-objects/project/project-object.ts";

export { AppLogObject } from "../../durable-objects/app-log/app-log-object.ts";

type BenchEnv = Omit<Cloudflare.Env, "PROJECTS"> & {
  readonly PROJECTS: DurableObjectNamespace<BenchProject>;
  readonly ROOMS: DurableObjectNamespace<BareRoom>;
};

const ACTOR = { kind: "platform", id: "bench" } as const;
/** Appends under way at once, as from that many callers. */
const APPENDS_AT_ONCE = 50;

/** What partyserver gives for a broadcast, and nothing more. */
export class BareRoom extends Server<Cloudflare.Env> {
  static override options = { hibernate: true };

  say(texts: readonly string[]): void {
    for (const text of texts) this.broadcast(text);
  }
}

/** The project object, with a way to be have many events made in one call; each is still recorded by itself. */
export class BenchProject extends ProjectObject {
  recordBurst(count: number): void {
    for (let index = 0; index < count; index++) this.recordUpdate(changes(index), ACTOR);
  }
}

const routes: Readonly<Record<string, (request: Request, env: BenchEnv) => Promise<Response>>> = {
  "/project/create": async (request, env) => {
    const platformKey = { keyId: `sha256:${"0".repeat(64)}`, publicKey: "", name: "bench", roles: [] };
    await projectOf(request, env).create({
      organizationId: "org_bench",
      label: "bench",
      platformKey,
      actor: ACTOR,
    });
    return new Response();
  },
  "/project/append": async (request, env) => {
    const project = projectOf(request, env);
    const count = readNumber(request, "count");
    for (let done = 0; done < count; done += APPENDS_AT_ONCE) {
      const round = Math.min(APPENDS_AT_ONCE, count - done);
      await Promise.all(
        Array.from({ length: round }, (_, index) => project.recordUpdate(changes(done + index), ACTOR)),
      );
    }
    return new Response();
  },
  "/project/burst": async (request, env) => {
    const count = readNumber(request, "count");
    await projectOf(request, env).recordBurst(count);
    return new Response();
  },
  "/project/live": (request, env) => projectOf(request, env).fetch(request),
  // Uncompressed, as the project's sockets are: the room is not to be slower by what it does not need.
  "/room/live": async (request, env) => {
    const { webSocket } = await roomOf(request, env).fetch(request);
    return new Response(null, { status: 101, webSocket, headers: { "sec-websocket-extensions": "none" } });
  },
  "/room/say": async (request, env) => {
    const room = roomOf(request, env);
    const texts = await request.json<readonly string[]>();
    await room.say(texts);
    return new Response();
  },
};

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = routes[pathname];
    return route === undefined ? new Response("ready") : await route(request, env);
  },
};

function projectOf(request: Request, env: BenchEnv): DurableObjectStub<BenchProject> {
  return env.PROJECTS.getByName(new URL(request.url).searchParams.get("project") ?? "prj_bench");
}

function roomOf(request: Request, env: BenchEnv): DurableObjectStub<BareRoom> {
  return env.ROOMS.getByName(new URL(request.url).searchParams.get("room") ?? "room");
}

/** About as much data as an event of a deploy carries. */
function changes(index: number): Record<string, unknown> {
  return { index, phase: "building", capsuleDigest: `sha256:${"a".repeat(64)}` };
}

function readNumber(request: Request, name: string): number {
  return Number(new URL(request.url).searchParams.get(name));
}
