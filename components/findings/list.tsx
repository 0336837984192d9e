'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button, buttonLook } from '@/components/ui/button';
import { Empty, Page } from '@/components/ui/page';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { findingStatuses, type FindingFilter, type FindingItem, type FindingPage, type FindingStatus } from '@/lib/findings/schema';
import { findingHref, findingsHref } from './address';
import { AssignDialog, SnoozeDialog, type Named } from './dialogs';
import { Filters } from './filters';
import { SeverityWord } from './severity';

type Props = {
  view: FindingFilter & { after?: string | undefined };
  page: FindingPage;
  people: readonly Named[];
  me: string;
  today: string;
};

const statusLabels: Record<FindingStatus, string> = { open: 'Open', snoozed: 'Put off', closed: 'Closed' };

/** Findings is what detectors found and people must close: worst and oldest first. Several can be given to somebody, or put off, at once. */
export function Findings({ view, page, people, me, today }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'assign' | 'snooze' | null>(null);
  const choosable = page.items.filter(({ manageable, status }) => manageable && status !== 'closed');
  // Only what is on the page is chosen: what went meanwhile is not acted on.
  const ids = choosable.map(({ id }) => id).filter((id) => chosen.has(id));
  const done = () => {
    setDialog(null);
    setChosen(new Set());
  };
  const choose = (id: string, on: boolean) =>
    setChosen((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <Page
      title="Findings"
      intro="What nobody should have to remember: people who left, permissions nobody uses, secrets nobody rotated. A finding closes by itself once its cause is gone."
      actions={
        <Link href="/findings/detectors" className={buttonLook()}>
          What is looked for
        </Link>
      }
    >
      <div className="mb-3">
        <Tabs
          label="Findings by state"
          tabs={findingStatuses.map((status) => ({
            href: findingsHref(view, { status }),
            label: statusLabels[status],
            count: page.statuses[status],
            active: view.status === status,
          }))}
        />
      </div>
      <Filters view={view} page={page} />
      {page.items.length === 0 ? (
        <Nothing view={view} />
      ) : (
        <>
          {choosable.length === 0 ? null : (
            <div className="mb-2 flex flex-wrap items-center gap-2 text-sm" role="group" aria-label="What is chosen">
              <label className="inline-flex items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={ids.length === choosable.length}
                  onChange={(event) => setChosen(new Set(event.target.checked ? choosable.map(({ id }) => id) : []))}
                />
                All on this page
              </label>
              <Button disabled={ids.length === 0} onClick={() => setDialog('assign')}>
                Give to…
              </Button>
              <Button disabled={ids.length === 0} onClick={() => setDialog('snooze')}>
                Put off…
              </Button>
              <span className="tabular text-ink-2" aria-live="polite">
                {ids.length === 0 ? 'None chosen' : `${ids.length} chosen`}
              </span>
            </div>
          )}
          <Table
            caption={`Findings, ${statusLabels[view.status].toLowerCase()}`}
            columns={columnsOf(view.status, choosable.length === 0 ? undefined : { chosen, choose })}
            rows={page.items}
            keyOf={({ id }) => id}
          />
          <Pager view={view} page={page} />
        </>
      )}
      {dialog === 'assign' ? <AssignDialog ids={ids} people={people} me={me} close={() => setDialog(null)} done={done} /> : null}
      {dialog === 'snooze' ? <SnoozeDialog ids={ids} today={today} close={() => setDialog(null)} done={done} /> : null}
    </Page>
  );
}

type Choosing = { chosen: ReadonlySet<string>; choose: (id: string, on: boolean) => void };

function columnsOf(status: FindingStatus, choosing: Choosing | undefined): Column<FindingItem>[] {
  return [
    ...(choosing ? [chooseColumn(choosing)] : []),
    { key: 'severity', title: 'Severity', className: 'w-px', hide: 'phone', cell: ({ severity }) => <SeverityWord severity={severity} /> },
    {
      key: 'sentence',
      title: 'What was found',
      className: 'w-full min-w-0',
      cell: (item) => (
        <>
          <Link
            href={findingHref(item.id)}
            prefetch={false}
            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            <Verbatim text={item.sentence} className="font-medium" />
          </Link>
          <span className="block text-xs text-ink-2">
            {item.title}
            {item.timesOpened > 1 ? `, found ${item.timesOpened} times` : ''}
          </span>
          <span className="block text-xs text-ink-2 md:hidden">
            <SeverityWord severity={item.severity} />
            {item.assignedTo === null ? '' : ` · ${item.assignedTo.name}`}
          </span>
        </>
      ),
    },
    { key: 'process', title: 'Process', hide: 'tablet', className: 'whitespace-nowrap', cell: ({ process }) => process?.name ?? '' },
    {
      key: 'assigned',
      title: 'Given to',
      hide: 'phone',
      className: 'whitespace-nowrap',
      cell: ({ assignedTo }) => assignedTo?.name ?? <span className="text-ink-2">nobody</span>,
    },
    {
      key: 'at',
      title: status === 'closed' ? 'Closed' : status === 'snoozed' ? 'Put off until' : 'Since',
      align: 'right',
      hide: 'phone',
      className: 'whitespace-nowrap text-ink-2',
      cell: (item) =>
        status === 'snoozed' ? (
          (item.snoozedUntil?.slice(0, 10) ?? '')
        ) : (
          <Ago at={status === 'closed' ? (item.closedAt ?? item.openedAt) : item.openedAt} />
        ),
    },
  ];
}

const chooseColumn = ({ chosen, choose }: Choosing): Column<FindingItem> => ({
  key: 'choose',
  title: <span className="sr-only">Choose</span>,
  className: 'w-px',
  cell: (item) =>
    item.manageable && item.status !== 'closed' ? (
      <input
        type="checkbox"
        aria-label={`Choose: ${item.sentence}`}
        className="relative z-10 size-4 accent-(--accent)"
        checked={chosen.has(item.id)}
        onChange={(event) => choose(item.id, event.target.checked)}
      />
    ) : null,
});

function Pager({ view, page }: Pick<Props, 'view' | 'page'>) {
  return (
    <div className="flex flex-wrap items-center gap-3 py-3 text-sm text-ink-2">
      <span className="tabular">
        {page.total} {page.total === 1 ? 'finding' : 'findings'}
        {page.items.length < page.total ? `, ${page.items.length} on this page` : ''}
      </span>
      <span className="flex-1" />
      {view.after === undefined ? null : (
        <Link className={buttonLook()} href={findingsHref(view)}>
          First page
        </Link>
      )}
      {page.next === null ? null : (
        <Link className={buttonLook()} href={findingsHref(view, { after: page.next })} rel="next">
          Next page
        </Link>
      )}
    </div>
  );
}

function Nothing({ view }: Pick<Props, 'view'>) {
  const narrowed = [view.detector, view.severity, view.process, view.subject, view.mine].some((value) => value !== undefined);
  const action = narrowed ? (
    <Link className={link} href={findingsHref({ status: view.status })}>
      Show all of them
    </Link>
  ) : (
    <Link className={link} href="/findings/detectors">
      See what is looked for
    </Link>
  );
  if (narrowed)
    return (
      <Empty title="No finding matches" action={action}>
        Take a filter away, or look among those that were put off or are closed.
      </Empty>
    );
  const words: Record<FindingStatus, { title: string; text: string }> = {
    open: {
      title: 'Nothing is open',
      text: 'Every minute all agents, people, credentials, permissions and policies are looked at. What a person must close stands here.',
    },
    snoozed: {
      title: 'Nothing is put off',
      text: 'A finding that can wait is put off until a day, with a reason. It stands here until then.',
    },
    closed: {
      title: 'Nothing was closed yet',
      text: 'A finding whose cause is gone closes by itself and stands here. When the cause returns, it is the same finding again.',
    },
  };
  return (
    <Empty title={words[view.status].title} action={action}>
      {words[view.status].text}
    </Empty>
  );
}
