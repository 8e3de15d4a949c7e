// The timeline: pages, the chain, server-sent events and the live protocol. No event is lost or repeated.
import { type IncomingMessage, request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { sha256Sync } from "../../adapters/hashing/sha256-sync.ts";
import { findChainBreak, firstPrevHash } from "../../core/timeline/seal-event.ts";
import { timelinePageSchema, timelineVerificationSchema } from "../../schemas/api/history.ts";
import { CLOSE_BAD_FRAME } from "../../schemas/close-codes.ts";
import { EVENT_TYPES } from "../../schemas/event-types.ts";
import { ownerClient } from "./support/api-client.ts";
import { makeGreeter } from "./support/capsule-maker.ts";
import { EventStream } from "./support/event-stream.ts";
import { expectProblem } from "./support/expect-refusal.ts";
import { LiveSocket } from "./support/live-socket.ts";
import { makeProject, type TestProject } from "./support/test-project.ts";

/** More than a watcher is sent at once (durable-objects/project/live-room.ts). */
const MORE_THAN_ARE_SENT = 1_010;
const AT_ONCE = 25;

let project: TestProject;
/** A project that nothing happens in while the other tests run, and one who watches it. */
let quiet: { project: TestProject; watcher: LiveSocket; lastSeq: number };

beforeAll(async () => {
  project = await makeProject(ownerClient());
  const still = await makeProject(project.api);
  const { lastSeq, epoch } = await still.facts();
  quiet = { project: still, watcher: LiveSocket.open(still.api, still.projectId), lastSeq };
  await quiet.watcher.resume(lastSeq, epoch);
  await quiet.watcher.frame("hello");
  await project.ship(await makeGreeter(project.key, "timeline"));
});

/** Adds so many events, several requests at a time. */
async function addEvents(target: TestProject, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `name ${index}`);
  for (let start = 0; start < count; start += AT_ONCE) {
    await Promise.all(names.slice(start, start + AT_ONCE).map((name) => target.rename(name)));
  }
}

const seqsFrom = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe("pages", () => {
  test("give every event once, in order, of known types with their sources", async () => {
    const events = await project.events();
    const { lastSeq } = await project.facts();
    expect(events.map((event) => event.seq)).toEqual(seqsFrom(1, lastSeq));
    for (const event of events) {
      expect(Object.entries(EVENT_TYPES)).toContainEqual([event.type, event.source]);
    }
    expect(events[0]).toMatchObject({ type: "project.created", data: { label: project.label } });
    expect(events.every((event) => event.actor.kind === "token")).toBe(true);
  });

  test("of any size add up to the same", async () => {
    const all = await project.events();
    const small: number[] = [];
    for (let cursor: string | null = "0"; cursor !== null; ) {
      const answer = await project.api.get(project.path(`/timeline?limit=3&cursor=${cursor}`));
      const page = timelinePageSchema.parse(answer.json());
      small.push(...page.items.map((event) => event.seq));
      cursor = page.nextCursor;
    }
    expect(small).toEqual(all.map((event) => event.seq));
  });

  test("begin after `since`, and end with nothing after the newest", async () => {
    const { lastSeq } = await project.facts();
    const after = await project.api.get(project.path(`/timeline?since=${lastSeq - 2}`));
    expect(after.expect(200, timelinePageSchema).items.map((event) => event.seq)).toEqual([
      lastSeq - 1,
      lastSeq,
    ]);
    const none = (await project.api.get(project.path(`/timeline?since=${lastSeq}`))).expect(
      200,
      timelinePageSchema,
    );
    expect(none).toMatchObject({ items: [], nextCursor: null, lastSeq });
  });

  test("go backwards with order=desc", async () => {
    const { lastSeq } = await project.facts();
    const seqs: number[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await project.api.get(project.path(`/timeline?order=desc&limit=4${query}`));
      const page = timelinePageSchema.parse(answer.json());
      seqs.push(...page.items.map((event) => event.seq));
      cursor = page.nextCursor;
    }
    expect(seqs).toEqual(seqsFrom(1, lastSeq).toReversed());
  });

  test("filter by type, by source and by text", async () => {
    const all = await project.events();
    const accepted = await project.events("&type=capsule.accepted");
    expect(accepted).toEqual(all.filter((event) => event.type === "capsule.accepted"));
    expect(accepted).toHaveLength(1);
    const deploy = await project.events("&source=deploy");
    expect(deploy).toEqual(all.filter((event) => event.source === "deploy"));
    const found = await project.events(`&q=${project.label.toUpperCase()}`);
    expect(found.map((event) => event.type)).toContain("project.created");
    expect(await project.events("&q=surely-not-in-there")).toEqual([]);
    // Text is text: no pattern character reaches the database as one.
    expect(await project.events("&q=%25")).toEqual([]);
  });
});

