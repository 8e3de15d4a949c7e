// What is written in a capsule's manifest, its digests to copy, and the commands that do the same elsewhere.
import type { ComponentChildren } from "preact";
import { ButtonLink } from "../../../halo/button.tsx";
import { CodeBlock } from "../../../halo/code-block.tsx";
import { CopyButton } from "../../../halo/copy-button.tsx";
import { useProject } from "../../data/project-room.ts";
import { routes } from "../../routes.ts";
import { CommandLine } from "../../shell/command-line.tsx";
import { ViewLink } from "../../shell/view-link.tsx";
import { downloadUrl } from "./capsule-links.ts";
import type { OpenCapsule } from "./capsule-view.tsx";
import { LocalCommand } from "./local-command.tsx";

export function FactsTab({ capsule }: { readonly capsule: OpenCapsule }) {
  const { label } = useProject();
  const { manifest, capsuleDigest, contentDigest, id, createdAt, eventSeq } = capsule;
  const { app, rights, compatibility, createdBy, parents, services, seeds } = manifest;
  return (
    <div class="caps-facts-tab">
      <dl class="caps-facts">
        <Fact name="Capsule digest" copied={capsuleDigest} />
        <Fact name="Content digest" copied={contentDigest} />
        <Fact name="Id" copied={id} />
        <Fact name="Made">
          <time dateTime={new Date(createdAt).toISOString()}>
            {new Date(createdAt).toLocaleString("en-GB")}
          </time>
        </Fact>
        {createdBy === null ? null : <Fact name="By its own words made by">{createdBy.name}</Fact>}
        <Fact name="Accepted at event">
          <ViewLink view="time" href={routes.time(label, { at: eventSeq })}>
            #{eventSeq}
          </ViewLink>
        </Fact>
        <Fact name="Parents">
          <Parents digests={parents} />
        </Fact>
        <Fact name="Framework">{app.framework}</Fact>
        <Fact name="Entry">{app.entry ?? "none"}</Fact>
        <Fact name="Variables">{sayList(Object.keys(app.env))}</Fact>
        <Fact name="Secrets it asks for">{sayList(app.secrets)}</Fact>
        <Fact name="Hosts it wants to reach">{sayList(app.outbound)}</Fact>
        <Fact name="Services">{sayList(services.map(({ name, type }) => `${name} (${type})`))}</Fact>
        <Fact name="Seeds">{sayList(seeds.map(({ name, type }) => `${name} (${type})`))}</Fact>
        <Fact name="Licence">{rights.license}</Fact>
        <Fact name="Runs on platform">{compatibility.platform}</Fact>
      </dl>
      <Commands capsule={capsule} />
      <Downloads capsule={capsule} />
      <details class="caps-raw">
        <summary>The whole manifest</summary>
        <CodeBlock code={JSON.stringify(manifest, null, 2)} language="json" isWrapped />
      </details>
    </div>
  );
}

type FactProps =
  | { readonly name: string; readonly copied: string; readonly children?: undefined }
  | { readonly name: string; readonly copied?: undefined; readonly children: ComponentChildren };

function Fact({ name, copied, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      {copied === undefined ? (
        <dd>{children}</dd>
      ) : (
        <dd class="caps-facts__digest">
          <code>{copied}</code>
          <CopyButton text={copied} label={`Copy the ${name.toLowerCase()}`} />
        </dd>
      )}
    </>
  );
}

function Parents({ digests }: { readonly digests: readonly string[] }) {
  const { label } = useProject();
  if (digests.length === 0) return <>none: it is the first of its line</>;
  return (
    <ul>
      {digests.map((digest) => (
        <li key={digest}>
          <a href={routes.capsule(label, digest)}>
            <code>{digest}</code>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Commands({ capsule: { capsuleDigest, version, id } }: { readonly capsule: OpenCapsule }) {
  const { label } = useProject();
  const file = `${/^urn:oursynth:app:([^@]+)@/.exec(id)?.[1] ?? "capsule"}-${version}.caps`;
  return (
    <section class="caps-commands" aria-labelledby="caps-commands">
      <h2 id="caps-commands">On the command line</h2>
      <CommandLine text={`oursynth pull ${capsuleDigest} --project ${label} --out ${file}`} />
      <LocalCommand text={`oursynth capsule verify ${file} --expect ${capsuleDigest}`} />
      <LocalCommand text={`oursynth capsule inspect ${file}`} />
      <CommandLine text={`oursynth mesh-sim --project ${label} --capsule ${capsuleDigest} --nodes 5`} />
      <CommandLine text={`oursynth deploy ${capsuleDigest} --project ${label} --env dev --wait`} />
    </section>
  );
}

function Downloads({ capsule: { capsuleDigest } }: { readonly capsule: OpenCapsule }) {
  const { projectId } = useProject();
  const ref = { projectId, digest: capsuleDigest };
  return (
    <section class="caps-commands" aria-labelledby="caps-downloads">
      <h2 id="caps-downloads">Download</h2>
      <p class="muted">
        A .caps carries its provenance. With receipts, the signature of a key that was retired since can be
        decided offline too; with all statements, rehearsals, decisions and deploys come along.
      </p>
      <div class="caps-badges">
        <ButtonLink icon="download" href={downloadUrl(ref, "provenance")} download>
          .caps
        </ButtonLink>
        <ButtonLink icon="download" href={downloadUrl(ref, "receipts")} download>
          With receipts
        </ButtonLink>
        <ButtonLink icon="download" href={downloadUrl(ref, "all")} download>
          With all statements
        </ButtonLink>
      </div>
    </section>
  );
}

function sayList(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.join(", ");
}
