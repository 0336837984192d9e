'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty, Notice } from '@/components/ui/page';
import { Select } from '@/components/ui/select';
import { Table, type Column } from '@/components/ui/table';
import { partWords } from '@/lib/lifecycle/domain/succession';
import type { Held, HeldPage, HeldRef } from '@/lib/lifecycle/schema/succession';
import { GiveDialog, type Choosable } from './succession-name';
import { useHeld, type Results } from './succession-queries';

export type Holder = { id: string; name: string; active: boolean };
type Props = { holders: readonly Holder[]; held: HeldPage | null; people: readonly Choosable[] };

const keyOf = ({ type, id, part }: Pick<HeldRef, 'type' | 'id' | 'part'>): string => `${type} ${id} ${part}`;

/** Reassign chooses whose things are given away, and gives some or all of them to another person. */
export function Reassign({ holders, held, people }: Props) {
  const router = useRouter();
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Select
          label="Held by"
          value={held?.person.id ?? ''}
          placeholder="Choose a person"
          options={holders.map(({ id, name, active }) => ({ value: id, label: active ? name : `${name} (deactivated)` }))}
          onChange={(id) => router.push(`/succession?tab=reassign&person=${id}`, { scroll: false })}
        />
      </div>
      {held ? (
        <HeldThings key={held.person.id} initial={held} people={people} />
      ) : (
        <Empty title="Choose whose things to give away">
          You then see every agent and process they answer for, and give some or all of them to another person, with one reason for all.
        </Empty>
      )}
    </>
  );
}

function HeldThings({ initial, people }: { initial: HeldPage; people: readonly Choosable[] }) {
  const { data } = useHeld(initial);
  const { person, items, total } = data;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [giving, setGiving] = useState(false);
  const [results, setResults] = useState<Results>([]);
  const selected = items.filter((item) => chosen.has(keyOf(item)));
  const toggle = (key: string) => setChosen((now) => new Set(now.has(key) ? [...now].filter((one) => one !== key) : [...now, key]));
  if (items.length === 0)
    return (
      <>
        <WhatBecame results={results} nameOf={() => undefined} />
        <Empty title={`${person.name} answers for nothing`}>They own, sponsor and run no agent, and own no process.</Empty>
      </>
    );
  const all = selected.length === items.length;
  const nameOf = (key: string) => items.find((item) => keyOf(item) === key)?.name;
  return (
    <>
      <WhatBecame results={results} nameOf={nameOf} />
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Button onClick={() => setChosen(new Set(all ? [] : items.map(keyOf)))}>
          {all ? 'Choose none' : `Choose all ${items.length}`}
        </Button>
        <Button tone="primary" disabled={selected.length === 0} onClick={() => setGiving(true)}>
          {selected.length === 0 ? 'Give to somebody…' : `Give ${selected.length} to somebody…`}
        </Button>
        <span className="text-sm text-ink-2" aria-live="polite">
          {selected.length} chosen{items.length < total ? `; the first ${items.length} of ${total} are shown` : ''}
        </span>
      </div>
      <Table caption={`What ${person.name} answers for`} columns={columnsFor(chosen, toggle)} rows={items} keyOf={keyOf} />
      {giving ? (
        <GiveDialog
          title={selected.length === 1 ? `Give one thing of ${person.name}’s` : `Give ${selected.length} things of ${person.name}’s`}
          items={selected.map(({ type, id, part }) => ({ type, id, part, from: person.id }))}
          people={people}
          close={() => setGiving(false)}
          done={(told) => {
            setResults(told);
            setChosen(new Set());
            setGiving(false);
          }}
        />
      ) : null}
    </>
  );
}

function columnsFor(chosen: ReadonlySet<string>, toggle: (key: string) => void): Column<Held>[] {
  return [
    {
      key: 'choose',
      title: <span className="sr-only">Chosen</span>,
      className: 'w-8',
      cell: (item) => (
        <input
          type="checkbox"
          aria-label={`${item.name}, ${partWords[item.part]}`}
          checked={chosen.has(keyOf(item))}
          onChange={() => toggle(keyOf(item))}
          className="size-4 accent-(--accent)"
        />
      ),
    },
    {
      key: 'thing',
      title: 'Agent or process',
      cell: (item) => (
        <Link href={item.type === 'agent' ? `/registry/agents/${item.id}` : `/raci/${item.id}`} prefetch={false} className={link}>
          <Verbatim text={item.name} />
        </Link>
      ),
    },
    { key: 'part', title: 'As', cell: (item) => `${partWords[item.part]}${item.type === 'process' ? ' of the process' : ''}` },
    { key: 'status', title: 'State', hide: 'phone', cell: (item) => item.status.replaceAll('_', ' ') },
  ];
}

/** WhatBecame says how many were given, and for each that was not, why. */
function WhatBecame({ results, nameOf }: { results: Results; nameOf: (key: string) => string | undefined }) {
  if (results.length === 0) return null;
  const refused = results.filter(({ refusal }) => refusal !== null);
  const given = results.length - refused.length;
  return (
    <div className="mb-3" role="status">
      <Notice tone={refused.length === 0 ? 'plain' : 'warn'}>
        {given === 1 ? 'One was given.' : `${given} were given.`} {refused.length === 0 ? null : `${refused.length} stayed where they are:`}
        {refused.length === 0 ? null : (
          <ul className="mt-1 list-disc pl-5">
            {refused.map((result) => (
              <li key={keyOf(result)}>
                <Verbatim text={nameOf(keyOf(result)) ?? result.id} />, {partWords[result.part]}: {result.text}
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}
