import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Back } from '@/components/approvals/panel';
import { Decision } from '@/components/ledger/decision';
import { Outcome } from '@/components/outcomes/outcome';
import { viewEvent } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readOutcome } from '@/lib/outcomes/reading';

export const metadata: Metadata = { title: 'Decision' };

export default async function DecisionPanel({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('ledger:read');
  const view = await viewEvent(person, (await params).id);
  if (view?.type !== 'decision') notFound();
  const outcome = await readOutcome(person, view.payload.id);
  return (
    <Decision
      key={view.payload.id}
      view={view}
      outcome={outcome === undefined ? null : <Outcome view={outcome} sentence={view.sentence} />}
      up={<Back />}
    />
  );
}
