import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { StoppedLines } from '@/components/containment/stopped';
import { agentHref } from '@/components/registry/agents/address';
import { aloneWords } from '@/components/registry/agents/alone';
import { AgentFrame } from '@/components/registry/agents/frame';
import { Steps } from '@/components/registry/agents/steps';
import { statusMeaning } from '@/components/registry/agents/words';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { readStopsOf } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';
import { readEffectiveTiers } from '@/lib/policy/reading';
import type { AgentMove } from '@/lib/registry/domain/lifecycle';
import { agentView } from './view';

type Props = { params: Promise<{ id: string }>; children: ReactNode };

/** The line that answers: who is this, who answers for it, may it run, what may it do alone. */
export default async function AgentLayout({ params, children }: Props) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const { agent, people, process, gate, steps } = view;
  const [effective, stops] = await Promise.all([readEffectiveTiers(agent.id), readStopsOf(person, agent.id)]);
  const tiers = effective?.tiers ?? [];
  const isStopped = agent.status === 'active' && stops.some(({ scope }) => scope !== 'action_type' && scope !== 'system');
  const able = steps.filter(({ why }) => why === null).map(({ move }) => move as AgentMove);
  const missing = gate.gaps.length;
  const blocked =
    missing === 0
      ? undefined
      : `${missing === 1 ? 'One thing is' : `${missing} things are`} missing: ${gate.gaps.map(({ text }) => text).join(' ')}`;
  return (
    <AgentFrame
      id={agent.id}
      title={<Verbatim text={agent.name} />}
      line={
        <p data-who-line>
          <Verbatim text={people.get(agent.ownerId)?.name ?? agent.ownerId} /> accountable · <Verbatim text={process.name} /> ·{' '}
          {isStopped ? 'active, but stopped' : statusMeaning[agent.status]} · alone:{' '}
          {agent.permissions.length === 0 ? 'nothing, it has no permission' : aloneWords(agent.autonomyFloor, tiers)}
        </p>
      }
      actions={
        <>
          {view.whyNotEdit === null ? (
            <Link href={agentHref(agent.id, 'edit')} className={buttonLook()}>
              Edit
            </Link>
          ) : null}
          <Steps
            agent={{ id: agent.id, name: agent.name, version: agent.version }}
            moves={able}
            blocked={blocked === undefined ? {} : { activate: blocked, resume: blocked }}
          />
        </>
      }
    >
      <StoppedLines stops={stops} />
      {children}
    </AgentFrame>
  );
}
