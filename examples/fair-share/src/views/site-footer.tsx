/** The promise about privacy, the language switch and the API's documentation. */
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { languages } from "../i18n/language";

const languageNames = { en: "English", de: "Deutsch" } as const;

type FooterProps = {
  readonly frame: PageFrame;
  readonly languageHref?: ((language: string) => string) | undefined;
};

export function SiteFooter({ frame, languageHref }: FooterProps) {
  const { footer } = frame.messages;
  return (
    <footer class="site-footer">
      <p>{footer.privacy}</p>
      <nav aria-label={footer.language}>
        <ul>
          {languageHref !== undefined &&
            languages.map((language) => (
              <li>
                <a
                  href={languageHref(language)}
                  lang={language}
                  hreflang={language}
                  aria-current={language === frame.language ? "true" : undefined}
                >
                  {languageNames[language]}
                </a>
              </li>
            ))}
          <li>
            <a href={paths.api}>{footer.api}</a>
          </li>
          <li>{footer.source}</li>
        </ul>
      </nav>
    </footer>
  );
}
