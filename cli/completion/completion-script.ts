// Writes completion scripts from the tree of commands, so that they never fall behind it.
import type { Command } from "commander";

export const COMPLETION_SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

/** One place in the tree: `capsule pack`, with the words that can follow it. */
type Place = { readonly path: string; readonly words: readonly string[]; readonly takesFiles: boolean };

/** Commands that are installed under a name of their own start at a place within the tree. */
const PROGRAMS: readonly (readonly [name: string, path: string])[] = [
  ["oursynth", ""],
  ["capsule", "capsule"],
];

export function completionScript(program: Command, shell: CompletionShell): string {
  const places = collectPlaces(program, "", []);
  switch (shell) {
    case "bash":
      return bashScript(places);
    case "zsh":
      // zsh runs bash's functions; its own system would need every description a second time.
      return `#compdef ${PROGRAMS.map(([name]) => name).join(" ")}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(places)}`;
    case "fish":
      return fishScript(places);
    case "powershell":
      return powershellScript(places);
  }
}

function collectPlaces(command: Command, path: string, inherited: readonly string[]): Place[] {
  const own = command.options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
  const options = [...inherited, ...own];
  const children = command.commands.map((child) => child.name());
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const words = [...children, ...choices, ...options, "--help"];
  const takesFiles = command.registeredArguments.some((argument) => /FILE|DIR/.test(argument.name()));
  return [
    { path, words, takesFiles },
    ...command.commands.flatMap((child) => collectPlaces(child, `${path} ${child.name()}`.trim(), options)),
  ];
}

function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => `    "${path}") words="${words.join(" ")}" ;;`);
  const known = places.map(({ path }) => `"${path}"`).join("|");
  return `# Completion of oursynth. Load it with: source <(oursynth completion bash)
_oursynth_complete() {
  local place="$1" word words="" current="\${COMP_WORDS[COMP_CWORD]}" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "\${place:+$place }$word" in
      ${known}) place="\${place:+$place }$word" ;;
    esac
  done
  case "$place" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
${PROGRAMS.map(
  ([name, path]) => `_${name}_completion() { _oursynth_complete "${path}"; }
complete -o default -F _${name}_completion ${name}`,
).join("\n")}
`;
}

function fishScript(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words, takesFiles }) =>
      `    case '${path}'\n      printf '%s\\n' ${words.join(" ")}${takesFiles ? "\n      __fish_complete_path (commandline -ct)" : ""}`,
  );
  const known = places.map(({ path }) => `'${path}'`).join(" ");
  return `# Completion of oursynth. Write it to ~/.config/fish/completions/oursynth.fish
function __oursynth_complete
  set -l place $argv[1]
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$place $word")
    if contains -- "$next" ${known}
      set place $next
    end
  end
  switch "$place"
${cases.join("\n")}
  end
end
${PROGRAMS.map(([name, path]) => `complete -c ${name} -f -a "(__oursynth_complete '${path}')"`).join("\n")}
`;
}

function powershellScript(places: readonly Place[]): string {
  const entries = places.map(
    ({ path, words }) => `  '${path}' = @(${words.map((word) => `'${word}'`).join(", ")})`,
  );
  const registrations = PROGRAMS.map(
    ([name, path]) => `Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  Complete-OurSynth '${path}' $wordToComplete $commandAst $cursorPosition
}`,
  );
  return `# Completion of oursynth. Add it to $PROFILE
$OurSynthPlaces = @{
${entries.join("\n")}
}
function Complete-OurSynth($place, $wordToComplete, $commandAst, $cursorPosition) {
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $next = "$place $($element.Extent.Text)".Trim()
    if ($OurSynthPlaces.ContainsKey($next)) { $place = $next }
  }
  $OurSynthPlaces[$place] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
${registrations.join("\n")}
`;
}
