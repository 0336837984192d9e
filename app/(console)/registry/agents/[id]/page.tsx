import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { BreakersOf } from '@/components/containment/breakers';
import { OfAgent } from '@/components/findings/of-agent';
import { OpenChangeLine } from '@/components/lifecycle/open-change';
import { StageLine } from '@/components/maturity/stage-line';
import { GateList } from '@/components/registry/agents/gate';
import { AgentRecordView, Purpose } from '@/components/registry/agents/record';
import { StepReasons } from '@/components/registry/agents/step-reasons';
import { readBreakerHistory, readBreakers } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';
import { readFindingsOf } from '@/lib/findings/reading';
import { readOpenChange } from '@/lib/lifecycle/reading';
import { readStageLine } from '@/lib/maturity/reading';
import { answerOf } from '@/lib/registry/reading';
import { agentView } from './view';

export const metadata: Metadata = { title: 'Agent' };

export default async function AgentPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const { id } = view.agent;
  const [open, findings, stage, breakers, history] = await Promise.all([
    readOpenChange(id),
    readFindingsOf(person, id),
    readStageLine({ type: 'agent', id }),
    readBreakers(person, id),
    readBreakerHistory(id),
  ]);
  return (
    <>
      <Purpose text={view.agent.purpose} />
      {stage ? <StageLine {...stage} /> : null}
      {open ? <OpenChangeLine open={open} /> : null}
      <GateList gate={view.gate} status={view.agent.status} />
      <StepReasons steps={view.steps} />
      <OfAgent agent={id} findings={findings} />
      <BreakersOf initial={{ open: breakers, history }} />
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
