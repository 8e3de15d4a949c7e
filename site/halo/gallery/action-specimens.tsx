// Buttons, badges, tabs.
import { useState } from "preact/hooks";
import { Badge } from "../badge.tsx";
import { Button, ButtonLink } from "../button.tsx";
import { IconButton } from "../icon-button.tsx";
import { TabLinks } from "../tab-links.tsx";
import { Tabs } from "../tabs.tsx";
import { Tooltip } from "../tooltip.tsx";
import { Specimen } from "./specimen.tsx";

const VIEWS = [
  { id: "history", label: "History", aside: "128" },
  { id: "files", label: "Files" },
  { id: "capsules", label: "Capsules", aside: "12" },
  { id: "deploys", label: "Deploys" },
  { id: "mesh", label: "Mesh" },
  { id: "settings", label: "Settings" },
] as const;

export function ActionSpecimens() {
  const [view, setView] = useState<(typeof VIEWS)[number]["id"]>("history");
  return (
    <>
      <Specimen
        name="Button"
        about="One primary a view; the rest is plain or quiet. Danger takes something away."
        isRow
      >
        <Button kind="primary" icon="rocket">
          Deploy to dev
        </Button>
        <Button icon="branch">Branch from here</Button>
        <Button kind="quiet">Cancel</Button>
        <Button kind="danger" icon="trash">
          Remove the secret
        </Button>
        <Button kind="primary" isBusy>
          Packing
        </Button>
        <Button isDisabled>Not yet</Button>
        <Button size="small">Small</Button>
        <Button size="large">Large</Button>
        <ButtonLink href="#button" icon="external">
          A link
        </ButtonLink>
      </Specimen>
      <Specimen
        name="IconButton"
        about="Where words find no room. Its name is read aloud, and shown on hover and focus."
        isRow
      >
        <IconButton icon="restore" label="Restore" />
        <IconButton icon="pin" label="Pin this moment" aria-pressed={true} />
        <IconButton icon="more" label="More" size="small" />
        <IconButton icon="trash" label="Remove" isDisabled />
      </Specimen>
      <Specimen
        name="Tooltip"
        about="A short word on hover and focus; Escape hides it. Never the only place of what must be known."
        isRow
      >
        <Tooltip text="Nothing is built again: the pointer goes back.">
          <Button icon="restore">Roll back</Button>
        </Tooltip>
        <Tooltip text="Ctrl K opens the palette." side="below">
          <Button kind="quiet">Below</Button>
        </Tooltip>
      </Specimen>
      <Specimen name="Badge" about="How something stands, in a word and a tone." isRow>
        <Badge tone="live">Live</Badge>
        <Badge tone="good" icon="check">
          Verified
        </Badge>
        <Badge tone="bad" icon="close">
          Failed
        </Badge>
        <Badge tone="warn" icon="alert">
          Behind
        </Badge>
        <Badge tone="info">Staging</Badge>
        <Badge>Draft</Badge>
      </Specimen>
      <Specimen
        name="Tabs"
        about="Views of one thing: arrows, Home and End move and select. TabLinks look alike and have addresses."
      >
        <Tabs label="The project's views" tabs={VIEWS} selected={view} onSelect={setView}>
          <p>{VIEWS.find(({ id }) => id === view)?.label} would stand here.</p>
        </Tabs>
        <TabLinks
          label="The project's addresses"
          tabs={VIEWS.map((tab) => ({ ...tab, href: `#${tab.id}` }))}
          current="files"
        />
      </Specimen>
    </>
  );
}
