'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import { useLive } from '@/components/live/provider';
import { ApiProblem, apiGet, apiPost } from '@/components/live/query';
import type { ApprovalFilter, Approve, Reject } from '@/lib/approvals/schema';
import { ApprovalCard, ApprovalPage, HaltPage, SupervisedPage, type InboxCounts } from '@/lib/check/reading/schema';

/**
 * useFollow asks again whenever the ledger moved: what waits changes only with a row. One asking ends before the next begins, so that a ledger which
 * moves faster than answers come still lets them come.
 */
export function useFollow(): void {
  const { head } = useLive();
  const client = useQueryClient();
  const latest = useRef<string | undefined>(undefined);
  const asking = useRef(false);
  const seq = head?.seq;
  useEffect(() => {
    latest.current = seq;
    if (seq === undefined || asking.current) return;
    const ask = async () => {
      asking.current = true;
      for (let asked: string | undefined; asked !== latest.current;) {
        asked = latest.current;
        // An answer already on its way may have been read before the ledger moved: it is let through, and asked for again.
        const joined = client.isFetching({ queryKey: ['approvals'] }) > 0;
        await client.invalidateQueries({ queryKey: ['approvals'] }, { cancelRefetch: false });
        if (joined) await client.invalidateQueries({ queryKey: ['approvals'] }, { cancelRefetch: false });
      }
      asking.current = false;
    };
    void ask();
  }, [client, seq]);
}

const queryOf = (members: Record<string, string | number | null | undefined>): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value !== undefined && value !== null) query.set(name, String(value));
  return query.toString();
};

type Pages<Page> = InfiniteData<Page, string | null>;

/** useApprovals is one tab of requests, page by page; what was there stays while it is read again. */
export function useApprovals(tab: 'mine' | 'waiting' | 'decided', filter: ApprovalFilter, initial: ApprovalPage | undefined) {
  return useInfiniteQuery<ApprovalPage, Error, Pages<ApprovalPage>, readonly unknown[], string | null>({
    queryKey: ['approvals', 'list', tab, filter],
    queryFn: ({ pageParam, signal }) => apiGet(`/api/v1/approvals?${queryOf({ tab, ...filter, before: pageParam })}`, ApprovalPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    ...(initial ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
  });
}

/** useSupervised is what went ahead and can still be undone, the first deadline in front. */
export function useSupervised({ process, agent, action }: ApprovalFilter) {
  return useInfiniteQuery<SupervisedPage, Error, Pages<SupervisedPage>, readonly unknown[], string | null>({
    queryKey: ['approvals', 'supervised', { process, agent, action }],
    queryFn: ({ pageParam, signal }) =>
      apiGet(`/api/v1/approvals/supervised?${queryOf({ process, agent, action, after: pageParam })}`, SupervisedPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  });
}

/** useHalts is the halted workflows, newest first: those that stand still, or every one there was. */
export function useHalts(show: 'in_force' | 'all' = 'in_force', initial?: HaltPage) {
  return useInfiniteQuery<HaltPage, Error, Pages<HaltPage>, readonly unknown[], string | null>({
    queryKey: ['approvals', 'halts', show],
    queryFn: ({ pageParam, signal }) => apiGet(`/api/v1/containment/halts?${queryOf({ show, before: pageParam })}`, HaltPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    ...(initial ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
  });
}

/** useCounts is how much there is behind each tab, as the list of the first tab says. */
export const useCounts = (home: 'mine' | 'waiting', initial: ApprovalPage): InboxCounts =>
  useApprovals(home, {}, initial).data?.pages[0]?.counts ?? initial.counts;

export function useApproval(initial: ApprovalCard) {
  return useQuery({
    queryKey: ['approvals', 'card', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/approvals/${initial.id}`, ApprovalCard, signal),
    initialData: initial,
  });
}

const Seen = z.object({ first: z.boolean() });

/** useSeen tells the server, once, that a card which waits for this person is on their screen and the screen is looked at. */
export function useSeen(id: string, waitsForMe: boolean): void {
  const told = useRef<string | null>(null);
  const client = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: (seen: string) => apiPost(`/api/v1/approvals/${seen}/seen`, {}, Seen),
    // A refusal is an answer; only what was not heard is said again.
    retry: (failures, error) => failures < 3 && !(error instanceof ApiProblem),
    onSuccess: ({ first }) => (first ? client.invalidateQueries({ queryKey: ['approvals'] }) : undefined),
  });
  useEffect(() => {
    if (!waitsForMe) return;
    const tell = () => {
      if (document.visibilityState !== 'visible' || told.current === id) return;
      told.current = id;
      // Not heard now, it is told with the next look.
      mutateAsync(id).catch(() => (told.current = null));
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [id, waitsForMe, mutateAsync]);
}

const Decided = z.object({ id: z.string(), status: z.enum(['approved', 'rejected']) });

/** useVerdict sends a verdict. It is never shown as given before the server says so. */
export function useVerdict(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verdict: { path: 'approve'; body: Approve } | { path: 'reject'; body: Reject }) =>
      apiPost(`/api/v1/approvals/${id}/${verdict.path}`, verdict.body, Decided),
    onSettled: () => client.invalidateQueries({ queryKey: ['approvals'] }),
  });
}
