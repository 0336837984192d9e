'use client';

import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { PeopleFilter, PeoplePage, PersonRow } from '@/lib/people/schema';
import { roleList } from '@/lib/people/wording';
import { Filters } from './filters';
import { usePeople } from './queries';
import { LastSignIn, PersonState } from './state';

const columns: Column<PersonRow>[] = [
  {
    key: 'name',
    title: 'Name',
    cell: (person) => (
      <>
        {/* The link covers its row. */}
        <Link
          href={`/people/${person.id}`}
          prefetch={false}
          className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {person.name}
        </Link>
        <span className="block text-xs text-ink-2 md:hidden">{roleList(person.roles)}</span>
      </>
    ),
  },
  { key: 'email', title: 'E-mail', hide: 'tablet', cell: (person) => <span className="break-all">{person.email}</span> },
  { key: 'roles', title: 'Roles', hide: 'phone', cell: (person) => roleList(person.roles) },
  {
    key: 'teams',
    title: 'Teams',
    hide: 'tablet',
    cell: (person) => <span className="text-ink-2">{person.teams.map(({ name }) => name).join(', ')}</span>,
  },
  { key: 'state', title: 'State', cell: (person) => <PersonState person={person} /> },
  {
    key: 'sign-in',
    title: 'Last sign-in',
    align: 'right',
    hide: 'phone',
    cell: (person) => <LastSignIn at={person.lastSignInAt} />,
    className: 'whitespace-nowrap',
  },
];

/** PeopleList is everybody with an account, by name. */
export function PeopleList({ filter, initial }: { filter: PeopleFilter; initial: PeoplePage }) {
  const query = usePeople(filter, initial);
  const people = query.data.pages.flatMap((page) => page.people);
  const total = query.data.pages.at(-1)?.total ?? people.length;
  return (
    <>
      <Filters filter={filter} />
      {people.length === 0 ? (
        <Empty title="Nobody matches">
          {filter.status === 'locked'
            ? 'Nobody is locked out: sign-in closes for a while after five wrong passwords.'
            : 'Clear the filters, or look for another part of the name or e-mail.'}
        </Empty>
      ) : (
        <>
          <Table caption="People, by name" columns={columns} rows={people} keyOf={({ id }) => id} />
          <div className="flex h-14 items-center justify-center gap-3 text-sm text-ink-2">
            {query.hasNextPage ? (
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                {query.isFetchingNextPage ? 'Reading…' : 'Show more'}
              </Button>
            ) : null}
            {people.length < total ? `${people.length} of ${total}` : `${total} ${total === 1 ? 'account' : 'accounts'}`}
          </div>
        </>
      )}
    </>
  );
}
