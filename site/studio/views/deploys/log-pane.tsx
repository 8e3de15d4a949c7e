// A log: follow or pause, search, level, copy, download.

import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../../../halo/button.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { scrollable } from "../../../halo/scrollable.ts";
import { SelectField } from "../../../halo/select-field.tsx";
import { InputField } from "../../forms/input-field.tsx";
import { filterLines, type LogLevel, type LogLine, linesAsText } from "./log-filter.ts";
import "./log-pane.css";

const LEVELS = [
  { value: "all", label: "Every line" },
  { value: "warn", label: "Warnings and errors" },
  { value: "error", label: "Errors" },
] as const satisfies readonly { value: LogLevel; label: string }[];
/** So near to the end counts as at the end. */
const END_PX = 24;

type LogPaneProps = {
  readonly title: string;
  readonly isTitleHidden?: boolean;
  readonly fileName: string;
  readonly lines: readonly LogLine[];
  /** More may come. */
  readonly isLive: boolean;
  readonly problem: string | null;
  readonly emptyText?: string;
};

export function LogPane({
  title,
  isTitleHidden = false,
  fileName,
  lines,
  isLive,
  problem,
  emptyText,
}: LogPaneProps) {
  const titleId = useId();
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<LogLevel>("all");
  // What is on the page while it is paused; null while it follows.
  const [held, setHeld] = useState<readonly LogLine[] | null>(null);
  const shown = useMemo(() => filterLines(held ?? lines, { search, level }), [held, lines, search, level]);
  const newCount = held === null ? 0 : lines.filter(({ seq }) => seq > (held.at(-1)?.seq ?? -1)).length;
  return (
    <section class="log" aria-labelledby={titleId}>
      <div class="log__head">
        <h2 id={titleId} class={isTitleHidden ? "only-read" : undefined}>
          {title}
        </h2>
        <div class="log__tools">
          {isLive || held !== null ? (
            <Button
              size="small"
              icon={held === null ? "pause" : "play"}
              onClick={() => setHeld(held === null ? lines : null)}
            >
              {held === null ? "Pause" : sayFollow(newCount)}
            </Button>
          ) : null}
          <CopyButton text={linesAsText(shown)} label="Copy these lines" hasWord />
          <Button
            size="small"
            kind="quiet"
            icon="download"
            isDisabled={lines.length === 0}
            onClick={() => download(fileName, linesAsText(lines))}
          >
            Download
          </Button>
        </div>
      </div>
      <div class="log__filters">
        <InputField label="Search the log" type="search" value={search} onInput={setSearch} />
        <SelectField
          label="Show"
          value={level}
          options={LEVELS}
          onChange={(value) => setLevel(LEVELS.find((one) => one.value === value)?.value ?? "all")}
        />
      </div>
      {problem === null ? null : (
        <p class="note note--warn" role="status">
          {problem}
        </p>
      )}
      <Lines
        label={title}
        lines={shown}
        isFollowing={held === null}
        onLeaveEnd={() => {
          if (isLive && held === null) setHeld(lines);
        }}
        emptyText={sayEmpty(lines.length, isLive, emptyText)}
      />
      <p class="muted log__count">
        {shown.length === lines.length ? `${lines.length} lines` : `${shown.length} of ${lines.length} lines`}
      </p>
    </section>
  );
}

type LinesProps = {
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly isFollowing: boolean;
  /** The reader has scrolled back: what they read must stay where it is. */
  readonly onLeaveEnd: () => void;
  readonly emptyText: string;
};

function Lines({ label, lines, isFollowing, onLeaveEnd, emptyText }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  useEffect(() => {
    const element = box.current;
    if (isFollowing && element !== null) element.scrollTop = element.scrollHeight;
  }, [lines, isFollowing]);
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const isBack = element.scrollTop < lastTop.current;
    lastTop.current = element.scrollTop;
    if (isBack && element.scrollHeight - element.clientHeight - element.scrollTop > END_PX) onLeaveEnd();
  };
  return (
    <div ref={box} class="log__lines" {...scrollable(label, "log")} onScroll={onScroll}>
      {lines.length === 0 ? <p class="muted">{emptyText}</p> : null}
      {lines.map((line) => (
        <div key={line.seq} class={`log__line log__line--${line.level}`}>
          <time class="log__time" dateTime={new Date(line.ts).toISOString()}>
            {new Date(line.ts).toLocaleTimeString("en-GB")}
          </time>
          <span class="log__level">{line.level}</span>
          <span class="log__message">
            {line.message}
            {line.aside === undefined ? null : <span class="log__aside"> {line.aside}</span>}
            {line.detail === undefined ? null : <pre class="log__detail">{line.detail}</pre>}
          </span>
        </div>
      ))}
    </div>
  );
}

function sayFollow(newCount: number): string {
  return newCount === 0 ? "Follow" : `Follow (${newCount} new)`;
}

function sayEmpty(lineCount: number, isLive: boolean, given: string | undefined): string {
  if (lineCount > 0) return "No line is like that.";
  return given ?? (isLive ? "Nothing was written yet." : "Nothing was written.");
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
