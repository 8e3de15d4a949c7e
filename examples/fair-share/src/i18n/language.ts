/** The languages of the pages. A book carries its own, so a shared link reads the same for everyone. */
export const languages = ["en", "de"] as const;

export type Language = (typeof languages)[number];

export function isLanguage(text: string): text is Language {
  return languages.some((language) => language === text);
}

/** The mark before cents, as people of that language type it. */
export function decimalMarkOf(language: Language): "." | "," {
  return language === "de" ? "," : ".";
}
