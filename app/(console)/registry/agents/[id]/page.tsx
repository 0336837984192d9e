import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { OpenChangeLine } from '@/components/lifecycle/open-change';
import { GateList } from '@/components/registry/agents/gate';
import { AgentRecordView } from '@/components/registry/agents/record';
import { StepReasons } from '@/components/registry/agents/step-reasons';
import { requirePermission } from '@/lib/http/actor';
import { readOpenChange } from '@/lib/lifecycle/reading';
import { answerOf } from '@/lib/registry/reading';
import { agentView } from './view';

export const metadata: Metadata = { title: 'Agent' };

export default async function AgentPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const open = await readOpenChange(view.agent.id);
  return (
    <>
      {open ? <OpenChangeLine open={open} /> : null}
      <GateList gate={view.gate} status={view.agent.status} />
      <StepReasons steps={view.steps} />
      <AgentRecordView
        agent={answerOf(view.agent)}
        people={Object.fromEntries(view.people)}
        process={view.process}
        lastSeenAt={view.lastSeenAt?.toISOString() ?? null}
        credential={view.credential}
        today={new Date().toISOString().slice(0, 10)}
      />
    </>
  );
}
