import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, inTransaction, type Actor, type PersonActor, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { holdAgent } from '@/lib/registry/service';
import { outcomeOf, whyNotDrill } from '../../domain';
import { NewDrill, type Drill, type DrillOutcome, type KillReach } from '../../schema';
import * as store from '../../store/drills';
import { findKill, insertKill, liftKillRow } from '../../store/kills';
import { killReach, tellReach } from '../reach';
import { agentOf, jobs, standingOf } from './target';

/** How long a drill is watched closely before the next sweep looks after it. */
const watchMs = 3_000;
const lookMs = 50;

export type RunDrillOutcome =
  | { ok: true; drill: Drill }
  | Refused<'NOT_ALLOWED' | 'TARGET_UNKNOWN' | 'AGENT_ENDED' | 'ALREADY_STOPPED' | 'NOT_CONFIRMED' | 'UNDER_WAY'>;

/**
 * runDrill stops an agent now, for practice, and waits a moment for the gateways: the drill that comes back is finished, or is finished by the next sweep.
 * It is a real stop, and needs PostgreSQL alone. Throws when `input` is not a NewDrill.
 */
export async function runDrill(actor: PersonActor, input: NewDrill): Promise<RunDrillOutcome> {
  const { target, confirmed } = NewDrill.parse(input);
  const agentId = await agentOf(actor, target);
  const outcome = await actAs(actor, 'drills:manage', async (tx): Promise<RunDrillOutcome> => {
    const agent = agentId === undefined ? undefined : await holdAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'TARGET_UNKNOWN' };
    const why = whyNotDrill(await standingOf(tx, agent), confirmed);
    if (why) return { ok: false, code: why };
    const drill = await pressForDrill(tx, actor, { agentId: agent.id, planId: null, askedBy: actor.id });
    return drill ? { ok: true, drill } : { ok: false, code: 'UNDER_WAY' };
  });
  if (!outcome.ok) return outcome;
  await watch(outcome.drill);
  return { ok: true, drill: (await store.findDrill(prisma(), outcome.drill.id)) ?? outcome.drill };
}

type Asked = { agentId: string; planId: string | null; askedBy: string };

/** pressForDrill begins a drill and sets its stop, with their events; undefined when a drill of the agent is under way. */
export async function pressForDrill(tx: Tx, actor: Actor, { agentId, planId, askedBy }: Asked): Promise<Drill | undefined> {
  const [id, killId] = [newId('drl'), newId('kil')];
  if (!(await store.insertDrill(tx, { id, planId, agentId, askedBy, killId }))) return undefined;
  const reason = `Kill drill ${id}: practice. It lifts itself once every gateway has acknowledged it.`;
  const stop = { scope: 'agent', target: agentId } as const;
  await insertKill(tx, { id: killId, ...stop, reason, setBy: askedBy, sourceType: null, sourceId: null, detectedAt: null, drillId: id });
  const about = { type: 'agent', id: agentId } as const;
  await appendEvent(tx, {
    kind: 'drill.started',
    actor,
    subject: about,
    data: { drill: id, kill: killId, ...(planId ? { plan: planId } : {}) },
  });
  await appendEvent(tx, {
    kind: 'kill.set',
    actor,
    subject: { type: 'kill', id: killId },
    data: { ...stop, drill: id },
    sealed: { text: reason },
  });
  return store.findDrill(tx, id);
}

/** watch looks after one drill for a moment; false: it is not finished yet. */
export async function watch(drill: Pick<Drill, 'id' | 'killId'>): Promise<boolean> {
  const until = performance.now() + watchMs;
  while (!(await endDrill(drill))) {
    if (performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return true;
}

/** endDrill finishes a drill whose gateways have all acknowledged, or are waited for no longer: its stop is lifted and what was measured is kept. Running twice, or in several processes, changes nothing. */
export async function endDrill({ id, killId }: Pick<Drill, 'id' | 'killId'>): Promise<boolean> {
  const kill = killId === null ? undefined : await findKill(prisma(), killId);
  if (!kill) throw new Error(`drill ${id} has no stop`);
  const reach = await killReach(kill);
  const elapsedMs = (await store.readNow(prisma())).getTime() - kill.setAt.getTime();
  const outcome = outcomeOf(reach, elapsedMs);
  if (outcome === undefined) return false;
  return inTransaction(async (tx) => {
    if (!(await store.lockDrill(tx, id))) return true;
    await tellReach(tx, kill, reach);
    const reason = `Kill drill ${id} is over: ${outcome}.`;
    // Somebody else may have lifted it: then it is over as well.
    if (await liftKillRow(tx, kill.id, id, reason)) {
      const { scope, target, setBy } = kill;
      const data = { scope, target, set_by: setBy, drill: id };
      await appendEvent(tx, { kind: 'kill.lifted', actor: jobs, subject: { type: 'kill', id: kill.id }, data, sealed: { text: reason } });
    }
    await store.finishDrill(tx, id, { ...measuredOf(reach), outcome, why: outcome === 'aborted' ? 'NO_GATEWAY' : null });
    await appendEvent(tx, {
      kind: 'drill.finished',
      actor: jobs,
      subject: { type: 'agent', id: kill.target },
      data: toldOf(id, outcome, kill.id, reach),
    });
    return true;
  });
}

const measuredOf = ({ gateways, lastMs, silent }: KillReach) => ({
  lastMs,
  gateways: gateways.map(({ id, name, ms }) => ({ id, name, ms })),
  silent,
});

const toldOf = (id: string, outcome: DrillOutcome, kill: string, { lastMs, gateways }: KillReach) => ({
  drill: id,
  kill,
  outcome,
  ...(outcome === 'aborted' ? { why: 'NO_GATEWAY' } : {}),
  last_ms: lastMs,
  gateways: gateways.map(({ id: gateway, ms }) => ({ gateway, ms })),
  silent: gateways.filter(({ ms }) => ms === null).map(({ id: gateway }) => gateway),
});
