'use client';

import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { apiGet } from '@/components/live/query';
import { OutcomePage, type OutcomeQuery } from '@/lib/outcomes/schema';

function pagePath({ list, range, agent, process }: OutcomeQuery, before: string | null): string {
  const query = new URLSearchParams({ list, range });
  if (agent !== undefined) query.set('agent', agent);
  if (process !== undefined) query.set('process', process);
  if (before !== null) query.set('before', before);
  return `/api/v1/outcomes?${query.toString()}`;
}

/** useOutcomes is the list as it was loaded, page by page; it is read again when something was settled here. */
export function useOutcomes(view: OutcomeQuery, initial: OutcomePage) {
  return useInfiniteQuery<OutcomePage, Error, InfiniteData<OutcomePage, string | null>, readonly unknown[], string | null>({
    queryKey: ['outcomes', view],
    queryFn: ({ pageParam, signal }) => apiGet(pagePath(view, pageParam), OutcomePage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
