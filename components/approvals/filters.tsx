'use client';

import { X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { tierWords } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { Select, type Option } from '@/components/ui/select';
import type { ApprovalFilter } from '@/lib/approvals/schema';
import { isNarrowed, viewQuery, type Tab, type View } from './address';

const any = 'any';
export type Choices = { processes: { id: string; name: string }[]; agents: { id: string; name: string }[] };

const tiers: Option[] = Object.entries(tierWords).map(([tier, word]) => ({ value: tier, label: `${tier} ${word}` }));
const outcomes: Option[] = [
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'expired', label: 'Refused by deadline' },
  { value: 'cancelled', label: 'Cancelled' },
];
const named = (list: Choices['agents']): Option[] => list.map(({ id, name }) => ({ value: id, label: name }));

/** A value that came by address stays visible even when it is not among the offered ones. */
const withAny = (options: readonly Option[], value: string | undefined): Option[] => [
  { value: any, label: 'Any' },
  ...options,
  ...(value === undefined || options.some((option) => option.value === value) ? [] : [{ value, label: value }]),
];

/** Filters narrow the list beside the panel; they are in the address, so that a view can be sent to somebody. */
export function Filters({ view, home, choices }: { view: View; home: Tab; choices: Choices }) {
  const router = useRouter();
  const { tab, filter } = view;
  const go = (change: ApprovalFilter) => router.push(`/approvals${viewQuery({ tab, filter: change }, home)}`, { scroll: false });
  const set = (name: 'process' | 'agent' | 'tier' | 'outcome') => (value: string) => {
    const { [name]: _, ...rest } = filter;
    const entry = { [name]: name === 'tier' ? Number(value) : value };
    go(value === any ? rest : { ...rest, ...entry });
  };
  const drop = (name: 'action' | 'from') => {
    const { [name]: _, ...rest } = filter;
    go(rest);
  };
  const chips = [
    ...(filter.action === undefined ? [] : [{ name: 'action' as const, label: filter.action }]),
    ...(filter.from === undefined ? [] : [{ name: 'from' as const, label: `since ${filter.from.slice(0, 10)}` }]),
  ];
  return (
    <div className="flex flex-wrap gap-1.5" role="group" aria-label="Narrow the list">
      <Select
        label="Process"
        value={filter.process ?? any}
        options={withAny(named(choices.processes), filter.process)}
        onChange={set('process')}
      />
      <Select label="Agent" value={filter.agent ?? any} options={withAny(named(choices.agents), filter.agent)} onChange={set('agent')} />
      {tab === 'supervised' ? null : (
        <Select label="Tier" value={String(filter.tier ?? any)} options={withAny(tiers, undefined)} onChange={set('tier')} />
      )}
      {tab === 'decided' ? (
        <Select label="Ended" value={filter.outcome ?? any} options={withAny(outcomes, undefined)} onChange={set('outcome')} />
      ) : null}
      {chips.map(({ name, label }) => (
        <span
          key={name}
          className="inline-flex h-8 max-w-full items-center gap-1 rounded-md border border-line-strong bg-raised pl-2.5 text-sm"
        >
          <span className="truncate">{label}</span>
          <button
            type="button"
            aria-label={`Remove the filter ${label}`}
            className="grid size-7 shrink-0 place-items-center text-ink-2 hover:text-ink"
            onClick={() => drop(name)}
          >
            <X size={13} aria-hidden />
          </button>
        </span>
      ))}
      {isNarrowed(filter) ? (
        <Button tone="quiet" onClick={() => go({})}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}
