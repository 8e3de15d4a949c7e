// What each node did with its time: its phases as bars on the virtual clock, its retries and what it received.
import type { MeshNodeReport } from "../../../../schemas/mesh-result.ts";
import { phaseTone } from "./phase-words.ts";
import { sayMs } from "./scrubber.tsx";
import "./node-charts.css";

type NodeChartsProps = { readonly reports: readonly MeshNodeReport[]; readonly startedAt: string };

const KIBIBYTE = 1_024;

export function NodeCharts({ reports, startedAt }: NodeChartsProps) {
  const beginMs = Date.parse(startedAt);
  const endMs = Math.max(
    1,
    ...reports.flatMap(({ phases }) => phases.map(({ end }) => Date.parse(end) - beginMs)),
  );
  const mostRetries = Math.max(1, ...reports.map(({ retries }) => retries));
  const mostBytes = Math.max(1, ...reports.map(({ bytesReceived }) => bytesReceived));
  return (
    <ul class="node-charts">
      {reports.map(({ nodeId, phases, retries, bytesReceived, signatureVerified }) => (
        <li key={nodeId}>
          <h3>{nodeId}</h3>
          <div class="node-charts__phases">
            {phases.map(({ name, start, end, status, details }) => {
              const fromMs = Date.parse(start) - beginMs;
              const tookMs = Date.parse(end) - Date.parse(start);
              const said = `${name} ${status === "error" ? "failed" : ""} ${sayMs(fromMs)}, for ${sayMs(tookMs)}`;
              return (
                <span
                  key={`${name} ${start}`}
                  class={`node-charts__bar node-charts__bar--${status === "error" ? "bad" : phaseTone(name)}`}
                  style={{
                    insetInlineStart: `${(fromMs / endMs) * 100}%`,
                    width: `${(tookMs / endMs) * 100}%`,
                  }}
                  title={details === undefined ? said : `${said}: ${details}`}
                >
                  <span class="only-read">{said}. </span>
                  <span class="node-charts__name" aria-hidden="true">
                    {tookMs / endMs > 0.12 ? name : ""}
                  </span>
                </span>
              );
            })}
          </div>
          <p class="node-charts__facts">
            <Bar share={retries / mostRetries} text={`${retries} retries`} />
            <Bar
              share={bytesReceived / mostBytes}
              text={`${(bytesReceived / KIBIBYTE).toFixed(1)} KiB received`}
            />
            <span>{signatureVerified ? "signature verified" : "signature not verified"}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

function Bar({ share, text }: { readonly share: number; readonly text: string }) {
  return (
    <span class="node-charts__measure">
      <span class="node-charts__measure-bar" aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {text}
    </span>
  );
}
