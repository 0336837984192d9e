'use client';

import { z } from 'zod';
import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import {
  BreakerList,
  GatewayPage,
  ImpactView,
  KillPage,
  KillView,
  LockPage,
  TargetList,
  type KillScope,
  type NewKill,
  type NewResumption,
  type ResetBreaker,
  AuthorisationAnswer,
  type NewAuthorisation,
  type SignAuthorisation,
} from '@/lib/containment/schema';

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

/** How often breakers are looked at: one becomes half-open with time alone. */
const breakersEveryMs = 5_000;

/** useBreakers is every circuit breaker that is not closed. */
export const useBreakers = (initial: BreakerList) =>
  useQuery({
    queryKey: ['containment', 'breakers'],
    queryFn: ({ signal }) => apiGet('/api/v1/containment/breakers', BreakerList, signal),
    initialData: initial,
    refetchInterval: breakersEveryMs,
  });

const touched = ['containment', 'agents', 'approvals', 'ledger', 'home'];

export const useStop = () => useSave((kill: NewKill) => apiPost('/api/v1/containment/kills', kill, KillView), touched);
export const useLift = (id: string) =>
  useSave((reason: string) => apiPost(`/api/v1/containment/kills/${id}/lift`, { reason }, KillView), touched);

const Reset = z.object({ agent: z.string(), actionType: z.string() });
export const useReset = () => useSave((reset: ResetBreaker) => apiPost('/api/v1/containment/breakers/reset', reset, Reset), touched);

/** How often locks are looked at: gateways come and go without a row of the ledger, and while one is locked everybody waits. */
const [locksEveryMs, whileLockedMs] = [15_000, 3_000];

/** useLocks is which gateways are locked after a restore, and what people asked and signed about it. */
export const useLocks = (initial: LockPage) =>
  useQuery({
    queryKey: ['containment', 'locks'],
    queryFn: ({ signal }) => apiGet('/api/v1/containment/resumptions', LockPage, signal),
    initialData: initial,
    refetchInterval: ({ state }) => (state.data?.gateways.length ? whileLockedMs : locksEveryMs),
  });

export const useAskResumption = () => useSave((ask: NewResumption) => apiPost('/api/v1/containment/resumptions', ask, LockPage), touched);
export const useSignResumption = (id: string) =>
  useSave((reason: string) => apiPost(`/api/v1/containment/resumptions/${id}/sign`, { reason }, LockPage), touched);

const Released = z.object({ workflow: z.string(), decisions: z.array(z.string()) });
export const useRelease = (workflow: string) =>
  useSave((reason: string) => apiPost(`/api/v1/containment/workflows/${workflow}/release`, { reason }, Released), touched);
export const useAskAuthorisation = () =>
  useSave((ask: NewAuthorisation) => apiPost('/api/v1/containment/authorisations', ask, AuthorisationAnswer), touched);
export const useSignAuthorisation = (id: string) =>
  useSave((word: SignAuthorisation) => apiPost(`/api/v1/containment/authorisations/${id}/sign`, word, AuthorisationAnswer), touched);
export const useWithdrawAuthorisation = (id: string) =>
  useSave(() => apiPost(`/api/v1/containment/authorisations/${id}/withdraw`, {}, AuthorisationAnswer), touched);
