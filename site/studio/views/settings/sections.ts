// The sections of the settings, in their order.
import type { ComponentType } from "preact";
import { EnvironmentsSection } from "./environments-section.tsx";
import { KeysSection } from "./keys-section.tsx";
import { MembersSection } from "./members-section.tsx";
import { PolicySection } from "./policy-section.tsx";
import { SecretsSection } from "./secrets-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { SharingSection } from "./sharing-section.tsx";
import { TokensSection } from "./tokens-section.tsx";

type SettingsSection = { readonly id: string; readonly name: string; readonly component: ComponentType };

export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  { id: "members", name: "Members", component: MembersSection },
  { id: "tokens", name: "Tokens", component: TokensSection },
  { id: "keys", name: "Keys", component: KeysSection },
  { id: "secrets", name: "Secrets", component: SecretsSection },
  { id: "policy", name: "Policy", component: PolicySection },
  { id: "environments", name: "Environments", component: EnvironmentsSection },
  { id: "sharing", name: "Sharing", component: SharingSection },
  { id: "sessions", name: "Sessions", component: SessionsSection },
];
