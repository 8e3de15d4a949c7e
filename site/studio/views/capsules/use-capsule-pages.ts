// The project's capsules page by page, newest first; what was loaded stays while it is asked for again.
import { useEffect, useRef, useState } from "preact/hooks";
import type { CapsuleSummary } from "../../../../schemas/api/capsules.ts";
import { apiPath } from "../../data/api-client.ts";
import { askPage, type Page } from "../../data/pages.ts";
import { useProject, useReloadOn } from "../../data/project-room.ts";
import { type Resource, useResource } from "../../data/resource.ts";

const PAGE_CAPSULES = 50;

export type CapsulePages = {
  readonly first: Resource<Page<CapsuleSummary>>;
  readonly capsules: readonly CapsuleSummary[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly moreError: unknown;
  readonly loadMore: () => void;
};

type Rest = { readonly items: readonly CapsuleSummary[]; readonly nextCursor: string | null };

export function useCapsulePages(q: string): CapsulePages {
  const { projectId } = useProject();
  const path = apiPath`/api/projects/${projectId}/capsules`;
  const first = useResource(`capsules ${projectId} ${q}`, (signal) =>
    askPage<CapsuleSummary>(path, { limit: PAGE_CAPSULES, query: { q }, signal }),
  );
  useReloadOn(["capsule.accepted"], first.reload);
  const [rest, setRest] = useState<Rest | null>(null);
  const [more, setMore] = useState<{ readonly isLoading: boolean; readonly error: unknown }>({
    isLoading: false,
    error: undefined,
  });
  // Another search, or a newer first page: what followed the old one is asked for again when it is wanted.
  const round = useRef(0);
  useEffect(() => {
    round.current += 1;
    setRest(null);
    setMore({ isLoading: false, error: undefined });
  }, [first.value]);
  const items = first.value?.items ?? [];
  const nextCursor = rest === null ? (first.value?.nextCursor ?? null) : rest.nextCursor;
  const loadMore = async (): Promise<void> => {
    const started = round.current;
    setMore({ isLoading: true, error: undefined });
    try {
      const page = await askPage<CapsuleSummary>(path, {
        limit: PAGE_CAPSULES,
        cursor: nextCursor,
        query: { q },
      });
      if (started !== round.current) return;
      setRest({ items: [...(rest?.items ?? []), ...page.items], nextCursor: page.nextCursor });
      setMore({ isLoading: false, error: undefined });
    } catch (error) {
      if (started === round.current) setMore({ isLoading: false, error });
    }
  };
  return {
    first,
    capsules: [...items, ...(rest?.items ?? [])],
    hasMore: nextCursor !== null,
    isLoadingMore: more.isLoading,
    moreError: more.error,
    loadMore: () => void loadMore(),
  };
}
