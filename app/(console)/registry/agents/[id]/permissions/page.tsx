import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Permissions } from '@/components/registry/agents/permissions';
import { requirePermission } from '@/lib/http/actor';
import { answerOf, readActionChoices, readPermissions, usesLookedAt } from '@/lib/registry/reading';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'Permissions of an agent' };

export default async function AgentPermissionsPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const [rows, choices] = await Promise.all([readPermissions(view.agent.id), view.whyNotGrant === null ? readActionChoices() : []]);
  return (
    <Permissions
      agent={answerOf(view.agent)}
      asks={view.asks.includes('permissions')}
      rows={rows}
      choices={choices}
      whyNotGrant={view.whyNotGrant}
      whyNotRevoke={view.whyNotRevoke}
      looked={usesLookedAt}
    />
  );
}
