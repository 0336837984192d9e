'use client';

import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { z } from 'zod';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import {
  DeparturePlan,
  HeldPage,
  ReassignResult,
  SuccessionPage,
  type Reassignment,
  type SuccessionList,
} from '@/lib/lifecycle/schema/succession';

const base = '/api/v1/lifecycle/succession';
/** Every query of succession begins with it, so that one change asks for all of it again. */
const succession = 'succession';
const touches = [succession, 'people', 'registry', 'raci', 'findings', 'ledger'];

/** useSuccessions is one list, page by page, beginning with what the server had read. */
export function useSuccessions(list: SuccessionList, initial: SuccessionPage) {
  return useInfiniteQuery<SuccessionPage, Error, InfiniteData<SuccessionPage, string | null>, readonly unknown[], string | null>({
    queryKey: [succession, list],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ list, ...(pageParam === null ? {} : { before: pageParam }) });
      return apiGet(`${base}?${query.toString()}`, SuccessionPage, signal);
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
  });
}

/** useHeld is what one person holds, beginning with what the server had read. */
export const useHeld = (initial: HeldPage) =>
  useQuery({
    queryKey: [succession, 'held', initial.person.id],
    queryFn: ({ signal }) => apiGet(`${base}/held/${initial.person.id}`, HeldPage, signal),
    initialData: initial,
  });

/** useDeparturePlan reads what a deactivation would do to what somebody holds, once it is asked. */
export const useDeparturePlan = (id: string) =>
  useQuery({
    queryKey: [succession, 'plan', id],
    queryFn: ({ signal }) => apiGet(`${base}/plan/${id}`, DeparturePlan, signal),
    staleTime: 0,
  });

const Results = z.object({ results: z.array(ReassignResult.extend({ text: z.string().nullable() })) });
export type Results = z.infer<typeof Results>['results'];

export const useReassign = () => useSave((body: Reassignment) => apiPost(`${base}/reassign`, body, Results), touches);
export const useUndo = () => useSave((id: string) => apiPost(`${base}/${id}/undo`, {}, z.object({ id: z.string() })), touches);
