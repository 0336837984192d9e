import type { Metadata } from 'next';
import { ContainmentFrame } from '@/components/containment/frame';
import { Gateways } from '@/components/containment/gateways';
import { readGateways } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Gateways' };

export default async function GatewaysPage() {
  await requirePermission('kill:read');
  return (
    <ContainmentFrame at="/containment/gateways">
      <Gateways initial={await readGateways(new Date())} />
    </ContainmentFrame>
  );
}
