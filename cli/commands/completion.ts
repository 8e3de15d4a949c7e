// `oursynth completion SHELL`: a script that completes commands and options.
import { Argument, type Command } from "commander";
import { examples } from "../command-context.ts";
import {
  COMPLETION_SHELLS,
  type CompletionShell,
  completionScript,
} from "../completion/completion-script.ts";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script that completes commands and options in your shell")
    .addArgument(new Argument("<SHELL>", COMPLETION_SHELLS.join(", ")).choices(COMPLETION_SHELLS))
    .addHelpText(
      "after",
      examples(
        "source <(oursynth completion bash)",
        "oursynth completion zsh > ~/.zfunc/_oursynth",
        "oursynth completion fish > ~/.config/fish/completions/oursynth.fish",
        "oursynth completion powershell >> $PROFILE",
      ),
    )
    .action((shell: CompletionShell, _options: unknown, command: Command) => {
      const script = completionScript(program, shell);
      const isJson = command.optsWithGlobals<{ json?: boolean }>().json === true;
      process.stdout.write(isJson ? `${JSON.stringify({ shell, script })}\n` : script);
    });
}
