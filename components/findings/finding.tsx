'use client';

import Link from 'next/link';
import { useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago, Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import type { FindingView } from '@/lib/findings/schema';
import { findingsHref } from './address';
import { AssignDialog, SnoozeDialog, useFindingPost, type Named } from './dialogs';
import { Fixes, LookAgain } from './fixes';
import { SeverityWord } from './severity';

type Props = { view: FindingView; people: readonly Named[]; me: string; today: string };

/** FindingPage is one finding: what was found and why it matters, what can be done from here, who has it, and what happened to it. */
export function FindingPage({ view, people, me, today }: Props) {
  const tends = view.manageable || view.own;
  return (
    <Page
      narrow
      up={{ href: findingsHref({ status: view.status }), label: 'Findings' }}
      title={view.title}
      intro={
        <p className="text-ink">
          <SeverityWord severity={view.severity} /> · <Verbatim text={view.sentence} />
        </p>
      }
      actions={view.status === 'closed' || !tends ? null : <LookAgain id={view.id} />}
    >
      <Standing view={view} />
      {view.status === 'closed' ? null : (
        <Section title="What can be done">
          {view.fixes.length === 0 ? (
            <p className="text-ink-2">Nothing from here.</p>
          ) : (
            <Fixes id={view.id} fixes={view.fixes} looks={tends} />
          )}
        </Section>
      )}
      <Section title="Who has it">
        <Holder view={view} people={people} me={me} today={today} />
      </Section>
      <Section title="What is known">
        <Known view={view} />
      </Section>
      <Section title="History">
        <History view={view} />
      </Section>
    </Page>
  );
}

function Standing({ view }: Pick<Props, 'view'>) {
  return (
    <div className="mb-4 flex flex-col gap-3">
      <p className="max-w-[72ch] text-ink-2">{view.means}</p>
      {view.status === 'closed' && view.closedAt !== null ? (
        <Notice>
          Closed <Ago at={view.closedAt} />: its cause is gone. When it returns, this is open again.
        </Notice>
      ) : null}
      {view.status === 'snoozed' && view.snoozedUntil !== null ? (
        <Notice tone="warn">
          Put off until {view.snoozedUntil.slice(0, 10)}
          {view.snoozedBy === null ? '' : ` by ${view.snoozedBy.name}`}
          {view.snoozeReason === null ? (
            '.'
          ) : (
            <>
              : <Verbatim text={view.snoozeReason} multiline />
            </>
          )}
        </Notice>
      ) : null}
      {view.status !== 'closed' && view.graceUntil !== null ? (
        <Notice tone="warn">
          Close it by <Exact at={view.graceUntil} />; then its grace is over.
        </Notice>
      ) : null}
    </div>
  );
}

function Holder({ view, people, me, today }: Props) {
  const [dialog, setDialog] = useState<'assign' | 'snooze' | null>(null);
  const close = () => setDialog(null);
  const back = useFindingPost('/api/v1/findings/assign', close);
  const wake = useFindingPost('/api/v1/findings/wake', close);
  const ids = [view.id];
  const moves = view.status !== 'closed' && view.manageable;
  return (
    <div className="flex flex-col gap-3">
      <p>
        {view.assignedTo === null ? 'Nobody has it.' : <Verbatim text={view.assignedTo.name} className="font-medium" />}
        {view.assignedTo !== null && view.assignedBy !== null ? (
          <span className="text-ink-2"> · given by {view.assignedBy.name}</span>
        ) : null}
      </p>
      {view.status === 'closed' || !(moves || view.own) ? null : (
        <div className="flex flex-wrap gap-2">
          {moves ? <Button onClick={() => setDialog('assign')}>Give to…</Button> : null}
          {moves && view.assignedTo === null ? (
            <Button disabled={back.pending} onClick={() => back.send({ ids, to: me })}>
              Take it
            </Button>
          ) : null}
          {view.assignedTo === null ? null : (
            <Button disabled={back.pending} onClick={() => back.send({ ids, to: null })}>
              {view.own ? 'Give it back' : 'Take it back'}
            </Button>
          )}
          {moves ? (
            view.status === 'snoozed' ? (
              <Button disabled={wake.pending} onClick={() => wake.send({ ids })}>
                Open it now
              </Button>
            ) : (
              <Button onClick={() => setDialog('snooze')}>Put off…</Button>
            )
          ) : null}
        </div>
      )}
      <ProblemLine error={back.error ?? wake.error} />
      {dialog === 'assign' ? <AssignDialog ids={ids} people={people} me={me} close={close} done={close} /> : null}
      {dialog === 'snooze' ? <SnoozeDialog ids={ids} today={today} close={close} done={close} /> : null}
    </div>
  );
}

function Known({ view }: Pick<Props, 'view'>) {
  return (
    <Facts>
      <Fact name="About">
        {view.subject.href === null ? (
          <Verbatim text={view.subject.name} />
        ) : (
          <Link className={link} href={view.subject.href}>
            <Verbatim text={view.subject.name} />
          </Link>
        )}
      </Fact>
      {view.process === null ? null : (
        <Fact name="Process">
          <Link className={link} href={`/raci/${encodeURIComponent(view.process.id)}`}>
            <Verbatim text={view.process.name} />
          </Link>
        </Fact>
      )}
      {view.answers.length === 0 ? null : (
        <Fact name="Who answers">
          {view.answers.map(({ id, name, part }) => (
            <span key={`${id} ${part}`} className="block">
              <Link className={link} href={`/people/${encodeURIComponent(id)}`}>
                <Verbatim text={name} />
              </Link>{' '}
              <span className="text-ink-2">{part}</span>
            </span>
          ))}
        </Fact>
      )}
      <Fact name="Since">
        <Exact at={view.openedAt} />
        {view.timesOpened > 1 ? <span className="text-ink-2"> · found {view.timesOpened} times</span> : null}
      </Fact>
      <Fact name="Last seen">
        <Exact at={view.seenAt} />
      </Fact>
      {view.facts.map(({ name, value }) => (
        <Fact key={name} name={name}>
          <Verbatim text={value} />
        </Fact>
      ))}
    </Facts>
  );
}

function History({ view }: Pick<Props, 'view'>) {
  if (view.history.length === 0)
    return <p className="text-ink-2">Nothing is in the ledger about it yet; a new row takes a moment to come here.</p>;
  return (
    <ol data-history>
      {view.history.map((event) => (
        <li key={event.seq} className="grid gap-x-4 border-b border-line py-2 sm:grid-cols-[9rem_minmax(0,1fr)_auto]">
          <Ago at={event.at} className="text-sm text-ink-2" />
          <div className="min-w-0">
            <Verbatim text={event.words} />
            {event.text === null ? null : event.text === 'hidden' ? (
              <p className="text-sm text-ink-2">Your roles do not show what was written.</p>
            ) : (
              <Verbatim text={event.text} multiline className="mt-1 block border-l-2 border-line-strong pl-3 text-sm" />
            )}
          </div>
          <Link href={`/ledger/${event.seq}`} prefetch={false} className={`text-sm ${link}`}>
            Row {event.seq}
          </Link>
        </li>
      ))}
    </ol>
  );
}
