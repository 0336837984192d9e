import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Person } from '@/components/people/person';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { listAdmins, PersonParams, viewerOf } from '@/lib/http/people';
import { readPerson } from '@/lib/people/reading';
import { listUsers } from '@/lib/people/service';

export const metadata: Metadata = { title: 'Person' };

export default async function PersonPage({ params }: { params: Promise<{ id: string }> }) {
  const viewer = viewerOf(await requirePermission('people:read'));
  const asked = PersonParams.safeParse(await params);
  const person = asked.success ? await readPerson(asked.data.id) : undefined;
  if (!person) notFound();
  const people = (viewer.manages ? await listUsers() : [])
    .filter(({ status }) => status === 'active')
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <Page narrow up={{ href: '/people', label: 'People' }} title={person.name}>
      <Person person={person} viewer={viewer} admins={await listAdmins()} people={people} />
    </Page>
  );
}
