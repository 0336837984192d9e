'use client';

import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { PeopleFilter, roles } from '@/lib/people/schema';
import { roleNames } from '@/lib/people/wording';
import { peopleQuery } from './address';

const any = 'any';
const typingMs = 250;
const roleOptions = [{ value: any, label: 'Any' }, ...roles.map((role) => ({ value: role, label: roleNames[role] }))];
const statusOptions = [
  { value: any, label: 'Any' },
  { value: 'active', label: 'Active' },
  { value: 'locked', label: 'Locked' },
  { value: 'deactivated', label: 'Deactivated' },
];

/** Filters hold their state in the URL, so that a view can be sent to somebody. */
export function Filters({ filter }: { filter: PeopleFilter }) {
  const router = useRouter();
  const [search, setSearch] = useState(filter.search ?? '');
  const asked = useRef(filter.search ?? '');
  const go = (change: Record<string, string | undefined>) =>
    router.replace(`/people${peopleQuery(PeopleFilter.parse({ ...filter, search: search.trim() || undefined, ...change }))}`, {
      scroll: false,
    });
  useEffect(() => {
    const typed = search.trim();
    if (typed === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = typed;
      router.replace(`/people${peopleQuery({ ...filter, search: typed || undefined })}`, { scroll: false });
    }, typingMs);
    return () => clearTimeout(timer);
  }, [search, filter, router]);
  const set = (name: 'role' | 'status') => (value: string) => go({ [name]: value === any ? undefined : value });
  const narrowed = peopleQuery(filter) !== '';
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" role="search">
      <span className="relative max-sm:w-full">
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2.25 left-2.5 text-ink-2" />
        <input
          type="search"
          aria-label="Search people"
          placeholder="Name or e-mail"
          maxLength={120}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-8 w-full rounded-md border border-control bg-raised pr-2 pl-8 text-sm placeholder:text-ink-2 sm:w-64"
        />
      </span>
      <Select label="Role" value={filter.role ?? any} options={roleOptions} onChange={set('role')} />
      <Select label="State" value={filter.status ?? any} options={statusOptions} onChange={set('status')} />
      {narrowed ? (
        <Button
          tone="quiet"
          onClick={() => {
            asked.current = '';
            setSearch('');
            router.replace('/people', { scroll: false });
          }}
        >
          Clear
        </Button>
      ) : null}
    </div>
  );
}
