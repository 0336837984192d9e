'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';
import { useLive } from '@/components/live/provider';
import { apiGet, ApiProblem, apiPost, apiPut } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { DraftPage } from '@/lib/policy/reading/schema';
import type { SaveDraft } from '@/lib/policy/schema';

/** useDraft is the draft as it stands, asked for again whenever the ledger moved; null once it is published or discarded. */
export function useDraft(initial: DraftPage): DraftPage | null {
  const { head } = useLive();
  const client = useQueryClient();
  const seq = head?.seq;
  useEffect(() => {
    if (seq !== undefined) void client.invalidateQueries({ queryKey: ['policy'] });
  }, [client, seq]);
  const { data } = useQuery({
    queryKey: ['policy', 'draft', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/policy/${initial.id}/draft`, DraftPage, signal).catch(nullWhenGone),
    initialData: initial,
  });
  return data;
}

function nullWhenGone(error: unknown): null {
  if (error instanceof ApiProblem && error.code === 'NOT_FOUND') return null;
  throw error;
}

const Saved = z.object({ version: z.int(), revision: z.string() });
const Signed = z.object({ version: z.int(), published: z.boolean(), missing: z.int() });
const touches = ['policy'];

export const useSaveDraft = (id: string) => useSave((body: SaveDraft) => apiPut(`/api/v1/policy/${id}/draft`, body, Saved), touches);
export const useSubmitDraft = (id: string) =>
  useSave((revision: string) => apiPost(`/api/v1/policy/${id}/draft/submit`, { revision }, Saved), touches);
export const useDiscardDraft = (id: string) =>
  useSave((revision: string) => apiPost(`/api/v1/policy/${id}/draft/discard`, { revision }, Saved), touches);
export const useReturnDraft = (id: string) =>
  useSave((reason: string) => apiPost(`/api/v1/policy/${id}/draft/return`, { reason }, Saved), touches);
export const useSignDraft = (id: string) =>
  useSave((digest: string) => apiPost(`/api/v1/policy/${id}/draft/sign`, { digest }, Signed), touches);
