// Packets on the canvas: a head and a tail on its arc. What arrives is a dot, the slowest tenth a ring, what is dropped ends
// in a cross: colour says the same once more.
import { type Place, pointOnArc, STAGE } from "./node-places.ts";
import { packetsAt, type RunIndex } from "./run-moment.ts";
import { PACKET_ENDS } from "./watched-run.ts";

/** What of a packet is seen. */
export const PACKET_LOOKS = ["good", "late", "dropped", "copy"] as const;
export type PacketLook = (typeof PACKET_LOOKS)[number];

const LINE_WIDTH = 1.6;
const HEAD_RADIUS = 3.2;
const CROSS = 4.5;
const TAIL_SHARE = 0.22;
const TAIL_STEPS = 5;
/** A packet that never set out is shown on this part of its way before its cross. */
const LOST_SHARE = 0.45;
/** More at once cannot be told apart. */
const MAX_DRAWN = 500;
const ARRIVED = PACKET_ENDS.indexOf("arrived");

/** Draws what is under way at that moment, in the colours of the canvas's `--mesh-…` properties. */
export function drawPackets(
  canvas: HTMLCanvasElement,
  index: RunIndex,
  places: readonly Place[],
  atMs: number,
): void {
  const context = prepare(canvas);
  if (context === null) return;
  const inks = readInks(canvas);
  // A packet that was dropped on setting out has no way of its own: it is shown for as long as a usual one takes.
  const lostMs = Number.isFinite(index.slowMs) ? index.slowMs : 0;
  const found = packetsAt(index, atMs, lostMs);
  const stride = Math.ceil(found.length / MAX_DRAWN);
  context.lineWidth = LINE_WIDTH;
  for (let place = 0; place < found.length; place += stride)
    drawPacket(context, index, places, atMs, found[place] ?? 0, lostMs, inks);
}

function drawPacket(
  context: CanvasRenderingContext2D,
  index: RunIndex,
  places: readonly Place[],
  atMs: number,
  packet: number,
  lostMs: number,
  inks: Readonly<Record<PacketLook, string>>,
): void {
  const { sentMs, endMs, from, to } = index.run.packets;
  const start = places[from[packet] ?? 0];
  const end = places[to[packet] ?? 0];
  if (start === undefined || end === undefined) return;
  const look = lookOf(index, packet);
  const tookMs = (endMs[packet] ?? 0) - (sentMs[packet] ?? 0);
  const agoMs = atMs - (sentMs[packet] ?? 0);
  const neverSetOut = look === "dropped" && tookMs === 0;
  if (!neverSetOut && agoMs > tookMs) return;
  const share = neverSetOut
    ? LOST_SHARE * (lostMs === 0 ? 1 : Math.min(1, agoMs / lostMs))
    : tookMs === 0
      ? 1
      : agoMs / tookMs;
  context.strokeStyle = inks[look];
  context.fillStyle = inks[look];
  context.globalAlpha = look === "good" ? 0.8 : 1;
  context.setLineDash(look === "copy" ? [3, 3] : []);
  context.beginPath();
  for (let step = 0; step <= TAIL_STEPS; step += 1) {
    const at = Math.max(0, share - TAIL_SHARE * (1 - step / TAIL_STEPS));
    const { x, y } = pointOnArc(start, end, at);
    if (step === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.setLineDash([]);
  drawHead(context, pointOnArc(start, end, share), look);
}

function drawHead(context: CanvasRenderingContext2D, { x, y }: Place, look: PacketLook): void {
  context.beginPath();
  switch (look) {
    case "good":
    case "copy":
      context.arc(x, y, HEAD_RADIUS, 0, 2 * Math.PI);
      context.fill();
      break;
    case "late":
      context.arc(x, y, HEAD_RADIUS + 1, 0, 2 * Math.PI);
      context.stroke();
      break;
    case "dropped":
      context.moveTo(x - CROSS, y - CROSS);
      context.lineTo(x + CROSS, y + CROSS);
      context.moveTo(x + CROSS, y - CROSS);
      context.lineTo(x - CROSS, y + CROSS);
      context.stroke();
      break;
  }
}

/** Of a copy first that it is one, unless it was dropped. */
export function lookOf({ run, slowMs }: RunIndex, packet: number): PacketLook {
  const { sentMs, endMs, end, isCopy } = run.packets;
  if (end[packet] !== ARRIVED) return "dropped";
  if (isCopy[packet] === 1) return "copy";
  return (endMs[packet] ?? 0) - (sentMs[packet] ?? 0) > slowMs ? "late" : "good";
}

/** An empty canvas in the drawing's own units, sharp on any screen. */
function prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const { clientWidth, clientHeight } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || clientWidth === 0) return null;
  const width = Math.round(clientWidth * devicePixelRatio);
  const height = Math.round(clientHeight * devicePixelRatio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(width / STAGE.width, 0, 0, height / STAGE.height, 0, 0);
  context.clearRect(0, 0, STAGE.width, STAGE.height);
  return context;
}

/** The legend beside the stage wears each look's colour; it is read there, for a canvas knows no tokens. */
function readInks(canvas: HTMLCanvasElement): Readonly<Record<PacketLook, string>> {
  const room = canvas.parentElement?.parentElement ?? canvas;
  const ink = (look: PacketLook): string => {
    const sample = room.querySelector(`.mesh-ink--${look}`) ?? canvas;
    return getComputedStyle(sample).color;
  };
  return { good: ink("good"), late: ink("late"), dropped: ink("dropped"), copy: ink("copy") };
}
