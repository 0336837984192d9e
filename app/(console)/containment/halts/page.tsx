import type { Metadata } from 'next';
import { ContainmentFrame } from '@/components/containment/frame';
import { Halts } from '@/components/containment/halts';
import { listHaltedWorkflows } from '@/lib/check/reading';
import { HaltQuery } from '@/lib/check/reading/schema';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Halts' };

export default async function HaltsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const person = await requirePermission('ledger:read');
  const show = HaltQuery.shape.show.catch('in_force').parse((await searchParams)['show']);
  return (
    <ContainmentFrame at="/containment/halts">
      <Halts key={show} show={show} initial={await listHaltedWorkflows(person, { show })} />
    </ContainmentFrame>
  );
}