describe("the hash chain", () => {
  test("holds, as the platform says", async () => {
    const { lastSeq } = await project.facts();
    const verified = await project.api.get(project.path("/timeline/verify"));
    const { isIntact, checked, lastHash, firstBreak } = verified.expect(200, timelineVerificationSchema);
    expect({ isIntact, checked, firstBreak }).toEqual({ isIntact: true, checked: lastSeq, firstBreak: null });
    expect((await project.events()).at(-1)?.hash).toBe(lastHash);
  });

  test("holds for anyone who computes it anew from the pages alone", async () => {
    const events = await project.events();
    const start = { seq: 0, hash: firstPrevHash(project.projectId, sha256Sync) };
    expect(findChainBreak(events, start, sha256Sync)).toBeNull();
    const [first, second, ...rest] = events;
    if (first === undefined || second === undefined) throw new Error("there are events");
    const forged = [first, { ...second, data: { ...second.data, forged: true } }, ...rest];
    expect(findChainBreak(forged, start, sha256Sync)).toEqual({ seq: 2, problem: "dataHash" });
    expect(findChainBreak([first, ...rest], start, sha256Sync)).toEqual({ seq: 3, problem: "seq" });
  });
});

describe("server-sent events", () => {
  test("give what was, then what comes, and resume by Last-Event-ID with no loss and no repetition", async () => {
    const own = await makeProject(project.api);
    await addEvents(own, 30);
    const { lastSeq } = await own.facts();
    const seqs: number[] = [];
    let last = 0;
    // Cut off again and again, each time a little further on, while events come in.
    const writing = addEvents(own, 60);
    while (seqs.length < lastSeq + 60) {
      const stream = await EventStream.open(own.api, own.path("/timeline/stream"), last);
      for (const event of await stream.take(Math.min(17, lastSeq + 60 - seqs.length))) {
        seqs.push(event.seq);
        last = event.seq;
      }
      stream.close();
    }
    await writing;
    expect(seqs).toEqual(seqsFrom(1, lastSeq + 60));
  });

  test("are the events of the pages, unnamed, with the seq as id", async () => {
    const stream = await EventStream.open(project.api, project.path("/timeline/stream?since=2"), null);
    const events = await stream.take(3);
    stream.close();
    expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(events).toEqual((await project.events()).slice(2, 5));
    expect(stream.names).toEqual([]);
  });
});

