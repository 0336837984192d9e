import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Decision } from '@/components/ledger/decision';
import { Event } from '@/components/ledger/event';
import { requirePermission } from '@/lib/http/actor';
import { viewEvent } from '@/lib/check/reading';

export const metadata: Metadata = { title: 'Event' };

export default async function EventPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('ledger:read');
  const view = await viewEvent(person, (await params).id);
  if (!view) notFound();
  return view.type === 'decision' ? <Decision view={view} /> : <Event view={view} />;
}
