import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Kill } from '@/components/containment/kill';
import { readKill } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Stop' };

export default async function KillPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('kill:read');
  const kill = await readKill(person, (await params).id);
  if (!kill) notFound();
  return <Kill key={`${kill.id} ${kill.lifted?.at ?? ''}`} initial={kill} />;
}
