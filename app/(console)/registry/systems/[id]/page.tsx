import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { SystemPage } from '@/components/registry/systems/system';
import { readSightings } from '@/lib/findings/observations/reading';
import { requirePermission } from '@/lib/http/actor';
import { gatewayUrl } from '@/lib/http/gateway-url';
import { listUsers } from '@/lib/people/service';
import { may } from '@/lib/people/permissions';
import { findSystem } from '@/lib/registry/service';
import { listToolKeys, toolKeyAnswer } from '@/lib/registry/service/tool-keys';

export const metadata: Metadata = { title: 'System' };

export default async function OneSystemPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const system = await findSystem((await params).id);
  if (!system) notFound();
  const [keys, sightings, people] = await Promise.all([listToolKeys(system.id), readSightings(system.id), listUsers()]);
  return (
    <SystemPage
      system={system}
      keys={keys.map((key) => toolKeyAnswer(key))}
      sightings={sightings.map(({ lastAt, firstAt, ...rest }) => ({
        ...rest,
        lastAt: lastAt.toISOString(),
        firstAt: firstAt.toISOString(),
      }))}
      makers={Object.fromEntries(people.map(({ id, name }) => [id, name]))}
      mayManage={may(person, 'credentials:manage')}
      gatewayUrl={gatewayUrl()}
    />
  );
}
