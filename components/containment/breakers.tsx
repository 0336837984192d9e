'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Section } from '@/components/text/facts';
import { Ago, clockTime } from '@/components/text/time';
import { useNow } from '@/components/text/now';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { reasonLengthMax, undeclaredActions, type BreakerEvent, type BreakerItem, type BreakerList } from '@/lib/containment/schema';
import { useBreakers, useReset } from './queries';

/** Breakers is every circuit breaker that is not closed: what opened it, what it waits for, and who may close it by their word. */
export function Breakers({ initial }: { initial: BreakerList }) {
  const { data } = useBreakers(initial);
  const [resetting, setResetting] = useState<BreakerItem>();
  if (data.open.length === 0)
    return (
      <Empty title="Every circuit breaker is closed">
        One opens by itself when too many outcomes of an agent’s action fail, too much of what it asks is refused, or too much money goes
        ahead in a short time; from where, the{' '}
        <Link href="/policy" className={link}>
          policies
        </Link>{' '}
        say. It tries again after a pause, and closes when that goes well.
      </Empty>
    );
  return (
    <>
      <Table
        caption="Open circuit breakers"
        columns={[...columns, resetColumn(setResetting)]}
        rows={data.open}
        keyOf={({ agent, actionType }) => `${agent.id} ${actionType}`}
      />
      {resetting ? <ResetDialog breaker={resetting} close={() => setResetting(undefined)} /> : null}
    </>
  );
}

const columns: readonly Column<BreakerItem>[] = [
  {
    key: 'what',
    title: 'Agent and action',
    cell: ({ agent, actionType, title }) => (
      <>
        <Link href={`/registry/agents/${agent.id}`} className={`${link} font-medium`} prefetch={false}>
          {agent.name}
        </Link>
        <span className="block text-ink-2">
          {actionType === undeclaredActions ? (
            title
          ) : (
            <Link href={`/registry/actions/${encodeURIComponent(actionType)}`} className={link} prefetch={false}>
              {title}
            </Link>
          )}
        </span>
      </>
    ),
  },
  {
    key: 'why',
    title: 'Why it opened',
    cell: (breaker) => (
      <>
        {breaker.observed}
        <span className="block text-ink-2">
          {breaker.again === null ? <>opens at {breaker.threshold}</> : 'so it opened again'}
          {breaker.policy === null ? '' : `, ${breaker.policy.name}`}
        </span>
        <span className="block md:hidden">
          <Standing breaker={breaker} />
        </span>
      </>
    ),
  },
  { key: 'state', title: 'State', hide: 'phone', cell: (breaker) => <Standing breaker={breaker} /> },
  {
    key: 'opened',
    title: 'Opened',
    hide: 'tablet',
    cell: ({ openedAt, times }) => (
      <>
        <Ago at={openedAt} className="whitespace-nowrap" />
        {times === 1 ? null : <span className="block text-ink-2">{times} times in a row</span>}
      </>
    ),
  },
];

const resetColumn = (choose: (breaker: BreakerItem) => void): Column<BreakerItem> => ({
  key: 'reset',
  title: <span className="sr-only">Reset</span>,
  align: 'right',
  cell: (breaker) => (breaker.mayReset ? <Button onClick={() => choose(breaker)}>Reset…</Button> : null),
});

/** Standing is where a breaker stands, in a word and what follows. */
function Standing({ breaker: { state, probeAt, probes, used, cause } }: { breaker: BreakerItem }) {
  const now = useNow();
  if (state === 'open')
    return (
      <>
        <span className="font-medium text-danger">Open</span>
        <span className="block text-ink-2">
          tries again at{' '}
          <time dateTime={probeAt} className="whitespace-nowrap">
            {now === null ? `${probeAt.slice(11, 16)} UTC` : clockTime(probeAt, now)}
          </time>
        </span>
      </>
    );
  return (
    <>
      <span className="font-medium text-tier-3">Half-open</span>
      <span className="block text-ink-2">
        {cause === 'spend' ? 'until its window is past' : `${used} of ${probes} ${probes === 1 ? 'probe' : 'probes'} went ahead`}
      </span>
    </>
  );
}

function ResetDialog({ breaker, close }: { breaker: BreakerItem; close: () => void }) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const reset = useReset();
  const first = useRef<HTMLTextAreaElement>(null);
  const send = () =>
    reset.mutate(
      { agent: breaker.agent.id, actionType: breaker.actionType, reason: reason.trim() },
      {
        onSuccess: () => {
          close();
          router.refresh();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Let ${breaker.agent.name} do this again?`}
      description={`${breaker.title}: ${breaker.observed}. It closes at once on every gateway, and what was counted before is forgotten.`}
    >
      <TextArea
        ref={first}
        label="Why it may go on"
        rows={2}
        maxLength={reasonLengthMax}
        hint="What you looked at, and what was mended. Kept encrypted beside the ledger."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={reset.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close} disabled={reset.isPending}>
          Leave it open
        </Button>
        <Button tone="primary" size="lg" disabled={reason.trim() === '' || reset.isPending} onClick={send}>
          {reset.isPending ? 'Closing…' : 'Close the breaker'}
        </Button>
      </div>
    </Dialog>
  );
}

/** Changes shown before somebody asks for the rest. */
const shownFirst = 5;
const changeWords: Record<BreakerEvent['change'], string> = {
  opened: 'Opened',
  opened_again: 'Opened again',
  recovered: 'Recovered',
  reset: 'Reset',
};

/** BreakersOf is what became of one agent's circuit breakers; nothing when none ever opened. */
export function BreakersOf({ initial }: { initial: BreakerList }) {
  const [all, setAll] = useState(false);
  const { open, history } = initial;
  if (open.length === 0 && history.length === 0) return null;
  const shown = all ? history : history.slice(0, shownFirst);
  return (
    <Section
      title="Circuit breakers"
      aside={
        <Link href="/containment/breakers" className={link}>
          {open.length === 0 ? 'All closed now' : `${open.length} not closed`}
        </Link>
      }
    >
      <ul className="flex flex-col gap-1.5" data-breakers>
        {shown.map((event) => (
          <li key={event.seq} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
            <span className={event.change.startsWith('opened') ? 'font-medium text-danger' : 'font-medium'}>
              {changeWords[event.change]}
            </span>
            <code className="text-[13px] break-all">
              <Verbatim text={event.actionType} />
            </code>
            <span className="text-sm text-ink-2">
              {event.observed === null ? '' : `${event.observed}, `}
              {event.by === null ? '' : `by ${event.by.name}, `}
              <Ago at={event.at} />
            </span>
          </li>
        ))}
      </ul>
      {history.length <= shownFirst || all ? null : (
        <Button tone="quiet" className="mt-2" onClick={() => setAll(true)}>
          All {history.length}
        </Button>
      )}
    </Section>
  );
}
