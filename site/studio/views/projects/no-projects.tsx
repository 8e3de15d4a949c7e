// The list before there is anything in it: two ways to begin.
import { Button } from "../../../halo/button.tsx";
import { EmptyState } from "../../../halo/empty-state.tsx";
import { CommandLine } from "../../shell/command-line.tsx";

type NoProjectsProps = { readonly block: string | null; readonly create: () => void };

export function NoProjects({ block, create }: NoProjectsProps) {
  return (
    <EmptyState
      icon="capsule"
      title="No project yet"
      headingLevel={2}
      actions={
        <Button kind="primary" icon="plus" disabledReason={block} onClick={create}>
          Create a project
        </Button>
      }
    >
      <div class="no-projects">
        <p>A project holds one app: its files, its history, and what is live where.</p>
        {block === null ? (
          <>
            <p>In a terminal, in the folder of your app:</p>
            <CommandLine text="npx oursynth projects create my-app" />
            <CommandLine text="npx oursynth push . --project my-app" />
            <p>Or here:</p>
          </>
        ) : (
          <p>{block}</p>
        )}
      </div>
    </EmptyState>
  );
}
