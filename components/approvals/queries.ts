'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';
import { apiGet, apiPost } from '@/components/live/query';
import { useLive } from '@/components/live/provider';
import { type Approve, type Reject } from '@/lib/approvals/schema';
import { ApprovalCard, ApprovalPage } from '@/lib/check/reading/schema';

export type Tab = 'waiting' | 'decided';

/** useFollow asks again whenever the ledger moved: what waits changes only with a row. */
export function useFollow(): void {
  const { head } = useLive();
  const client = useQueryClient();
  const seq = head?.seq;
  useEffect(() => {
    if (seq !== undefined) void client.invalidateQueries({ queryKey: ['approvals'] });
  }, [client, seq]);
}

/** useApprovals is one tab of the list, page by page; what was there stays while it is read again. */
export function useApprovals(tab: Tab, initial: ApprovalPage | undefined) {
  return useInfiniteQuery<ApprovalPage, Error, InfiniteData<ApprovalPage, string | null>, readonly unknown[], string | null>({
    queryKey: ['approvals', 'list', tab],
    queryFn: ({ pageParam, signal }) =>
      apiGet(`/api/v1/approvals?tab=${tab}${pageParam === null ? '' : `&before=${pageParam}`}`, ApprovalPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    ...(initial ? { initialData: { pages: [initial], pageParams: [null] } } : {}),
  });
}

export function useApproval(initial: ApprovalCard) {
  return useQuery({
    queryKey: ['approvals', 'card', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/approvals/${initial.id}`, ApprovalCard, signal),
    initialData: initial,
  });
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
