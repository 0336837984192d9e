'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { actionSlug, DISABLE_REASON_LENGTH_MAX, type SeenActionType } from '@/lib/registry/schema';

type Props = { name: string; title: string; seen: NonNullable<SeenActionType>; agents: readonly { id: string; name: string }[] };

const Answer = z.object({ status: z.literal('disabled') });
const agentsNamed = 5;

/** Disable takes an action type out of use, after saying what stops. */
export function Disable(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="danger" onClick={() => setOpen(true)}>
        Disable
      </Button>
      {open ? <Open {...props} close={() => setOpen(false)} /> : null}
    </>
  );
}

function Open({ name, title, seen, agents, close }: Props & { close: () => void }) {
  const router = useRouter();
  const focus = useRef<HTMLButtonElement>(null);
  const [reason, setReason] = useState('');
  const disable = useSave(
    () => apiPost(`/api/v1/registry/actions/${actionSlug(name)}/disable`, { seen, ...(reason.trim() === '' ? {} : { reason }) }, Answer),
    ['registry'],
  );
  const send = () =>
    disable.mutate(undefined, {
      onSuccess: () => {
        close();
        router.refresh();
      },
    });
  return (
    <Dialog
      open
      focus={focus}
      onOpenChange={(next) => !next && close()}
      title="Disable this action type?"
      description={<Verbatim text={title} />}
    >
      <div className="flex flex-col gap-2">
        <p>
          From the next check on, whoever asks for <code className="break-all">{name}</code> halts, with the whole workflow, until a senior
          person releases it. Approvals that were given for it can no longer be used. It comes back when somebody classifies it again.
        </p>
        <Stops agents={agents} />
      </div>
      <TextArea
        label="Why"
        optional
        hint="Kept with the event in the ledger."
        maxLength={DISABLE_REASON_LENGTH_MAX}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={disable.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={focus} size="lg" onClick={close}>
          Keep it
        </Button>
        <Button tone="danger" size="lg" onClick={send} disabled={disable.isPending}>
          {disable.isPending ? 'Disabling…' : 'Disable'}
        </Button>
      </div>
    </Dialog>
  );
}

function Stops({ agents }: { agents: Props['agents'] }) {
  if (agents.length === 0) return <p className="text-ink-2">No agent may ask for it now.</p>;
  const more = agents.length - agentsNamed;
  return (
    <p>
      {agents.length === 1 ? 'One agent may ask for it now: ' : `${agents.length} agents may ask for it now: `}
      <Verbatim
        text={agents
          .slice(0, agentsNamed)
          .map(({ name }) => name)
          .join(', ')}
      />
      {more > 0 ? ` and ${more} more` : ''}.
    </p>
  );
}
