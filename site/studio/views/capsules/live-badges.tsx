// Where a capsule is live right now.
import type { EnvironmentState } from "../../../../schemas/api/projects.ts";
import { Badge } from "../../../halo/badge.tsx";
import { useProject } from "../../data/project-room.ts";

export function LiveBadges({ digest }: { readonly digest: string }) {
  const { detail } = useProject();
  const environments = liveIn(detail.environments, digest);
  if (environments.length === 0) return null;
  return (
    <span class="caps-badges">
      {environments.map(({ name, url }) => (
        <a key={name} href={url} target="_blank" rel="noopener" title={`Open ${url}`}>
          <Badge tone="live">live in {name}</Badge>
        </a>
      ))}
    </span>
  );
}

function liveIn(environments: readonly EnvironmentState[], digest: string): readonly EnvironmentState[] {
  return environments.filter(({ live }) => live?.capsuleDigest === digest);
}
