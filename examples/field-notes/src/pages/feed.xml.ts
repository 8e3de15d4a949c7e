// The journal as an Atom feed (RFC 4287). Its links are relative, so it is right under any host name.
import type { APIRoute } from "astro";
import { dayOf, type Entry, listEntries } from "../journal.ts";

/** Names entries for ever, whatever host they are read from (RFC 4151). */
const TAG_AUTHORITY = "tag:field-notes.example,2026";

export const GET: APIRoute = async () => {
  const entries = await listEntries();
  const updated = entries[0]?.data.date ?? new Date(0);
  const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <id>${TAG_AUTHORITY}:journal</id>
  <title>Field Notes</title>
  <subtitle>A year of looking closely, within an hour’s walk of the house.</subtitle>
  <author><name>Field Notes</name></author>
  <link rel="self" href="/feed.xml"/>
  <link href="/"/>
  <updated>${updated.toISOString()}</updated>
${entries.map(writeEntry).join("\n")}
</feed>
`;
  return new Response(feed, { headers: { "content-type": "application/atom+xml; charset=utf-8" } });
};

function writeEntry({ id, data }: Entry): string {
  const categories = data.tags.map((tag) => `    <category term="${escapeXml(tag)}"/>`);
  return `  <entry>
    <id>${TAG_AUTHORITY}:${dayOf(data.date)}:${escapeXml(id)}</id>
    <title>${escapeXml(data.title)}</title>
    <link href="/entries/${escapeXml(id)}/"/>
    <updated>${data.date.toISOString()}</updated>
    <summary>${escapeXml(data.summary)}</summary>
${categories.join("\n")}
  </entry>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
