// Nodes and edges, in layers from left to right; from top to bottom where it is narrow.
import { useMemo, useRef, useState } from "preact/hooks";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";
import { edgePath, placeGraph } from "./graph-geometry.ts";
import { Icon, type IconName } from "./icon.tsx";
import { nearestNode } from "./nearest-node.ts";
import { useWidth } from "./use-width.ts";
import "./graph.css";

/** A node: its name, what kind of thing it is, and how it stands. */
export type GraphNode = {
  readonly id: string;
  readonly label: string;
  readonly kind?: string;
  readonly icon?: IconName;
  readonly tone?: Tone;
};

/** An edge; `meaning` is read aloud and shown with the node that is selected. */
export type GraphEdge = {
  readonly from: string;
  readonly to: string;
  readonly meaning?: string;
  readonly tone?: "good" | "bad" | "neutral";
};

type GraphProps = {
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly selected?: string | null;
  readonly onSelect?: (id: string) => void;
};

/** In a narrower box the words need the room of the icon. */
const BOX_WITH_ICON_PX = 124;
/** Before the page stands nobody knows its room. */
const ROOM_PX_BEFORE_KNOWN = 900;

/**
 * A graph whose nodes are buttons: one stop for Tab, arrows go to the nearest node that way, Enter selects. The edges of
 * the node with the focus stand out; what they mean belongs to the node's description.
 */
export function Graph({ label, nodes, edges, selected = null, onSelect }: GraphProps) {
  const room = useRef<HTMLDivElement>(null);
  const roomPx = useWidth(room) ?? ROOM_PX_BEFORE_KNOWN;
  const placed = useMemo(() => placeGraph(nodes, edges, roomPx), [nodes, edges, roomPx]);
  const { boxes, boxWidth, boxHeight, width, height } = placed;
  const [lastFocused, setLastFocused] = useState<string | null>(null);
  const stop = boxes.has(lastFocused ?? "") ? lastFocused : (selected ?? nodes[0]?.id ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stop === null ? null : nearestNode(boxes, stop, event.key);
    if (next === null) return;
    event.preventDefault();
    room.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
  };
  return (
    <div ref={room} class="halo-graph" role="group" aria-label={label} onKeyDown={onKeyDown}>
      <svg class="halo-graph__drawing" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>{label}</title>
        <ArrowHeads />
        {edges.map((edge) => (
          <path
            key={`${edge.from} ${edge.to} ${edge.meaning ?? ""}`}
            d={edgePath(placed, edge)}
            class={classNames(
              "halo-graph__edge",
              `halo-graph__edge--${edge.tone ?? "neutral"}`,
              (edge.from === (lastFocused ?? selected) || edge.to === (lastFocused ?? selected)) &&
                "halo-graph__edge--near",
            )}
            marker-end={`url(#halo-arrow-${edge.tone ?? "neutral"})`}
          />
        ))}
        {nodes.map((node) => {
          const box = boxes.get(node.id);
          return (
            <foreignObject key={node.id} x={box?.x} y={box?.y} width={boxWidth} height={boxHeight}>
              <button
                type="button"
                data-node={node.id}
                class={classNames("halo-graph__node", `halo-graph__node--${node.tone ?? "neutral"}`)}
                aria-pressed={onSelect === undefined ? undefined : node.id === selected}
                aria-description={describeEdges(node.id, nodes, edges)}
                title={node.label}
                tabIndex={node.id === stop ? 0 : -1}
                onFocus={() => setLastFocused(node.id)}
                onClick={() => onSelect?.(node.id)}
              >
                {node.icon !== undefined && boxWidth >= BOX_WITH_ICON_PX && <Icon name={node.icon} />}
                <span class="halo-graph__words">
                  <span class="halo-graph__label">{node.label}</span>
                  {node.kind !== undefined && <span class="halo-graph__kind">{node.kind}</span>}
                </span>
              </button>
            </foreignObject>
          );
        })}
      </svg>
    </div>
  );
}

function ArrowHeads() {
  return (
    <defs>
      {(["neutral", "good", "bad"] as const).map((tone) => (
        <marker
          key={tone}
          id={`halo-arrow-${tone}`}
          class={`halo-graph__arrow halo-graph__arrow--${tone}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="10"
          markerHeight="10"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M0 0 8 4 0 8z" />
        </marker>
      ))}
    </defs>
  );
}

/** "leads to Deploy (deployed-as); comes from Build". */
function describeEdges(
  id: string,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): string | undefined {
  const nameOf = (other: string) => nodes.find((node) => node.id === other)?.label ?? other;
  const meaningOf = ({ meaning }: GraphEdge) => (meaning === undefined ? "" : ` (${meaning})`);
  const said = [
    ...edges.filter(({ from }) => from === id).map((edge) => `leads to ${nameOf(edge.to)}${meaningOf(edge)}`),
    ...edges.filter(({ to }) => to === id).map((edge) => `comes from ${nameOf(edge.from)}${meaningOf(edge)}`),
  ];
  return said.length === 0 ? undefined : said.join("; ");
}
