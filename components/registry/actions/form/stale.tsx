'use client';

import { useQuery } from '@tanstack/react-query';
import { apiGet } from '@/components/live/query';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import { actionPartWords, changedParts } from '@/lib/registry/domain/classification-changes';
import { actionSlug, type ActionType, type SeenActionType } from '@/lib/registry/schema';
import { ActionView } from '@/lib/registry/schema/catalogue';

type Props = { before: ActionType; takeOver: (seen: NonNullable<SeenActionType>) => void };

/** Stale says what somebody else changed while this form was open, and lets its author save over it knowingly. */
export function Stale({ before, takeOver }: Props) {
  const address = `/registry/actions/${actionSlug(before.name)}`;
  const now = useQuery({
    queryKey: ['registry', 'now', before.name],
    queryFn: ({ signal }) => apiGet(`/api/v1${address}`, ActionView, signal),
    staleTime: 0,
  });
  if (!now.data) return null;
  const { type, changedAt, history } = now.data;
  const parts = changedParts(before, type).map((part) => actionPartWords[part]);
  return (
    <Notice tone="warn">
      <div className="flex flex-col gap-2" data-stale>
        <p>
          <Verbatim text={history[0]?.who ?? 'Somebody'} /> changed{' '}
          {parts.length === 0 ? `its status (now ${type.status})` : new Intl.ListFormat('en').format(parts)} <Ago at={changedAt} />. What
          you typed is still here.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => takeOver({ version: type.version, changedAt })}>Go on from there, keeping what I typed</Button>
          <a href={address} target="_blank" rel="noreferrer" className={`self-center text-sm ${link}`}>
            See it as it is now
          </a>
        </div>
      </div>
    </Notice>
  );
}
