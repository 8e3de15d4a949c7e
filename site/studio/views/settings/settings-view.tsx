// Settings: one section at a time, each with an address.
import { useLocation, useRoute } from "preact-iso/router";
import { TabLinks } from "../../../halo/tab-links.tsx";
import { useProject } from "../../data/project-room.ts";
import { ConfirmationHost } from "../../prod/confirmation-host.tsx";
import { WaitingBanner } from "../../prod/waiting-banner.tsx";
import { routes } from "../../routes.ts";
import { useCommands } from "../../shell/commands.ts";
import { NoSuchView } from "../../shell/no-such-view.tsx";
import { ViewHeading } from "../../shell/view-heading.tsx";
import { SETTINGS_SECTIONS } from "./sections.ts";
import "./settings.css";

export function SettingsView() {
  const { label } = useProject();
  const { section = SETTINGS_SECTIONS[0]?.id } = useRoute().params;
  const { route } = useLocation();
  useCommands(
    SETTINGS_SECTIONS.map(({ id, name }) => ({
      id: `settings.${id}`,
      group: "Settings",
      title: name,
      icon: "settings",
      run: () => route(routes.settings(label, id)),
    })),
  );
  const open = SETTINGS_SECTIONS.find(({ id }) => id === section);
  if (open === undefined) return <NoSuchView />;
  const Section = open.component;
  return (
    <section class="view settings">
      <ViewHeading title={open.name} eyebrow="Settings" />
      <div class="settings__sections">
        <TabLinks
          label="Settings"
          current={open.id}
          tabs={SETTINGS_SECTIONS.map(({ id, name }) => ({
            id,
            label: name,
            href: routes.settings(label, id),
          }))}
        />
      </div>
      <WaitingBanner />
      <Section />
      <ConfirmationHost />
    </section>
  );
}
