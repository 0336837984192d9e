'use client';

import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { apiGet, apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { DrillPage, DrillPlanView, DrillView, type NewDrill, type NewDrillPlan } from '@/lib/containment/schema';

/** How often a drill is looked at while it is under way. */
const underWayEveryMs = 500;

const underWay = (drills: readonly DrillView[]): boolean => drills.some(({ finishedAt }) => finishedAt === null);

/** useDrills is the plans and the drills, newest first; asked again and again while one is under way. */
export const useDrills = (initial: DrillPage) =>
  useInfiniteQuery<DrillPage, Error, InfiniteData<DrillPage, string | null>, readonly unknown[], string | null>({
    queryKey: ['containment', 'drills'],
    queryFn: ({ pageParam, signal }) =>
      apiGet(`/api/v1/containment/drills${pageParam === null ? '' : `?before=${pageParam}`}`, DrillPage, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
    refetchInterval: ({ state }) => (underWay(state.data?.pages[0]?.drills ?? []) ? underWayEveryMs : false),
  });

/** useDrill is one drill. */
export const useDrill = (initial: DrillView) =>
  useQuery({
    queryKey: ['containment', 'drill', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/containment/drills/${initial.id}`, DrillView, signal),
    initialData: initial,
    refetchInterval: ({ state }) => (state.data && underWay([state.data]) ? underWayEveryMs : false),
  });

const touched = ['containment', 'ledger', 'home'];

export const useRunDrill = () => useSave((drill: NewDrill) => apiPost('/api/v1/containment/drills', drill, DrillView), touched);
export const usePlanDrills = () =>
  useSave((plan: NewDrillPlan) => apiPost('/api/v1/containment/drills/plans', plan, DrillPlanView), touched);
export const useEndPlan = () => useSave((id: string) => apiPost(`/api/v1/containment/drills/plans/${id}/end`, {}, DrillPlanView), touched);
