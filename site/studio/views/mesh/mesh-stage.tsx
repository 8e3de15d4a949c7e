// The mesh at one moment: nodes as a ring with their phases, packets as arcs. Packets are drawn on a canvas, for there may be
// hundreds at once; nodes are SVG. All of it is told in words beside it (node-list.tsx).
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { cutDirections } from "../../../../core/mesh/partitions.ts";
import type { MeshPartition } from "../../../../schemas/mesh-parameters.ts";
import { drawPackets } from "./draw-packets.ts";
import { bendOf, placeNodes, STAGE } from "./node-places.ts";
import { describePhase, phaseStep, phaseTone, STEP_COUNT } from "./phase-words.ts";
import { cutsAt, type NodeState, nodesAt, type RunIndex } from "./run-moment.ts";
import "./mesh-stage.css";

type MeshStageProps = {
  readonly index: RunIndex;
  readonly partitions: readonly MeshPartition[];
  readonly atMs: number;
};

const NODE_RADIUS = 30;
const RING_RADIUS = 36;

export function MeshStage({ index, partitions, atMs }: MeshStageProps) {
  const { run } = index;
  const canvas = useRef<HTMLCanvasElement>(null);
  const places = useMemo(() => placeNodes(run.nodes.length), [run.nodes.length]);
  const redrawCount = useRedraw(canvas);
  useEffect(() => {
    if (canvas.current !== null) drawPackets(canvas.current, index, places, atMs);
  }, [index, places, atMs, redrawCount]);
  const states = nodesAt(run, atMs);
  const cuts = cutsAt(run, atMs).flatMap((number) => {
    const partition = partitions[number - 1];
    return partition === undefined ? [] : cutDirections(partition);
  });
  return (
    <div class="mesh-stage">
      <canvas ref={canvas} class="mesh-stage__packets" />
      <svg
        class="mesh-stage__nodes"
        viewBox={`0 0 ${STAGE.width} ${STAGE.height}`}
        role="img"
        aria-label={`The mesh after ${Math.round(atMs)} ms: ${describeAll(states)}`}
      >
        {cuts.map(([from, to]) => (
          <CutLink key={`${from} ${to}`} path={linkPath(run.nodes, places, from, to)} />
        ))}
        {states.map((state, place) => (
          <MeshNodeMark key={state.name} state={state} at={places[place] ?? { x: 0, y: 0 }} />
        ))}
      </svg>
    </div>
  );
}

function MeshNodeMark({ state, at }: { readonly state: NodeState; readonly at: { x: number; y: number } }) {
  const done = phaseStep(state.phase);
  return (
    <g class={`mesh-node mesh-node--${phaseTone(state.phase)}`} transform={`translate(${at.x} ${at.y})`}>
      <circle class="mesh-node__disc" r={NODE_RADIUS} />
      <circle class="mesh-node__track" r={RING_RADIUS} />
      {done === 0 ? null : (
        <circle
          class="mesh-node__ring"
          r={RING_RADIUS}
          pathLength={STEP_COUNT}
          stroke-dasharray={`${done} ${STEP_COUNT}`}
          transform="rotate(-90)"
        />
      )}
      <text class="mesh-node__name" y="-2">
        {state.name.replace("node-", "")}
      </text>
      <text class="mesh-node__phase" y="16">
        {state.isPaused ? "paused" : describePhase(state.phase)}
      </text>
    </g>
  );
}

function CutLink({ path }: { readonly path: string }) {
  return <path class="mesh-stage__cut" d={path} />;
}

function linkPath(
  nodes: readonly string[],
  places: ReturnType<typeof placeNodes>,
  from: string,
  to: string,
): string {
  const start = places[nodes.indexOf(from)];
  const end = places[nodes.indexOf(to)];
  if (start === undefined || end === undefined) return "";
  const bend = bendOf(start, end);
  return `M${start.x} ${start.y}Q${bend.x} ${bend.y} ${end.x} ${end.y}`;
}

function describeAll(states: readonly NodeState[]): string {
  return states.map(({ name, phase }) => `${name} ${describePhase(phase)}`).join(", ");
}

/** Counts up whenever the canvas must be drawn anew: another size, another look. */
function useRedraw(canvas: { readonly current: HTMLCanvasElement | null }): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const redraw = (): void => setCount((before) => before + 1);
    const sizes = new ResizeObserver(redraw);
    sizes.observe(element);
    const looks = new MutationObserver(redraw);
    looks.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    return () => {
      sizes.disconnect();
      looks.disconnect();
      system.removeEventListener("change", redraw);
    };
  }, [canvas]);
  return count;
}
