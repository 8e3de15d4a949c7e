// A text area with numbered lines. Tab leaves it, as everywhere: the editor must not catch the keyboard.
import { useMemo, useRef } from "preact/hooks";

type NumberedTextAreaProps = {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Ctrl or ⌘ with Enter. */
  readonly onSubmit: () => void;
};

export function NumberedTextArea({ label, value, onInput, onSubmit }: NumberedTextAreaProps) {
  const numbers = useRef<HTMLPreElement>(null);
  const lineCount = useMemo(() => value.split("\n").length, [value]);
  const text = useMemo(
    () => Array.from({ length: lineCount }, (_, index) => index + 1).join("\n"),
    [lineCount],
  );
  return (
    <div class="numbered">
      <pre class="numbered-lines" ref={numbers} aria-hidden="true">
        {text}
      </pre>
      <textarea
        class="numbered-text"
        aria-label={label}
        value={value}
        wrap="off"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        autofocus
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onSubmit();
        }}
      />
    </div>
  );
}
