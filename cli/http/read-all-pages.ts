// Lists come in pages `{items, nextCursor}`; here they are read to their end.
import type { PlatformClient, Query } from "./client.ts";

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string | null };

const PAGE_SIZE = 200;
const MAX_PAGES = 100;

export async function readAllPages<Item>(
  client: PlatformClient,
  path: string,
  query: Query = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await client.get<Page<Item>>(path, { ...query, limit: PAGE_SIZE, cursor });
    items.push(...answer.items);
    if (!answer.nextCursor) break;
    cursor = answer.nextCursor;
  }
  return items;
}
