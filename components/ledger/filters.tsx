'use client';

import { X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Select, type Option } from '@/components/ui/select';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { tierWords, verdictLabels } from '@/components/text/verdict';
import { EntryFilter } from '@/lib/ledger/reading/schema';
import { ledgerQuery } from './address';
import { When } from './when';

const any = 'any';
type Named = { id: string; name: string };
export type FilterOptions = { agents: Named[]; actions: string[]; processes: Named[] };

const shows: Option[] = [
  { value: 'decisions', label: 'Decisions' },
  { value: 'all', label: 'Every event' },
];
const withAny = (options: readonly Option[]): Option[] => [{ value: any, label: 'Any' }, ...options];
const signatures: Option[] = [
  { value: 'without', label: 'Without one' },
  { value: 'with', label: 'With one' },
];
const named = (list: readonly Named[]): Option[] => list.map(({ id, name }) => ({ value: id, label: name }));
const tiers = Object.entries(tierWords).map(([tier, word]) => ({ value: tier, label: `${tier} ${word}` }));

/** Filters hold their state in the URL, so that a view can be sent to somebody. */
export function Filters({ filter, options }: { filter: EntryFilter; options: FilterOptions }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const go = (change: Record<string, string | undefined>) =>
    router.push(`/ledger${ledgerQuery(EntryFilter.parse({ ...filter, ...change }))}`, { scroll: false });
  const set = (name: keyof EntryFilter) => (value: string) => go({ [name]: value === any ? undefined : value });
  const narrowed = Object.entries(filter).some(([name, value]) => name !== 'show' && value !== undefined);
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label="Filters">
      <Select label="Show" value={filter.show} options={shows} onChange={set('show')} />
      {/* On a phone they would push the list off the page. */}
      <Button tone="quiet" className="md:hidden" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Fewer filters' : 'More filters'}
      </Button>
      <div className={classNames('contents', !open && 'max-md:hidden')}>
        <Select label="Verdict" value={filter.verdict ?? any} options={withAny(verdictLabels)} onChange={set('verdict')} />
        <Select
          label="Tier"
          value={filter.tier === undefined ? any : String(filter.tier)}
          options={withAny(tiers)}
          onChange={set('tier')}
        />
        <Select
          label="Agent"
          value={filter.agent ?? any}
          options={withAny(known(named(options.agents), filter.agent))}
          onChange={set('agent')}
        />
        <Select
          label="Process"
          value={filter.process ?? any}
          options={withAny(known(named(options.processes), filter.process))}
          onChange={set('process')}
        />
        <Select
          label="Action"
          value={filter.action ?? any}
          options={withAny(
            known(
              options.actions.map((name) => ({ value: name, label: name })),
              filter.action,
            ),
          )}
          onChange={set('action')}
        />
        <Select label="Approval" value={filter.signature ?? any} options={withAny(signatures)} onChange={set('signature')} />
        <When filter={filter} go={go} />
      </div>
      {(['workflow', 'approval'] as const).map((name) =>
        filter[name] === undefined ? null : (
          <span key={name} className="inline-flex h-8 items-center gap-1 rounded-md border border-line-strong bg-raised pl-2.5 text-sm">
            <span className="text-ink-2">{name === 'workflow' ? 'Workflow' : 'Approval'}</span>
            <code className="max-w-36 truncate text-xs">{filter[name]}</code>
            <button
              type="button"
              aria-label={`Remove the ${name} filter`}
              className="grid size-7 place-items-center text-ink-2 hover:text-ink"
              onClick={() => go({ [name]: undefined })}
            >
              <X size={13} aria-hidden />
            </button>
          </span>
        ),
      )}
      {narrowed ? (
        <Button
          tone="quiet"
          onClick={() => router.push(`/ledger${ledgerQuery(EntryFilter.parse({ show: filter.show }))}`, { scroll: false })}
        >
          Clear
        </Button>
      ) : null}
    </div>
  );
}

/** A value that came by URL stays visible even when it is not among the offered ones. */
function known(options: Option[], value: string | undefined): Option[] {
  return value === undefined || options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}
