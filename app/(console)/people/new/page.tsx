import type { Metadata } from 'next';
import { AddPerson } from '@/components/people/add';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { listUsers } from '@/lib/people/service';

export const metadata: Metadata = { title: 'Add a person' };

export default async function NewPersonPage() {
  const person = await requirePermission('people:manage');
  const users = await listUsers();
  const accounts = users
    // A second account of one's own would be roles one gives oneself.
    .filter(({ personId }) => personId !== person.personId)
    .map(({ id, name, email }) => ({ id, name, email }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const people = users
    .filter(({ status }) => status === 'active')
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <Page narrow up={{ href: '/people', label: 'People' }} title="Add a person" intro="You get a one-time password to pass on.">
      <AddPerson accounts={accounts} people={people} />
    </Page>
  );
}
