import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { FindingPage } from '@/components/findings/finding';
import { listAssignable, readFinding } from '@/lib/findings/reading';
import { FindingId } from '@/lib/findings/schema';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Finding' };

export default async function OneFindingPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('findings:read');
  const id = FindingId.safeParse((await params).id);
  const view = id.success ? await readFinding(person, id.data) : undefined;
  if (!view) notFound();
  const people = view.manageable ? await listAssignable() : [];
  return <FindingPage view={view} people={people} me={person.id} today={new Date().toISOString().slice(0, 10)} />;
}
