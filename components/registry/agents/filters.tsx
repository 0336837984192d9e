'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Select, type Option } from '@/components/ui/select';
import { InventoryQuery, searchLengthMax, type FacetName, type InventoryPage } from '@/lib/registry/reading/schema';
import { inventoryHref } from './address';
import { environmentLabels, riskLabels, statusLabels } from './words';

const any = 'any';
/** How long a search waits for the next letter. */
const typingMs = 250;

const facets: { name: FacetName; label: string; words: Record<string, string> }[] = [
  { name: 'status', label: 'State', words: statusLabels },
  { name: 'process', label: 'Process', words: {} },
  { name: 'owner', label: 'Owner', words: {} },
  { name: 'environment', label: 'Environment', words: environmentLabels },
  { name: 'risk', label: 'Risk', words: riskLabels },
];

/** Filters hold their state in the address; each value says how many agents it would leave. */
export function Filters({ query, counts }: { query: InventoryQuery; counts: InventoryPage['facets'] }) {
  const router = useRouter();
  const [pending, begin] = useTransition();
  const go = (change: Parameters<typeof inventoryHref>[1]) => begin(() => router.replace(inventoryHref(query, change), { scroll: false }));
  const narrowed = query.q !== undefined || facets.some(({ name }) => query[name] !== undefined);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" role="group" aria-label="Filters" aria-busy={pending}>
      <SearchBox key={query.q === undefined ? 'none' : 'some'} value={query.q ?? ''} search={(q) => go({ q: q === '' ? undefined : q })} />
      {facets.map(({ name, label, words }) => (
        <Select
          key={name}
          label={label}
          value={query[name] ?? any}
          options={optionsOf(counts[name], words, query[name])}
          onChange={(value) => go(InventoryQuery.partial().parse({ [name]: value === any ? undefined : value }))}
        />
      ))}
      {narrowed ? (
        <Button tone="quiet" onClick={() => begin(() => router.replace(inventoryHref(InventoryQuery.parse({ sort: query.sort }), {})))}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}

function optionsOf(values: InventoryPage['facets'][FacetName], words: Record<string, string>, chosen: string | undefined): Option[] {
  const options = (values ?? []).map(({ value, label, count }) => ({ value, label: `${words[value] ?? label} (${count})` }));
  // What was asked for by address stays visible, even where it leaves nothing.
  if (chosen !== undefined && !options.some(({ value }) => value === chosen))
    options.push({ value: chosen, label: `${words[chosen] ?? chosen} (0)` });
  return [{ value: any, label: 'Any' }, ...options];
}

function SearchBox({ value, search }: { value: string; search: (q: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => search(text.trim()), typingMs);
    return () => clearTimeout(timer);
    // `search` is a new function each time and always does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, value]);
  return (
    <form
      role="search"
      className="relative w-full sm:w-64"
      onSubmit={(event) => {
        event.preventDefault();
        search(text.trim());
      }}
    >
      <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-ink-2" />
      <input
        type="search"
        aria-label="Search by name, id or purpose"
        placeholder="Name, id or purpose"
        maxLength={searchLengthMax}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded-md border border-line-strong bg-raised pr-2 pl-8 text-sm placeholder:text-ink-2"
      />
    </form>
  );
}
