import type { Metadata } from 'next';
import { ContainmentFrame } from '@/components/containment/frame';
import { Stops } from '@/components/containment/stops';
import { readKills } from '@/lib/containment/reading';
import { KillQuery } from '@/lib/containment/schema';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Containment' };

export default async function ContainmentPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const person = await requirePermission('kill:read');
  const show = KillQuery.shape.show.catch('in_force').parse((await searchParams)['show']);
  return (
    <ContainmentFrame at="/containment">
      <Stops key={show} show={show} initial={await readKills(person, { show })} />
    </ContainmentFrame>
  );
}
