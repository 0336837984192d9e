'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Ago, Exact, Left } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { partWords, successionSentence } from '@/lib/lifecycle/domain/succession';
import type { SuccessionItem, SuccessionList, SuccessionPage } from '@/lib/lifecycle/schema/succession';
import { NameButton, type Choosable } from './succession-name';
import { useSuccessions, useUndo } from './succession-queries';

type Props = { list: SuccessionList; initial: SuccessionPage; people: readonly Choosable[]; reassigns: boolean };

/** Successions is what has nobody who answers for it, or what changed hands. */
export function Successions({ list, initial, people, reassigns }: Props) {
  const query = useSuccessions(list, initial);
  const items = query.data.pages.flatMap((page) => page.items);
  const total = query.data.pages.at(-1)?.total ?? items.length;
  if (items.length === 0) return <Nothing list={list} />;
  return (
    <>
      {list === 'orphans' ? (
        <Table
          caption="What has nobody, the soonest to be suspended first"
          columns={orphanColumns(people, reassigns)}
          rows={items}
          keyOf={({ id }) => id}
        />
      ) : (
        <Moved items={items} reassigns={reassigns} />
      )}
      <div className="flex h-14 items-center justify-center gap-3 text-sm text-ink-2">
        {query.hasNextPage ? (
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {query.isFetchingNextPage ? 'Reading…' : 'Show more'}
          </Button>
        ) : null}
        {items.length < total ? <span className="tabular">{`${items.length} of ${total}`}</span> : null}
        {query.isError ? <span className="text-danger">The list could not be read again. What is shown may be old.</span> : null}
      </div>
    </>
  );
}

/** SubjectLink leads to the page of an agent or a process. */
function SubjectLink({ item }: { item: Pick<SuccessionItem, 'type' | 'subject'> }) {
  const href = item.type === 'agent' ? `/registry/agents/${item.subject.id}` : `/raci/${item.subject.id}`;
  return (
    <Link href={href} prefetch={false} className={link}>
      <Verbatim text={item.subject.name} />
    </Link>
  );
}

function orphanColumns(people: readonly Choosable[], reassigns: boolean): Column<SuccessionItem>[] {
  return [
    {
      key: 'thing',
      title: 'Agent or process',
      className: 'min-w-0',
      cell: (item) => (
        <>
          <SubjectLink item={item} /> <span className="text-ink-2">{item.type}</span>
          <span className="block text-xs text-ink-2 md:hidden">
            no {partWords[item.part]} since {item.from.name} left
          </span>
          <span className="block text-xs md:hidden">
            <Ahead item={item} />
          </span>
        </>
      ),
    },
    {
      key: 'part',
      title: 'Has no',
      hide: 'phone',
      cell: (item) => partWords[item.part],
    },
    {
      key: 'from',
      title: 'Since',
      hide: 'phone',
      cell: (item) => (
        <>
          <Link href={`/people/${item.from.id}`} prefetch={false} className={link}>
            {item.from.name}
          </Link>{' '}
          left, <Ago at={item.at} />
        </>
      ),
    },
    { key: 'until', title: 'What happens', hide: 'phone', cell: (item) => <Ahead item={item} /> },
    {
      key: 'name',
      title: <span className="sr-only">Name somebody</span>,
      align: 'right',
      className: 'w-px whitespace-nowrap',
      cell: (item) => <NameSomebody item={item} people={people} reassigns={reassigns} />,
    },
  ];
}

function Ahead({ item }: { item: SuccessionItem }): ReactNode {
  if (item.endedAs === 'suspended')
    return (
      <span className="text-danger">
        Suspended <Ago at={item.endedAt ?? item.at} />
      </span>
    );
  if (item.graceUntil === null) return 'Somebody has to be named';
  if (item.type === 'agent' && item.part === 'owner' && item.acting)
    return (
      <>
        Suspended in <Left at={item.graceUntil} className="tabular" />
      </>
    );
  return (
    <>
      Somebody has to be named, <Left at={item.graceUntil} className="tabular" /> left
    </>
  );
}

function NameSomebody({ item, people, reassigns }: { item: SuccessionItem; people: readonly Choosable[]; reassigns: boolean }): ReactNode {
  const { part } = item;
  if (part === 'accountable')
    return (
      <Link href={`/raci/${item.subject.id}/edit`} className={link}>
        Name somebody in its matrix
      </Link>
    );
  if (!reassigns) return <span className="text-xs text-ink-2">Not yours to give</span>;
  return <NameButton name={item.subject.name} item={{ type: item.type, id: item.subject.id, part, from: item.from.id }} people={people} />;
}

function Moved({ items, reassigns }: { items: readonly SuccessionItem[]; reassigns: boolean }) {
  const undo = useUndo();
  return (
    <>
      <ProblemLine error={undo.error} />
      <ul aria-label="What changed hands, newest first" className="divide-y divide-line border-y border-line">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-2" data-succession={item.id}>
            <div className="min-w-0">
              <p>
                <Verbatim text={successionSentence(item)} />
              </p>
              <p className="text-sm text-ink-2">
                <Exact at={item.at} /> · <SubjectLink item={item} />
                {item.endedAs === 'undone' && item.endedAt ? (
                  <>
                    {' '}
                    · Given back <Ago at={item.endedAt} />
                  </>
                ) : null}
              </p>
            </div>
            {reassigns && item.undoable ? (
              <Button
                disabled={undo.isPending}
                aria-label={`Give back to ${item.from.name}: ${partWords[item.part]} of ${item.subject.name}`}
                onClick={() => undo.mutate(item.id)}
              >
                {undo.isPending && undo.variables === item.id ? 'Giving back…' : `Give back to ${item.from.name}`}
              </Button>
            ) : (
              <WhyNoUndo item={item} reassigns={reassigns} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function WhyNoUndo({ item, reassigns }: { item: SuccessionItem; reassigns: boolean }): ReactNode {
  if (item.endedAt !== null || !reassigns) return null;
  return (
    <span className="text-sm text-ink-2">
      {item.from.active ? 'Somebody else was named since.' : `Undone once ${item.from.name} is active again.`}
    </span>
  );
}

function Nothing({ list }: { list: SuccessionList }) {
  if (list === 'orphans')
    return (
      <Empty
        title="Everything has somebody who answers for it"
        action={
          <Link className={link} href="/people">
            See who manages whom
          </Link>
        }
      >
        When somebody leaves, what they own goes to a successor, their manager or the owner of the process. What nobody may take stands
        here, and its agent is suspended at the end of a grace unless a person is named.
      </Empty>
    );
  return (
    <Empty
      title="Nothing has changed hands yet"
      action={
        <Link className={link} href="/succession">
          See what has nobody
        </Link>
      }
    >
      When somebody leaves, or a person gives an agent or a process to another, each step is told here and can be undone.
    </Empty>
  );
}
