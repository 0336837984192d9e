'use client';

import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { z } from 'zod';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { JobsView, RunPage } from '@/lib/jobs/schema';

/** How often the page looks again while it is open: jobs come and go without a row of the ledger. */
const lookEveryMs = 3_000;

export const useJobs = (initial: JobsView) =>
  useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => apiGet('/api/v1/jobs', JobsView, signal),
    initialData: initial,
    refetchInterval: lookEveryMs,
  });

export const useRuns = (id: string, failedOnly: boolean, initial: RunPage) =>
  useInfiniteQuery<RunPage, Error, InfiniteData<RunPage, string | null>, readonly unknown[], string | null>({
    queryKey: ['jobs', id, failedOnly],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...(failedOnly ? { failed: '1' } : {}), ...(pageParam === null ? {} : { before: pageParam }) });
      return apiGet(`/api/v1/jobs/${id}/runs?${query.toString()}`, RunPage, signal);
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
  });

const Asked = z.object({ id: z.string(), first: z.boolean() });

/** useAsk asks for one job; which one is its variable. */
export const useAsk = () => useSave((id: string) => apiPost(`/api/v1/jobs/${id}/run`, {}, Asked), ['jobs']);
