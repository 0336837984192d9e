import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ActivityView } from '@/components/ledger/activity';
import { Verbatim } from '@/components/text/verbatim';
import { Page } from '@/components/ui/page';
import { readActivity } from '@/lib/check/reading';
import { ActivityDays } from '@/lib/check/reading/schema';
import { requirePermission } from '@/lib/http/actor';
import { readAgentNames } from '@/lib/registry/reading';

export const metadata: Metadata = { title: 'What an agent did' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ days?: string | string[] }> };

export default async function AgentDecisionsPage({ params, searchParams }: Props) {
  const person = await requirePermission('agents:read');
  const id = decodeURIComponent((await params).id);
  const agent = (await readAgentNames([id])).get(id);
  if (!agent) notFound();
  const activity = await readActivity(person, { agent: id, days: ActivityDays.parse((await searchParams).days) });
  return (
    <Page
      up={{ href: `/registry/agents/${encodeURIComponent(id)}`, label: agent.name }}
      title={
        <>
          What <Verbatim text={agent.name} /> did
        </>
      }
      actions={
        <Link href={`/ledger?agent=${encodeURIComponent(id)}`} className="text-sm text-accent underline-offset-2 hover:underline">
          Every decision, in the ledger
        </Link>
      }
    >
      <ActivityView activity={activity} scope={{ agent: id }} who="this agent" address={`/registry/agents/${encodeURIComponent(id)}/decisions`} />
    </Page>
  );
}
