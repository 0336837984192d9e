import type { Metadata } from 'next';
import Link from 'next/link';
import { peopleQuery } from '@/components/people/address';
import { Closed } from '@/components/people/closed';
import { PeopleList } from '@/components/people/list';
import { PeoplePlaces } from '@/components/people/places';
import { WhyNot } from '@/components/people/why-not';
import { buttonLook } from '@/components/ui/button';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { listAdmins, viewerOf } from '@/lib/http/people';
import { readClosed, readPeople } from '@/lib/people/reading';
import { PeopleFilter } from '@/lib/people/schema';

export const metadata: Metadata = { title: 'People' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function PeoplePage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('people:read');
  const parsed = PeopleFilter.safeParse(await searchParams);
  const filter = parsed.success ? parsed.data : {};
  const viewer = viewerOf(person);
  const [initial, admins, closed] = await Promise.all([readPeople(filter), listAdmins(), viewer.manages ? readClosed() : undefined]);
  return (
    <Page
      title="People"
      intro="Everybody who can sign in, what their roles let them do, and who is out."
      actions={
        viewer.manages ? (
          <Link href="/people/new" className={buttonLook({ tone: 'primary' })}>
            Add person
          </Link>
        ) : null
      }
    >
      <PeoplePlaces here="/people" />
      {viewer.manages ? null : (
        <div className="mb-3">
          <WhyNot code="NOT_ADMIN" admins={admins} viewer={viewer} />
        </div>
      )}
      {closed ? <Closed closed={closed} /> : null}
      <PeopleList key={peopleQuery({ ...filter, search: undefined })} filter={filter} initial={initial} />
    </Page>
  );
}
