/** @jsxImportSource hono/jsx */
// What a release would change, as a person reads it before answering for it.
import type { RestatedRelease } from "../../../schemas/restatement.ts";

export function Release({ release }: { readonly release: RestatedRelease }) {
  const { changes, recipe, gate, override, live } = release;
  return (
    <>
      <div class="panel">
        <h2>What goes there</h2>
        <dl>
          <dt>Capsule</dt>
          <dd>
            {release.capsuleId}
            <br />
            <code>{release.capsuleDigest}</code>
          </dd>
          <dt>Committed</dt>
          <dd>
            {release.branch === null
              ? "to no branch"
              : `to ${release.branch}, by event ${release.commitSeq} of the timeline`}
          </dd>
          <dt>Live there now</dt>
          <dd>{live === null ? "nothing" : <code>{live.capsuleDigest}</code>}</dd>
          <dt>Where</dt>
          <dd>{release.hostnames.join(", ")}</dd>
          <dt>Recipe</dt>
          <dd>
            {recipe.framework}, compatibility date {recipe.compatibilityDate}
            {recipe.steps.length === 0 ? ", no build steps" : `, ${recipe.steps.join("; ")}`}
          </dd>
        </dl>
      </div>
      <div class="panel">
        <h2>What differs</h2>
        <p>
          {changes.files.addedCount} files added, {changes.files.modifiedCount} changed,{" "}
          {changes.files.removedCount} removed.
        </p>
        {changes.files.lines.length === 0 ? null : (
          <details>
            <summary>The files</summary>
            <pre>{changes.files.lines.join("\n")}</pre>
          </details>
        )}
        <dl>
          <Names title="Settings" names={changes.settings} />
          <Names title="Variables" names={changes.variables} />
          <Names title="Secrets that it needs" names={changes.secrets} />
        </dl>
      </div>
      <div class="panel">
        <h2>What speaks for it</h2>
        <dl>
          <dt>The gate</dt>
          <dd>{gate.message}</dd>
          <dt>Policy</dt>
          <dd>revision {gate.policyRevision}</dd>
          <dt>Evidence</dt>
          <dd>{gate.simId === null ? "none" : <code>{gate.simId}</code>}</dd>
          {override === null ? null : (
            <>
              <dt>Overridden, because</dt>
              <dd>{override.reason}</dd>
            </>
          )}
        </dl>
      </div>
    </>
  );
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{names.length === 0 ? "the same" : names.join(", ")}</dd>
    </>
  );
}
