import type { Metadata } from 'next';
import { Drills } from '@/components/containment/drills';
import { ContainmentFrame } from '@/components/containment/frame';
import { readDrills } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Kill drills' };

export default async function DrillsPage() {
  const person = await requirePermission('kill:read');
  return (
    <ContainmentFrame at="/containment/drills">
      <Drills initial={await readDrills(person, {})} />
    </ContainmentFrame>
  );
}
