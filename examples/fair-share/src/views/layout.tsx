/** The frame around every page. */
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { stylesheetPath } from "../styles";
import { SiteFooter } from "./site-footer";

type LayoutProps = {
  readonly frame: PageFrame;
  readonly title: string;
  readonly children?: Child;
  /** The same page in another language, if there is one. */
  readonly languageHref?: (language: string) => string;
};

export function Layout({ frame, title, children, languageHref }: LayoutProps) {
  const { messages, language, appTitle } = frame;
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="description" content={messages.tagline} />
        <title>{title === appTitle ? appTitle : `${title} · ${appTitle}`}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={stylesheetPath} />
      </head>
      <body>
        <a class="skip" href="#content">
          {messages.skipToContent}
        </a>
        <header class="site-header">
          <a class="brand" href={paths.home}>
            <img src="/favicon.svg" alt="" width="28" height="28" />
            {appTitle}
          </a>
          <span class="tagline">{messages.tagline}</span>
        </header>
        <main id="content" tabindex={-1}>
          {children}
        </main>
        <SiteFooter frame={frame} languageHref={languageHref} />
      </body>
    </html>
  );
  return html`<!doctype html>${page}`;
}
