// The stage in words: each node's phase at the moment, what has happened so far, and what the packets' looks mean.
import { Badge } from "../../../halo/badge.tsx";
import { describePhase, phaseTone } from "./phase-words.ts";
import { countsAt, nodesAt, type RunIndex } from "./run-moment.ts";
import "./node-list.css";

type NodeListProps = { readonly index: RunIndex; readonly atMs: number };

const LEGEND = [
  { look: "good", mark: "●", text: "arrives" },
  { look: "late", mark: "○", text: "arrives among the slowest tenth" },
  { look: "dropped", mark: "✕", text: "dropped: lost, cut off, refused or broken" },
  { look: "copy", mark: "●", text: "a copy that the link made" },
] as const;

export function NodeList({ index, atMs }: NodeListProps) {
  const { sent, delivered, dropped, duplicated } = countsAt(index, atMs);
  const about = index.run.each > 1 ? "about " : "";
  return (
    <div class="node-list">
      <ul class="node-list__nodes" aria-label="Nodes at this moment">
        {nodesAt(index.run, atMs).map(({ name, phase, reason, isPaused }) => (
          <li key={name}>
            <span>{name}</span>
            <Badge tone={isPaused ? "warn" : phaseTone(phase)}>
              {isPaused ? "paused" : describePhase(phase)}
            </Badge>
            {reason === null ? null : <span class="node-list__reason">{reason}</span>}
          </li>
        ))}
      </ul>
      <dl class="node-list__counts">
        {(
          [
            ["Sent", sent],
            ["Delivered", delivered],
            ["Dropped", dropped],
            ["Duplicated", duplicated],
          ] as const
        ).map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {about}
              {count.toLocaleString("en")}
            </dd>
          </div>
        ))}
      </dl>
      <ul class="node-list__legend" aria-label="Packets">
        {LEGEND.map(({ look, mark, text }) => (
          <li key={look}>
            <span class={`mesh-ink mesh-ink--${look}`} aria-hidden="true">
              {mark}
            </span>
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
