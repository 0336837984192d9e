'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Select, type Option } from '@/components/ui/select';
import { EFFECTS } from '@/lib/registry/schema';
import { CatalogueFilter, CATALOGUE_SEARCH_LENGTH_MAX } from '@/lib/registry/schema/catalogue';
import { catalogueHref, isNarrowed } from './address';
import { statusWords } from './status';

const any = 'any';
const withAny = (options: readonly Option[]): Option[] => [{ value: any, label: 'Any' }, ...options];
const statuses = Object.entries(statusWords).map(([value, label]) => ({ value, label }));
const effects = EFFECTS.map((effect) => ({ value: effect, label: effect }));

/** CatalogueFilters hold their state in the URL, so that a view can be sent to somebody. */
export function CatalogueFilters({ filter, systems }: { filter: CatalogueFilter; systems: readonly { id: string; name: string }[] }) {
  const router = useRouter();
  const id = useId();
  const [typed, setTyped] = useState(filter.q ?? '');
  const go = (change: Record<string, string | undefined>) =>
    router.push(catalogueHref(CatalogueFilter.parse({ ...filter, ...change })), { scroll: false });
  const set = (name: keyof CatalogueFilter) => (value: string) => go({ [name]: value === any ? undefined : value });
  const search = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== (filter.q ?? '')) go({ q: typed.trim() === '' ? undefined : typed.trim() });
  };
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label="Filters">
      <form onSubmit={search} role="search" className="relative max-sm:w-full">
        <label htmlFor={id} className="sr-only">
          Search name, title or system
        </label>
        <Search size={14} aria-hidden className="absolute top-[9px] left-2.5 text-ink-2" />
        <input
          id={id}
          type="search"
          value={typed}
          maxLength={CATALOGUE_SEARCH_LENGTH_MAX}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={search}
          placeholder="Name, title or system"
          className="h-8 w-64 rounded-md border border-control bg-raised pr-2 pl-8 text-sm placeholder:text-ink-2 max-sm:w-full"
        />
      </form>
      <Select
        label="System"
        value={filter.system ?? any}
        options={withAny(systems.map(({ id: value, name }) => ({ value, label: name })))}
        onChange={set('system')}
      />
      <Select label="Status" value={filter.status ?? any} options={withAny(statuses)} onChange={set('status')} />
      <Select label="Effect" value={filter.effect ?? any} options={withAny(effects)} onChange={set('effect')} />
      {isNarrowed(filter) ? (
        <Button
          tone="quiet"
          onClick={() => {
            setTyped('');
            router.push('/registry/actions', { scroll: false });
          }}
        >
          Clear
        </Button>
      ) : null}
    </div>
  );
}
