'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextArea, TextField } from '@/components/ui/field';
import { findingReasonLengthMax, snoozeDaysMax } from '@/lib/findings/schema';

export type Named = { id: string; name: string };
const Changed = z.object({ changed: z.number() });
/** What a change of findings may have changed elsewhere. */
export const touched = ['findings', 'agents', 'ledger'] as const;

const counted = (many: number): string => (many === 1 ? 'this finding' : `these ${many} findings`);

/** useFindingPost sends one change of findings and shows the page as it is then. */
export function useFindingPost(path: string, after: () => void) {
  const router = useRouter();
  const save = useSave((body: Record<string, unknown>) => apiPost(path, body, Changed), touched);
  const send = (body: Record<string, unknown>) =>
    save.mutate(body, {
      onSuccess: () => {
        after();
        router.refresh();
      },
    });
  return { send, pending: save.isPending, error: save.error };
}

type Props = { ids: readonly string[]; close: () => void; done: () => void };

/** AssignDialog gives findings to one person. */
export function AssignDialog({ ids, people, me, close, done }: Props & { people: readonly Named[]; me: string }) {
  const [to, setTo] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const { send, pending, error } = useFindingPost('/api/v1/findings/assign', done);
  const others = people.filter(({ id }) => id !== me);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Give ${counted(ids.length)} to whom?`}
      description="It stands on their Home until its cause is gone. They see it all; what they can do about it depends on their roles."
    >
      <Choice
        label="Person"
        none="Choose a person"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        options={[{ value: me, label: 'Me' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <ProblemLine error={error} />
      <Buttons first={first} close={close} label="Give" busy="Giving…" pending={pending} ready={to !== ''} send={() => send({ ids, to })} />
    </Dialog>
  );
}

/** SnoozeDialog puts findings off until a day, with a reason. */
export function SnoozeDialog({ ids, today, close, done }: Props & { today: string }) {
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const { send, pending, error } = useFindingPost('/api/v1/findings/snooze', done);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Put ${counted(ids.length)} off?`}
      description="The cause is looked at all the same: when it goes, the finding closes; when it is still there on that day, it is open again."
    >
      <TextField
        label="Until"
        type="date"
        min={dayAfter(today, 1)}
        max={dayAfter(today, snoozeDaysMax)}
        hint={`At most ${snoozeDaysMax} days ahead.`}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
      <TextArea
        label="Why it can wait"
        hint="Shown with the finding, and kept beside the ledger under your name."
        maxLength={findingReasonLengthMax}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={error} />
      <Buttons
        first={first}
        close={close}
        label="Put off"
        busy="Putting off…"
        pending={pending}
        ready={until !== '' && reason.trim() !== ''}
        send={() => send({ ids, until, reason: reason.trim() })}
      />
    </Dialog>
  );
}

/** SettleDialog says that what was noticed is dealt with, and how. */
export function SettleDialog({ id, close, done }: { id: string; close: () => void; done: () => void }) {
  const [reason, setReason] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const { send, pending, error } = useFindingPost(`/api/v1/findings/${id}/settle`, done);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title="Say that this is dealt with?"
      description="What was noticed until now no longer counts, and the finding closes. Noticed again, it is open again."
    >
      <TextArea
        label="What was done about it"
        hint="Kept beside the ledger under your name."
        maxLength={findingReasonLengthMax}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={error} />
      <Buttons
        first={first}
        close={close}
        label="It is dealt with"
        busy="Saving…"
        pending={pending}
        ready={reason.trim() !== ''}
        send={() => send({ reason: reason.trim() })}
      />
    </Dialog>
  );
}

type ButtonsProps = {
  first: React.RefObject<HTMLButtonElement | null>;
  close: () => void;
  label: string;
  busy: string;
  pending: boolean;
  ready: boolean;
  send: () => void;
  tone?: 'primary' | 'danger';
};

/** Buttons end a dialog: the way out first, and focused. */
export function Buttons({ first, close, label, busy, pending, ready, send, tone = 'primary' }: ButtonsProps) {
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button ref={first} size="lg" onClick={close}>
        Not now
      </Button>
      <Button tone={tone} size="lg" disabled={!ready || pending} onClick={send}>
        {pending ? busy : label}
      </Button>
    </div>
  );
}

const dayAfter = (day: string, days: number): string => new Date(Date.parse(day) + days * 24 * 3_600_000).toISOString().slice(0, 10);
