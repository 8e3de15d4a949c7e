// Lists of the API come in pages: `{items, nextCursor}`.
import { type ApiRequest, askApi } from "./api-client.ts";

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** Past so many pages a list is not for a person to scroll through: the view must search instead. */
const MAX_PAGES = 50;
const PAGE_ITEMS = 200;

/** One page; `cursor` is the nextCursor of the one before. */
export function askPage<Item>(
  path: string,
  request: ApiRequest & { readonly cursor?: string | null; readonly limit?: number } = {},
): Promise<Page<Item>> {
  const { cursor, limit, query, ...rest } = request;
  return askApi<Page<Item>>(path, { ...rest, query: { ...query, cursor, limit } });
}

/** Every page, one after the other. */
export async function askAllPages<Item>(path: string, request: ApiRequest = {}): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page: Page<Item> = await askPage<Item>(path, { ...request, cursor, limit: PAGE_ITEMS });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return items;
}
