'use client';

import { useRef } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useDiscardDraft } from './queries';

type Props = { id: string; revision: string; open: boolean; close: () => void; done: () => void };

/** DiscardDialog removes a draft for good, after asking. */
export function DiscardDialog({ id, revision, open, close, done }: Props) {
  const discard = useDiscardDraft(id);
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      focus={stay}
      title="Discard this draft?"
      description="What was written in it is gone. What is in force stays as it is; the ledger keeps that there was a draft."
    >
      <ProblemLine error={discard.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <button
          ref={stay}
          type="button"
          onClick={close}
          className="h-10 rounded-md border border-line-strong bg-raised px-4 text-sm font-medium hover:bg-sunken"
        >
          Keep it
        </button>
        <Button tone="danger" size="lg" disabled={discard.isPending} onClick={() => discard.mutate(revision, { onSuccess: done })}>
          {discard.isPending ? 'Discarding…' : 'Discard the draft'}
        </Button>
      </div>
    </Dialog>
  );
}
