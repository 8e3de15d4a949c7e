// Glass, cards, empty places.
import { Badge } from "../badge.tsx";
import { Button } from "../button.tsx";
import { Card } from "../card.tsx";
import { EmptyState } from "../empty-state.tsx";
import { GlassLayer } from "../glass-layer.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

export const SURFACE_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "GlassLayer",
    about: "What panels, bars and cards are made of: flat, raised, or lit when it matters now.",
    Show: () => (
      <div class="gallery__grid">
        {(["flat", "raised", "lit"] as const).map((depth) => (
          <GlassLayer key={depth} depth={depth} class="gallery__pane">
            {depth}
          </GlassLayer>
        ))}
      </div>
    ),
  },
  {
    name: "Card",
    about:
      "One thing with a title, some facts, and what can be done with it. With an address all of it is a link.",
    Show: () => (
      <div class="gallery__grid">
        <Card title="fair-share" href="#card" aside={<Badge tone="live">Live in dev</Badge>}>
          <p class="muted">Splits the costs of a trip. Two branches, twelve capsules.</p>
        </Card>
        <Card
          title="Capsule 0.4.1"
          aside={<Badge tone="good">Verified</Badge>}
          actions={
            <>
              <Button kind="primary" size="small">
                Deploy
              </Button>
              <Button size="small">Simulate</Button>
            </>
          }
        >
          <p class="muted">Fourteen files, 82 kB, signed by the builder's key.</p>
        </Card>
        <Card title="The next step" depth="lit">
          <p class="muted">Rehearse this capsule on a mesh, and production opens for it.</p>
        </Card>
      </div>
    ),
  },
  {
    name: "EmptyState",
    about: "What would be here, and how it comes here.",
    Show: () => (
      <EmptyState
        icon="capsule"
        title="No capsules yet"
        actions={<Button kind="primary">Pack this moment</Button>}
      >
        <p>
          A capsule is one state of the app, signed. Pack the moment that you are looking at, or push a
          folder.
        </p>
      </EmptyState>
    ),
  },
];
