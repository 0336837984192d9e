'use client';

import { useState } from 'react';
import { Select, type Option } from '@/components/ui/select';
import type { EntryFilter } from '@/lib/ledger/reading/schema';

const any = 'any';
const range = 'range';
const given = 'given';
const dayMs = 86_400_000;
const presets: Option[] = [
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
];

const dayOf = (at: string | undefined): string => at?.slice(0, 10) ?? '';

type Props = { filter: EntryFilter; go: (change: { from: string | undefined; to: string | undefined }) => void };

/** When narrows the ledger to a time: a last few days, or from one day to before another. Days are UTC, as the address carries them. */
export function When({ filter, go }: Props) {
  const isGiven = filter.from !== undefined || filter.to !== undefined;
  const [picking, setPicking] = useState(false);
  const pick = (value: string) => {
    setPicking(value === range);
    if (value === any) go({ from: undefined, to: undefined });
    else if (value !== range && value !== given) go({ from: new Date(Date.now() - Number(value) * dayMs).toISOString(), to: undefined });
  };
  const label = [filter.from === undefined ? '' : `from ${dayOf(filter.from)}`, filter.to === undefined ? '' : `before ${dayOf(filter.to)}`]
    .filter(Boolean)
    .join(' ');
  const options = [
    { value: any, label: 'Any time' },
    ...(isGiven ? [{ value: given, label }] : []),
    ...presets,
    { value: range, label: 'From one day to another…' },
  ];
  const day = (name: 'from' | 'to', words: string) => (
    <label className="inline-flex h-8 items-center gap-2 rounded-md border border-line-strong bg-raised px-2.5 text-sm">
      <span className="text-ink-2">{words}</span>
      <input
        type="date"
        className="bg-transparent"
        defaultValue={dayOf(filter[name])}
        onChange={(event) => go({ from: filter.from, to: filter.to, [name]: event.target.value === '' ? undefined : event.target.value })}
      />
    </label>
  );
  return (
    <>
      <Select label="When" value={picking ? range : isGiven ? given : any} options={options} onChange={pick} />
      {picking ? (
        <>
          {day('from', 'From')}
          {day('to', 'Before')}
        </>
      ) : null}
    </>
  );
}
