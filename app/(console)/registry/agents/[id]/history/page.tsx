import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { History } from '@/components/registry/agents/history';
import { requirePermission } from '@/lib/http/actor';
import { readHistory } from '@/lib/registry/reading';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'History of an agent' };

export default async function AgentHistoryPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  return <History id={view.agent.id} initial={await readHistory(person, view.agent.id)} />;
}
