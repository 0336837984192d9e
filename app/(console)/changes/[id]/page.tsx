import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ChangeCard } from '@/components/lifecycle/change-card';
import { EffectiveTable } from '@/components/policy/effective';
import { requirePermission } from '@/lib/http/actor';
import { readChange, readTiersOfChange } from '@/lib/lifecycle/reading';

export const metadata: Metadata = { title: 'Change of an agent' };

export default async function ChangePage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const { id } = await params;
  const [card, gained] = await Promise.all([readChange(person, id), readTiersOfChange(id)]);
  if (!card) notFound();
  return (
    <ChangeCard key={card.id} initial={card} tiers={gained ? <EffectiveTable tiers={gained.tiers} policies={gained.policies} /> : null} />
  );
}
