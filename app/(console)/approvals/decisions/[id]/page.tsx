import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Back } from '@/components/approvals/panel';
import { Decision } from '@/components/ledger/decision';
import { viewEvent } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Decision' };

export default async function DecisionPanel({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('ledger:read');
  const view = await viewEvent(person, (await params).id);
  if (view?.type !== 'decision') notFound();
  return <Decision key={view.payload.id} view={view} up={<Back />} />;
}
