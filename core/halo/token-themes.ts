// The themes that a tokens file declares: dark and light, each with the contrast that the reader wants.
import { readDeclarations } from "./css-declarations.ts";

/** By token name (`--color-text`), what it is in one theme. */
export type TokenValues = ReadonlyMap<string, string>;

export type TokenTheme = {
  readonly name: string;
  readonly isMoreContrast: boolean;
  readonly values: TokenValues;
};

type Scheme = "light" | "dark";

const MORE_BY_SYSTEM = /^@media \(prefers-contrast: more\)$/;
const MORE_BY_READER = /^:root\[data-contrast="more"\]$/;
const LIGHT_DARK = /^light-dark\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)$/;

/**
 * The four themes: light and dark, normal and more contrast. `:root` holds for all; a token is the same in both schemes or
 * `light-dark(light, dark)`. What asks for less transparency is left out: it only makes grounds opaque.
 */
export function readTokenThemes(css: string): TokenTheme[] {
  const { base, moreBySystem } = readLayers(css);
  const more = new Map([...base, ...moreBySystem]);
  return (["light", "dark"] as const).flatMap((scheme) => [
    { name: scheme, isMoreContrast: false, values: valuesIn(base, scheme) },
    { name: `${scheme}, more contrast`, isMoreContrast: true, values: valuesIn(more, scheme) },
  ]);
}

/** The names of tokens that are not the same when the reader asks for more contrast as when their system does. */
export function findContrastDrift(css: string): string[] {
  const { moreBySystem, moreByReader } = readLayers(css);
  const names = new Set([...moreBySystem.keys(), ...moreByReader.keys()]);
  return [...names].filter((name) => moreBySystem.get(name) !== moreByReader.get(name));
}

function readLayers(css: string) {
  const base = new Map<string, string>();
  const moreBySystem = new Map<string, string>();
  const moreByReader = new Map<string, string>();
  for (const { property, value, context } of readDeclarations(css)) {
    if (!property.startsWith("--")) continue;
    const [outer = ""] = context;
    if (context.length === 1 && outer === ":root") base.set(property, value);
    else if (MORE_BY_SYSTEM.test(outer)) moreBySystem.set(property, value);
    else if (MORE_BY_READER.test(outer)) moreByReader.set(property, value);
  }
  return { base, moreBySystem, moreByReader };
}

function valuesIn(tokens: TokenValues, scheme: Scheme): TokenValues {
  return new Map(
    [...tokens].map(([name, value]) => {
      const parts = LIGHT_DARK.exec(value);
      const chosen = scheme === "light" ? parts?.[1] : parts?.[2];
      return [name, chosen ?? value];
    }),
  );
}
