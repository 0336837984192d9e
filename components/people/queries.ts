'use client';

import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query';
import { z } from 'zod';
import { apiGet, apiPost, apiPut } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import {
  Departure,
  OneTimePassword,
  OwnSession,
  PeoplePage,
  PersonView,
  Team,
  type NewPerson,
  type PasswordChange,
  type PeopleFilter,
  type PersonRecord,
  type TeamRecord,
} from '@/lib/people/schema';
import { peopleQuery } from './address';

const base = '/api/v1/people';
const Done = z.object({ id: z.string() });
const SessionsEnded = z.object({ sessionsEnded: z.int() });
/** Every query of this feature begins with it, so that one change asks for all of it again. */
const people = 'people';

/** usePeople is the list, page by page, beginning with what the server had read. */
export function usePeople(filter: PeopleFilter, initial: PeoplePage) {
  return useInfiniteQuery<PeoplePage, Error, InfiniteData<PeoplePage, string | null>, readonly unknown[], string | null>({
    queryKey: [people, 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams(peopleQuery(filter));
      if (pageParam !== null) query.set('after', pageParam);
      return apiGet(`${base}?${query.toString()}`, PeoplePage, signal);
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [null] },
  });
}

/** usePerson is one account, beginning with what the server had read. */
export const usePerson = (initial: PersonView) =>
  useQuery({
    queryKey: [people, 'one', initial.id],
    queryFn: ({ signal }) => apiGet(`${base}/${initial.id}`, PersonView, signal),
    initialData: initial,
  });

/** useDeparture reads what would end with an account, once it is asked. */
export const useDeparture = (id: string, asked: boolean) =>
  useQuery({
    queryKey: [people, 'departure', id],
    queryFn: ({ signal }) => apiGet(`${base}/${id}/departure`, Departure, signal),
    enabled: asked,
    staleTime: 0,
  });

const Teams = z.object({ teams: z.array(Team) });

export const useTeams = (initial: Team[]) =>
  useQuery({
    queryKey: [people, 'teams'],
    queryFn: async ({ signal }) => (await apiGet(`${base}/teams`, Teams, signal)).teams,
    initialData: initial,
  });

const Sessions = z.object({ sessions: z.array(OwnSession) });

export const useOwnSessions = (initial: OwnSession[]) =>
  useQuery({
    queryKey: [people, 'own-sessions'],
    queryFn: async ({ signal }) => (await apiGet(`${base}/me/sessions`, Sessions, signal)).sessions,
    initialData: initial,
  });

export const useAddPerson = () => useSave((body: NewPerson) => apiPost(base, body, OneTimePassword), [people]);
export const useChangePerson = (id: string) => useSave((body: PersonRecord) => apiPut(`${base}/${id}`, body, Done), [people]);
export const useDeactivate = (id: string) => useSave(() => apiPost(`${base}/${id}/deactivate`, {}, SessionsEnded), [people, 'succession']);
export const useReactivate = (id: string) =>
  useSave(() => apiPost(`${base}/${id}/reactivate`, {}, OneTimePassword), [people, 'succession']);
export const useResetPassword = (id: string) => useSave(() => apiPost(`${base}/${id}/reset-password`, {}, OneTimePassword), [people]);
export const useUnlock = (id: string) => useSave(() => apiPost(`${base}/${id}/unlock`, {}, Done), [people]);
export const useSaveTeam = (id: string | null) =>
  useSave((body: TeamRecord) => (id === null ? apiPost(`${base}/teams`, body, Team) : apiPut(`${base}/teams/${id}`, body, Team)), [people]);
export const useEndOtherSessions = () => useSave(() => apiPost(`${base}/me/end-other-sessions`, {}, SessionsEnded), [people]);

/** changeOwnPassword is sent outside the console too, where there is no query client. */
export const changeOwnPassword = (body: PasswordChange) => apiPost(`${base}/me/password`, body, SessionsEnded);
