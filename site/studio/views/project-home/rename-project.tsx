// The project's name, which can be changed; its label cannot.
import { useState } from "preact/hooks";
import type { ProjectSummary } from "../../../../schemas/api/projects.ts";
import { apiPath, askApi } from "../../data/api-client.ts";
import { useActionBlock, useProject } from "../../data/project-room.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";

export function RenameProject() {
  const { detail, projectId, reloadDetail } = useProject();
  const block = useActionBlock("projects:write");
  const [error, setError] = useState<unknown>();
  const rename = async (name: string): Promise<void> => {
    setError(undefined);
    try {
      await askApi<ProjectSummary>(apiPath`/api/projects/${projectId}`, { method: "PATCH", json: { name } });
      reloadDetail();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        void rename(String(new FormData(event.currentTarget).get("name") ?? ""));
      }}
    >
      <label>
        Name <input name="name" defaultValue={detail.name} maxLength={100} required />
      </label>
      <button type="submit" disabled={block !== null} title={block ?? undefined}>
        Rename
      </button>
      <ProblemNote error={error} />
    </form>
  );
}
