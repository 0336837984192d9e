'use client';

import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { GatewayPage, ImpactView, KillPage, KillView, TargetList, type KillScope, type NewKill } from '@/lib/containment/schema';

/** How often a stop is looked at while gateways have not all acknowledged it. */
const reachEveryMs = 250;
/** How often gateways are looked at: they come and go without a row of the ledger. */
const gatewaysEveryMs = 2_000;

type Pages<Page> = InfiniteData<Page, string | null>;

/** useKills is the stops of a page, newest first. */
export const useKills = (show: 'in_force' | 'all', initial: KillPage) =>
  useInfiniteQuery<KillPage, Error, Pages<KillPage>, readonly unknown[], string | null>({
    queryKey: ['containment', 'kills', show],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ show, ...(pageParam === null ? {} : { before: pageParam }) });
      return apiGet(`/api/v1/containment/kills?${query.toString()}`, KillPage, signal);
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
  });

/** useKill is one stop, asked again and again until every gateway has acknowledged it. */
export const useKill = (initial: KillView) =>
  useQuery({
    queryKey: ['containment', 'kill', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/containment/kills/${initial.id}`, KillView, signal),
    initialData: initial,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.reach.all || state.data?.lifted ? false : reachEveryMs),
  });

/** useImpact is what a stop would stop now; nothing until a target is chosen. */
export const useImpact = (scope: KillScope, target: string) =>
  useQuery({
    queryKey: ['containment', 'impact', scope, target],
    queryFn: ({ signal }) => apiGet(`/api/v1/containment/impact?${new URLSearchParams({ scope, target }).toString()}`, ImpactView, signal),
    enabled: target !== '',
    staleTime: 0,
  });

/** useTargets is what can be stopped, by name or id. */
export const useTargets = (scope: KillScope, search: string) =>
  useQuery({
    queryKey: ['containment', 'targets', scope, search],
    queryFn: ({ signal }) => apiGet(`/api/v1/containment/targets?${new URLSearchParams({ scope, search }).toString()}`, TargetList, signal),
    placeholderData: (before) => before,
  });

export const useGateways = (initial: GatewayPage) =>
  useQuery({
    queryKey: ['containment', 'gateways'],
    queryFn: ({ signal }) => apiGet('/api/v1/containment/gateways', GatewayPage, signal),
    initialData: initial,
    refetchInterval: gatewaysEveryMs,
  });

const touched = ['containment', 'agents', 'approvals', 'ledger', 'home'];

export const useStop = () => useSave((kill: NewKill) => apiPost('/api/v1/containment/kills', kill, KillView), touched);
export const useLift = (id: string) =>
  useSave((reason: string) => apiPost(`/api/v1/containment/kills/${id}/lift`, { reason }, KillView), touched);