describe("the live socket", () => {
  test("says hello, then what was missed in order, then what comes", async () => {
    const { lastSeq, epoch } = await project.facts();
    const socket = LiveSocket.open(project.api, project.projectId);
    await socket.resume(2, epoch);
    expect(await socket.frame("hello")).toEqual({ type: "hello", epoch, lastSeq });
    await socket.reach(lastSeq);
    expect(socket.frames[0]?.type).toBe("hello");
    expect(socket.events).toEqual((await project.events()).slice(2));
    socket.ack(lastSeq);
    await project.rename("live");
    await socket.reach(lastSeq + 1);
    expect(socket.events.at(-1)).toMatchObject({ seq: lastSeq + 1, type: "project.updated" });
    socket.close();
  });

  test("starts over for a client that knows another epoch", async () => {
    const { lastSeq, epoch } = await project.facts();
    const socket = LiveSocket.open(project.api, project.projectId);
    await socket.resume(lastSeq, "00000000-0000-0000-0000-000000000000");
    expect((await socket.frame("hello")).epoch).toBe(epoch);
    await socket.reach(lastSeq);
    expect(socket.events.map((event) => event.seq)).toEqual(seqsFrom(1, lastSeq));
    socket.close();
  });

  test("has every event once after cuts in the middle of bursts, for many watchers", async () => {
    const own = await makeProject(project.api);
    const { lastSeq: before, epoch } = await own.facts();
    const total = before + 300;
    const watch = async (cutEvery: number): Promise<number[]> => {
      const seqs: number[] = [];
      while ((seqs.at(-1) ?? 0) < total) {
        const since = seqs.at(-1) ?? 0;
        const socket = LiveSocket.open(own.api, own.projectId);
        await socket.resume(since, epoch);
        await socket.reach(Math.min(since + cutEvery, total));
        seqs.push(...socket.events.map((event) => event.seq));
        socket.ack(socket.lastSeq);
        socket.close();
      }
      return seqs;
    };
    const watching = [20, 33, 50, 101, 400].map(watch);
    await addEvents(own, 300);
    for (const seqs of await Promise.all(watching)) expect(seqs).toEqual(seqsFrom(1, total));
  });

  test("says behind when more than 1,000 were missed; pages and a resume then give each once", async () => {
    const own = await makeProject(project.api);
    await addEvents(own, MORE_THAN_ARE_SENT);
    const { lastSeq, epoch } = await own.facts();
    const away = LiveSocket.open(own.api, own.projectId);
    await away.resume(0, epoch);
    expect(await away.frame("behind")).toEqual({ type: "behind", from: 0, pages: own.path("/timeline") });
    // One who is behind is sent nothing until it resumes.
    await own.rename("while behind");
    const paged = (await own.events()).map((event) => event.seq);
    expect(paged).toEqual(seqsFrom(1, lastSeq + 1));
    expect(away.events).toEqual([]);
    await away.resume(lastSeq + 1, epoch);
    await own.rename("after resuming");
    await away.reach(lastSeq + 2);
    expect([...paged, ...away.events.map((event) => event.seq)]).toEqual(seqsFrom(1, lastSeq + 2));
    away.close();

    const verified = await own.api.get(own.path("/timeline/verify"));
    expect(verified.expect(200, timelineVerificationSchema)).toMatchObject({
      isIntact: true,
      checked: lastSeq + 2,
    });
    // A stream has no such limit: it reads the whole log.
    const stream = await EventStream.open(own.api, own.path("/timeline/stream"), null);
    expect((await stream.take(lastSeq + 2)).map((event) => event.seq)).toEqual(seqsFrom(1, lastSeq + 2));
    stream.close();
  }, 180_000);

  test("closes on a frame that it does not understand", async () => {
    const { epoch } = await project.facts();
    const bad: readonly (string | Uint8Array<ArrayBuffer>)[] = [
      "not json",
      "[]",
      '{"type":"resume"}',
      '{"type":"resume","since":-1}',
      `{"type":"resume","since":0,"epoch":"${epoch}","colour":"red"}`,
      '{"type":"subscribe"}',
      `{"type":"ack","seq":1,"more":"${"x".repeat(2_000)}"}`,
      new Uint8Array([1, 2, 3]),
    ];
    for (const frame of bad) {
      const socket = LiveSocket.open(project.api, project.projectId);
      await socket.opened();
      socket.sendRaw(frame);
      expect((await socket.closed()).code).toBe(CLOSE_BAD_FRAME);
      expect(socket.events).toEqual([]);
    }
  });

  test("closes when `since` is in the future, and says what the newest event is", async () => {
    const { lastSeq, epoch } = await project.facts();
    const socket = LiveSocket.open(project.api, project.projectId);
    await socket.resume(lastSeq + 1, epoch);
    const { code, reason } = await socket.closed();
    expect(code).toBe(CLOSE_BAD_FRAME);
    expect(reason).toContain(`newest event is ${lastSeq}`);
  });

  test("is refused to a page of another origin, before anything is said", async () => {
    const socket = LiveSocket.open(project.api, project.projectId, { origin: "https://evil.example" });
    expect((await socket.closed()).code).toBe(1006);
    expect(socket.frames).toEqual([]);
    const own = LiveSocket.open(project.api, project.projectId, { origin: project.api.url });
    await own.resume(0, null);
    await own.frame("hello");
    own.close();
  });

  test("tells a watcher of the first event after a long silence (the object hibernates meanwhile)", async () => {
    const { project: still, watcher, lastSeq } = quiet;
    await still.rename("awake");
    await still.rename("awake still");
    await watcher.reach(lastSeq + 2);
    expect(watcher.events.map((event) => event.seq)).toEqual([lastSeq + 1, lastSeq + 2]);
    watcher.close();
  });

  test("is not compressed, whatever the watcher offers, and says nothing that the watcher did not offer", async () => {
    const { url, token } = project.api;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(new URL(project.path("/timeline/live"), url.replace("localhost", "127.0.0.1")), {
        headers: {
          authorization: `Bearer ${token}`,
          connection: "upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": Buffer.alloc(16).toString("base64"),
          "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
        },
      });
      sent.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response);
      });
      sent.on("error", reject);
      sent.end();
    });
    expect(answer.statusCode).toBe(101);
    expect(answer.headers["sec-websocket-extensions"]).toBeUndefined();
  });

  test("needs an upgrade, and says so", async () => {
    const answer = await project.api.get(project.path("/timeline/live"));
    expectProblem(answer, "validation", /WebSocket/);
  });
});
