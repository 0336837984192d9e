import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Credentials } from '@/components/identity/credentials';
import { readObservations } from '@/lib/findings/observations/reading';
import { requirePermission } from '@/lib/http/actor';
import { gatewayUrl } from '@/lib/http/gateway-url';
import { credentialAnswer, listCredentials } from '@/lib/identity/service';
import { may } from '@/lib/people/permissions';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'Credentials of an agent' };

export default async function AgentCredentialsPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const { agent, people } = view;
  const [credentials, observed] = await Promise.all([listCredentials(agent.id), readObservations({ agentId: agent.id })]);
  const uses = [...observed.credentials].map(([id, { lastAt, workloads }]) => [id, { lastAt: lastAt.toISOString(), workloads }] as const);
  const ended = agent.status === 'decommissioned' || agent.status === 'rejected';
  return (
    <Credentials
      agent={{ id: agent.id, name: agent.name }}
      rows={credentials.map((credential) => credentialAnswer(credential)).reverse()}
      makers={Object.fromEntries([...people].map(([id, { name }]) => [id, name]))}
      uses={Object.fromEntries(uses)}
      whyNot={
        ended
          ? 'An agent that was decommissioned or sent back gets no credential.'
          : may(person, 'credentials:manage')
            ? null
            : 'Engineers and security make, replace and revoke credentials.'
      }
      gatewayUrl={gatewayUrl()}
    />
  );
}
