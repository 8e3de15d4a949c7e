/** @jsxImportSource hono/jsx */
// The frame of every page of sign-in and account. Plain HTML that needs no script, and one style sheet (pages.css and the site's own
// tokens, joined by scripts/build-platform.ts).
import type { Child } from "hono/jsx";

/** Who looks at a page, when somebody is signed in. */
export type Visitor = { readonly userId: string; readonly name: string; readonly email: string };

/** What stands below the head of every account page. A page joins by a line here. */
const ACCOUNT_PAGES: readonly { readonly path: string; readonly name: string }[] = [
  { path: "/account", name: "You" },
  { path: "/account/members", name: "Members" },
  { path: "/account/tokens", name: "Tokens" },
  { path: "/account/keys", name: "Keys" },
];

type PageProps = {
  readonly title: string;
  readonly visitor?: Visitor | null;
  /** Marks the page in the account's navigation, which is then shown. */
  readonly accountPath?: string;
  readonly isWide?: boolean;
  /** The one script that a page may have: what a passkey needs of a browser. */
  readonly script?: string | undefined;
  readonly children: Child;
};

const STYLE_PATH = "/_identity/pages.css";

/** A whole page: one narrow column, as a form needs; wide with `accountPath` or `isWide`. */
export function Page({ title, visitor = null, accountPath, isWide, script, children }: PageProps) {
  const width = isWide === true || accountPath !== undefined ? "wide" : "narrow";
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – OurSynth`}</title>
        <meta name="robots" content="noindex" />
        <meta name="theme-color" content="#edf3f7" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#060b12" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={STYLE_PATH} />
        {script === undefined ? null : <script type="module" src={script} />}
      </head>
      <body>
        <header>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <div class="bar width">
            <a class="home" href="/">
              <Mark />
              <span>OurSynth</span>
            </a>
            {visitor === null ? null : <SignOut visitor={visitor} />}
          </div>
        </header>
        <main id="main" tabindex={-1} class={`${width} width`}>
          {accountPath === undefined ? null : <AccountNavigation current={accountPath} />}
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <p class="width muted">This page loads nothing from anywhere else.</p>
        </footer>
      </body>
    </html>
  );
}

function AccountNavigation({ current }: { readonly current: string }) {
  return (
    <nav class="account" aria-label="Account">
      {ACCOUNT_PAGES.map(({ path, name }) => (
        <a href={path} aria-current={path === current ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}

function SignOut({ visitor }: { readonly visitor: Visitor }) {
  return (
    <form class="who" method="post" action="/sign-out">
      <a href="/studio">Studio</a>
      <a href="/account">{visitor.name}</a>
      <button type="submit" class="quiet">
        Sign out
      </button>
    </form>
  );
}

/** The mark of site/components/mark.astro. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <g transform="rotate(-45 16 16)">
        <path fill="var(--color-accent)" d="M16 9H9a7 7 0 0 0 0 14h7z" />
        <rect
          x="2"
          y="9"
          width="28"
          height="14"
          rx="7"
          fill="none"
          stroke="var(--color-accent)"
          stroke-width="2.5"
        />
        <circle cx="22.5" cy="16" r="2.75" fill="var(--color-seed)" />
      </g>
    </svg>
  );
}
