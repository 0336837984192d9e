import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Drill } from '@/components/containment/drill';
import { readDrill } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Kill drill' };

export default async function DrillPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePermission('kill:read');
  const drill = await readDrill((await params).id);
  if (!drill) notFound();
  return <Drill key={drill.id} initial={drill} />;
}
