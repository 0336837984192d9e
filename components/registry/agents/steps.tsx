'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { apiPost } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { z } from 'zod';
import type { AgentMove } from '@/lib/registry/domain/lifecycle';
import { REASON_LENGTH_MAX } from '@/lib/registry/schema';
import { agentHref } from './address';

type Words = {
  button: string;
  title: (name: string) => string;
  means: string;
  reason?: { label: string; required: boolean };
  tone: 'primary' | 'plain' | 'danger';
};

/** What each step is called and what it does, before it is done. */
const words: Record<AgentMove, Words> = {
  submit: {
    button: 'Hand over for review',
    title: (name) => `Hand ${name} over for review?`,
    means: 'Another person reads its record and approves it or sends it back. Until then nobody changes it, and it does not act.',
    tone: 'primary',
  },
  approve: {
    button: 'Approve the record',
    title: (name) => `Approve what ${name} is?`,
    means:
      'You say that its purpose, its people and what it may ask for are right, as you see them here. It acts only once it is activated.',
    tone: 'primary',
  },
  reject: {
    button: 'Send back',
    title: (name) => `Send ${name} back?`,
    means: 'Its engineers read your reason, change the record and hand it over again.',
    reason: { label: 'What must change?', required: true },
    tone: 'plain',
  },
  reopen: {
    button: 'Take back to draft',
    title: (name) => `Take ${name} back to draft?`,
    means: 'Engineers may change it again. What a review said is over: it is reviewed anew before it can act.',
    tone: 'plain',
  },
  activate: {
    button: 'Activate',
    title: (name) => `Let ${name} act?`,
    means:
      'From now on the gateway answers it: within its permissions, its policies and its autonomy floor. You can suspend it at any time.',
    tone: 'primary',
  },
  suspend: {
    button: 'Suspend',
    title: (name) => `Suspend ${name}?`,
    means: 'From the moment this is saved everything it asks is denied. Its record, permissions and credentials stay; it can be resumed.',
    reason: { label: 'Why, for people', required: false },
    tone: 'danger',
  },
  resume: {
    button: 'Resume',
    title: (name) => `Let ${name} act again?`,
    means: 'The gateway answers it again, as it did before it was suspended.',
    reason: { label: 'Why, for people', required: false },
    tone: 'primary',
  },
  decommission: {
    button: 'Decommission',
    title: (name) => `Decommission ${name}?`,
    means:
      'It ends for good: its credentials are revoked and its open requests cancelled, at once. Its record and all it did are kept. This cannot be undone.',
    reason: { label: 'Why?', required: true },
    tone: 'danger',
  },
};

const Moved = z.object({ id: z.string(), status: z.string(), version: z.number() });

export type StepAgent = { id: string; name: string; version: number };

/** Steps are the buttons for what this person can do with an agent now. `blocked`: what keeps a step from being taken, though the person may. */
export function Steps({
  agent,
  moves,
  blocked,
}: {
  agent: StepAgent;
  moves: readonly AgentMove[];
  blocked: Partial<Record<AgentMove, string>>;
}) {
  const [open, setOpen] = useState<AgentMove | null>(null);
  return (
    <>
      {moves.map((move) => (
        <Button
          key={move}
          tone={
            words[move].tone === 'primary' && blocked[move] === undefined ? 'primary' : words[move].tone === 'danger' ? 'danger' : 'plain'
          }
          onClick={() => setOpen(move)}
        >
          {words[move].button}
        </Button>
      ))}
      {open === null ? null : <Confirm agent={agent} move={open} blocked={blocked[open]} close={() => setOpen(null)} />}
    </>
  );
}

function Confirm({ agent, move, blocked, close }: { agent: StepAgent; move: AgentMove; blocked: string | undefined; close: () => void }) {
  const { title, means, reason, button, tone } = words[move];
  const router = useRouter();
  const [text, setText] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const save = useSave(
    (body: Record<string, unknown>) => apiPost(`/api/v1${agentHref(agent.id)}/${move}`, body, Moved),
    ['agents', 'ledger', 'approvals'],
  );
  const said = text.trim();
  const ready = blocked === undefined && !(reason?.required && said === '') && !save.isPending;
  const send = () => {
    const body = { ...(move === 'approve' ? { version: agent.version } : {}), ...(said === '' ? {} : { reason: said }) };
    save.mutate(body, {
      onSuccess: () => {
        close();
        router.refresh();
      },
      // Somebody may have been faster: the page behind says what is so now.
      onError: () => router.refresh(),
    });
  };
  return (
    <Dialog open onOpenChange={(next) => !next && close()} focus={first} title={title(agent.name)} description={means}>
      {blocked === undefined ? null : (
        <p className="rounded-md border border-tier-3 bg-warn-soft px-3 py-2 text-sm" data-blocked>
          {blocked}
        </p>
      )}
      {reason && blocked === undefined ? (
        <TextArea
          label={reason.label}
          optional={!reason.required}
          hint="Kept encrypted beside the ledger, for people who may read it."
          maxLength={REASON_LENGTH_MAX}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={first} size="lg" onClick={close}>
          Not now
        </Button>
        <Button tone={tone} size="lg" disabled={!ready} onClick={send}>
          {save.isPending ? 'Saving…' : button}
        </Button>
      </div>
    </Dialog>
  );
}
