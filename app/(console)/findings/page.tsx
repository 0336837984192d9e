import type { Metadata } from 'next';
import { findingsHref } from '@/components/findings/address';
import { Findings } from '@/components/findings/list';
import { listAssignable, readFindings } from '@/lib/findings/reading';
import { FindingQuery } from '@/lib/findings/schema';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';

export const metadata: Metadata = { title: 'Findings' };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function FindingsPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('findings:read');
  const asked = FindingQuery.safeParse(await searchParams);
  const query = asked.success ? asked.data : FindingQuery.parse({});
  const [page, people] = await Promise.all([
    readFindings(person, query),
    may(person, 'findings:manage') ? listAssignable() : Promise.resolve([]),
  ]);
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Findings key={findingsHref(query, { after: query.after })} view={query} page={page} people={people} me={person.id} today={today} />
  );
}
