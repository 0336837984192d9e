'use client';

import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { apiGet } from '@/components/live/query';
import { useLive } from '@/components/live/provider';
import { ToldPage } from '@/lib/check/reading/schema';
import { entriesPageMax, type EntryFilter } from '@/lib/ledger/reading/schema';
import { ledgerQuery } from './address';

function pagePath(filter: EntryFilter, cursor: Record<string, string>): string {
  const query = new URLSearchParams(ledgerQuery(filter));
  query.set('show', filter.show);
  for (const [name, value] of Object.entries(cursor)) query.set(name, value);
  return `/api/v1/ledger/entries?${query.toString()}`;
}

/** useEntries is the list as it was loaded, page by page; it never changes by itself. */
export function useEntries(filter: EntryFilter, initial: ToldPage) {
  return useInfiniteQuery<ToldPage, Error, InfiniteData<ToldPage, string | null>, readonly unknown[], string | null>({
    queryKey: ['ledger', 'entries', filter],
    queryFn: ({ pageParam, signal }) => apiGet(pagePath(filter, pageParam === null ? {} : { before: pageParam }), ToldPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** useNews counts what came since the list was loaded, asking when the head moves, and puts it on top when told to. */
export function useNews(
  filter: EntryFilter,
  loaded: InfiniteData<ToldPage, string | null>,
  loadedHead: string,
): { count: number; more: boolean; show: () => void } {
  const { head } = useLive();
  const client = useQueryClient();
  const newest = loaded.pages[0]?.entries[0]?.seq ?? '0';
  const since = BigInt(newest) > BigInt(loadedHead) ? newest : loadedHead;
  const moved = head !== null && BigInt(head.seq) > BigInt(since);
  const { data } = useQuery({
    queryKey: ['ledger', 'news', filter, since, head?.seq],
    queryFn: ({ signal }) =>
      apiGet(pagePath(filter, { after: since === '0' ? '1' : since, limit: String(entriesPageMax) }), ToldPage, signal),
    enabled: moved,
    placeholderData: (before, query) => (query?.queryKey[3] === since ? before : undefined),
    gcTime: 10_000,
    retry: false,
  });
  const show = () => {
    if (!data || data.entries.length === 0) return;
    client.setQueryData<InfiniteData<ToldPage, string | null>>(['ledger', 'entries', filter], (before) => {
      const [first, ...rest] = before?.pages ?? [];
      // More came than one page holds: begin anew, so that there is no hole between new and old.
      if (!first || data.next !== null) return { pages: [data], pageParams: [null] };
      return { pages: [{ ...first, entries: [...data.entries, ...first.entries] }, ...rest], pageParams: before?.pageParams ?? [null] };
    });
  };
  return { count: data?.entries.length ?? 0, more: data?.next != null, show };
}
