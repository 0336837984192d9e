import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActivityView } from '@/components/ledger/activity';
import { readActivity } from '@/lib/check/reading';
import { ActivityDays } from '@/lib/check/reading/schema';
import { requirePermission } from '@/lib/http/actor';
import { readAgentNames } from '@/lib/registry/reading';

export const metadata: Metadata = { title: 'What an agent did' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ days?: string | string[] }> };

export default async function AgentDecisionsPage({ params, searchParams }: Props) {
  const person = await requirePermission('agents:read');
  const id = decodeURIComponent((await params).id);
  if (!(await readAgentNames([id])).has(id)) notFound();
  const activity = await readActivity(person, { agent: id, days: ActivityDays.parse((await searchParams).days) });
  const address = `/registry/agents/${encodeURIComponent(id)}/decisions`;
  return <ActivityView activity={activity} scope={{ agent: id }} who="this agent" address={address} />;
}
