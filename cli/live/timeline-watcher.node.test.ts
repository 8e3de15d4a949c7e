import { describe, expect, it, onTestFinished } from "vitest";
import type { ClientFrame } from "../../schemas/event.ts";
import { FakePlatform, PROJECT, TOKEN } from "../test-support/fake-platform.ts";
import type { ServerSocket } from "../test-support/socket-server.ts";
import { TimelineWatcher, type WatcherState } from "./timeline-watcher.ts";

type Watching = { watcher: TimelineWatcher; seqs: number[]; states: WatcherState[] };

function watch(platform: FakePlatform, since = 0, epoch?: string): Watching {
  const seqs: number[] = [];
  const states: WatcherState[] = [];
  const watcher = new TimelineWatcher({
    url: platform.url,
    token: TOKEN,
    projectId: PROJECT,
    since,
    epoch,
    onEvent: ({ seq }) => seqs.push(seq),
    onState: (state) => states.push(state),
  });
  onTestFinished(() => watcher.stop());
  watcher.start();
  return { watcher, seqs, states };
}

/** Answers every resume with what was missed, and keeps what was acknowledged. */
function serve(platform: FakePlatform): { sockets: ServerSocket[]; frames: ClientFrame[] } {
  const sockets: ServerSocket[] = [];
  const frames: ClientFrame[] = [];
  platform.onSocket = (socket) => {
    sockets.push(socket);
    socket.onMessage((value) => {
      const frame = value as ClientFrame;
      frames.push(frame);
      if (frame.type !== "resume") return;
      socket.send({ type: "hello", epoch: platform.epoch, lastSeq: platform.events.length });
      socket.send({ type: "events", events: platform.events.filter(({ seq }) => seq > frame.since) });
    });
  };
  return { sockets, frames };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe("TimelineWatcher", { timeout: 20_000 }, () => {
  it("hands on every event once and in order across cut connections, and acknowledges", async () => {
    const platform = await FakePlatform.start();
    platform.addEvents(40);
    const { sockets, frames } = serve(platform);
    const { watcher, seqs } = watch(platform);
    await expect.poll(() => seqs).toEqual(upTo(40));
    expect(frames).toContainEqual({ type: "ack", seq: 40 });
    watcher.cut();
    platform.addEvents(5);
    await expect.poll(() => seqs, { timeout: 5_000 }).toEqual(upTo(45));
    sockets.at(-1)?.destroy();
    platform.addEvents(5);
    await expect.poll(() => seqs, { timeout: 5_000 }).toEqual(upTo(50));
    await expect.poll(() => frames, { timeout: 3_000 }).toContainEqual({ type: "ack", seq: 50 });
    watcher.stop();
    expect(await watcher.ended).toMatchObject({ code: "stopped" });
  });

  it("resumes at a gap, drops repeats, and reads pages when it is behind", async () => {
    const platform = await FakePlatform.start();
    platform.addEvents(10);
    const { sockets } = serve(platform);
    const { seqs, states } = watch(platform, 8);
    await expect.poll(() => seqs).toEqual([9, 10]);
    platform.addEvents(3);
    sockets[0]?.send({ type: "events", events: platform.events.slice(11) });
    await expect.poll(() => seqs).toEqual([9, 10, 11, 12, 13]);
    sockets[0]?.send({ type: "events", events: platform.events.slice(5) });
    platform.addEvents(600);
    sockets[0]?.send({ type: "behind", from: 13, pages: "/api/…" });
    await expect.poll(() => seqs.length, { timeout: 5_000 }).toBe(605);
    expect(seqs).toEqual(upTo(613).slice(8));
    expect(states.map(({ kind }) => kind)).toContain("catching-up");
  });

  it("begins again when the log was made anew", async () => {
    const platform = await FakePlatform.start();
    platform.addEvents(2);
    platform.epoch = "epoch-2";
    serve(platform);
    const { seqs, states } = watch(platform, 77, "epoch-1");
    await expect.poll(() => seqs).toEqual([1, 2]);
    expect(states).toContainEqual({ kind: "reset", epoch: "epoch-2" });
  });

  it.each([
    [4_401, "sign-in-again"],
    [4_403, "not-allowed"],
  ])("stops for good at close code %i", async (closeCode, code) => {
    const platform = await FakePlatform.start();
    platform.onSocket = (socket) => socket.close(closeCode, "no more");
    const { watcher } = watch(platform);
    expect(await watcher.ended).toMatchObject({ code, message: "no more" });
  });

  it("asks why when the upgrade is refused: stops when not allowed, tries again otherwise", async () => {
    const platform = await FakePlatform.start();
    platform.refuseUpgrade = 403;
    platform.problem(`GET /api/projects/${PROJECT}/timeline`, 403, "forbidden", "This token may not.");
    expect(await watch(platform).watcher.ended).toMatchObject({
      code: "not-allowed",
      message: "This token may not.",
    });
    platform.routes.clear();
    platform.refuseUpgrade = 503;
    platform.addEvents(1);
    serve(platform);
    const { seqs, states } = watch(platform);
    await expect.poll(() => states.map(({ kind }) => kind)).toContain("waiting");
    platform.refuseUpgrade = null;
    await expect.poll(() => seqs, { timeout: 10_000 }).toEqual([1]);
  });
});
