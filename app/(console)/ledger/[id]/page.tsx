import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Decision } from '@/components/ledger/decision';
import { Event } from '@/components/ledger/event';
import { Outcome } from '@/components/outcomes/outcome';
import { viewEvent } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readOutcome } from '@/lib/outcomes/reading';

export const metadata: Metadata = { title: 'Event' };

export default async function EventPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('ledger:read');
  const view = await viewEvent(person, (await params).id);
  if (!view) notFound();
  if (view.type === 'event') return <Event view={view} />;
  const outcome = await readOutcome(person, view.payload.id);
  return <Decision view={view} outcome={outcome === undefined ? null : <Outcome view={outcome} sentence={view.sentence} />} />;
}
