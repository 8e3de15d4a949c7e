/** A page with one calm message: not found, or a failure. */
import type { PageFrame } from "../http/page-frame";
import { paths } from "../http/paths";
import { Layout } from "./layout";

type MessagePageProps = { readonly frame: PageFrame; readonly heading: string; readonly text: string };

export function MessagePage({ frame, heading, text }: MessagePageProps) {
  return (
    <Layout frame={frame} title={heading}>
      <section class="message">
        <img src="/favicon.svg" alt="" width="72" height="72" />
        <h1>{heading}</h1>
        <p class="lead">{text}</p>
        <a class="button" href={paths.home}>
          {frame.messages.backHome}
        </a>
      </section>
    </Layout>
  );
}
