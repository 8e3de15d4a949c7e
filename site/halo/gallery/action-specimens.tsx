// Buttons, badges, tabs, and what is copied.
import { useState } from "preact/hooks";
import { Badge } from "../badge.tsx";
import { Button, ButtonLink } from "../button.tsx";
import { CopyButton } from "../copy-button.tsx";
import { Digest } from "../digest.tsx";
import { IconButton } from "../icon-button.tsx";
import { Kbd } from "../kbd.tsx";
import { TabLinks } from "../tab-links.tsx";
import { Tabs } from "../tabs.tsx";
import { Tooltip } from "../tooltip.tsx";
import type { SpecimenEntry } from "./specimen.tsx";

const VIEWS = [
  { id: "history", label: "History", aside: "128" },
  { id: "files", label: "Files" },
  { id: "capsules", label: "Capsules", aside: "12" },
  { id: "deploys", label: "Deploys" },
  { id: "mesh", label: "Mesh" },
  { id: "settings", label: "Settings" },
] as const;
const DIGEST = "sha256:4f1c0a7be2d95836c0fd1e27ab94c35d8806e7f1b23a94cd5fe6078192ab3cde";

export const ACTION_SPECIMENS: readonly SpecimenEntry[] = [
  {
    name: "Button",
    about: "One primary a view; the rest is plain or quiet. Danger takes something away.",
    isRow: true,
    Show: () => (
      <>
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
      </>
    ),
  },
  {
    name: "IconButton",
    about: "Where words find no room. Its name is read aloud, and shown on hover and focus.",
    isRow: true,
    Show: () => (
      <>
        <IconButton icon="restore" label="Restore" />
        <IconButton icon="pin" label="Pin this moment" aria-pressed={true} />
        <IconButton icon="more" label="More" size="small" />
        <IconButton icon="trash" label="Remove" isDisabled />
      </>
    ),
  },
  {
    name: "Tooltip",
    about: "A short word on hover and focus; Escape hides it. Never the only place of what must be known.",
    isRow: true,
    Show: () => (
      <>
        <Tooltip text="Nothing is built again: the pointer goes back.">
          <Button icon="restore">Roll back</Button>
        </Tooltip>
        <Tooltip text="The palette reaches everything." side="below">
          <Button kind="quiet">Below</Button>
        </Tooltip>
      </>
    ),
  },
  {
    name: "Badge",
    about: "How something stands, in a word and a tone.",
    isRow: true,
    Show: () => (
      <>
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
      </>
    ),
  },
  {
    name: "Tabs",
    about:
      "Views of one thing: arrows, Home and End move and select. TabLinks look alike and have addresses.",
    Show: TabStates,
  },
  {
    name: "CopyButton",
    about: "Copies, and says whether that worked.",
    isRow: true,
    Show: () => (
      <>
        <CopyButton text={DIGEST} label="Copy the digest" />
        <CopyButton text="npx oursynth doctor" label="Copy the command" hasWord />
      </>
    ),
  },
  {
    name: "Digest",
    about: "As many digits as a person compares; the whole of it to copy, and in its title.",
    isRow: true,
    Show: () => <Digest value={DIGEST} of="the capsule" />,
  },
  {
    name: "Kbd",
    about: "Keys of a shortcut; Mod is ⌘ on a Mac and Ctrl elsewhere.",
    isRow: true,
    Show: () => (
      <>
        <Kbd keys="Mod K" />
        <Kbd keys="Shift Z" />
        <Kbd keys="?" />
      </>
    ),
  },
];

function TabStates() {
  const [view, setView] = useState<(typeof VIEWS)[number]["id"]>("history");
  return (
    <>
      <Tabs label="The project's views" tabs={VIEWS} selected={view} onSelect={setView}>
        <p>{VIEWS.find(({ id }) => id === view)?.label} would stand here.</p>
      </Tabs>
      <TabLinks
        label="The project's addresses"
        tabs={VIEWS.map((tab) => ({ ...tab, href: `#${tab.id}` }))}
        current="files"
      />
    </>
  );
}
