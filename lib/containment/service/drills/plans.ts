import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Refused } from '@/lib/people/service';
import { holdAgent } from '@/lib/registry/service';
import { nextDrillAt, whyNotPlan } from '../../domain';
import { NewDrillPlan, type DrillPlan } from '../../schema';
import * as store from '../../store/drills';
import { agentOf, standingOf } from './target';

export type PlanDrillsOutcome =
  | { ok: true; plan: DrillPlan }
  | Refused<'NOT_ALLOWED' | 'TARGET_UNKNOWN' | 'AGENT_ENDED' | 'NOT_CONFIRMED' | 'NO_WINDOW' | 'ALREADY_PLANNED'>;

/**
 * planDrills has an agent stopped for practice every so many days, the first time when those are over. An agent in service really stops: the person says
 * that they know, and in which hours it may. Throws when `input` is not a NewDrillPlan.
 */
export async function planDrills(actor: PersonActor, input: NewDrillPlan): Promise<PlanDrillsOutcome> {
  const { target, everyDays, window, confirmed } = NewDrillPlan.parse(input);
  const agentId = await agentOf(actor, target);
  return actAs(actor, 'drills:manage', async (tx): Promise<PlanDrillsOutcome> => {
    const agent = agentId === undefined ? undefined : await holdAgent(tx, agentId);
    if (!agent) return { ok: false, code: 'TARGET_UNKNOWN' };
    const standing = await standingOf(tx, agent);
    const why = whyNotPlan(standing, confirmed, window);
    if (why) return { ok: false, code: why };
    const plan = await store.insertPlan(tx, {
      id: newId('drp'),
      agentId: agent.id,
      everyDays,
      nextAt: nextDrillAt(await store.readNow(tx), everyDays, window),
      fromHour: window?.fromHour ?? null,
      toHour: window?.toHour ?? null,
      confirmedBy: confirmed && window ? actor.id : null,
      madeBy: actor.id,
    });
    if (!plan) return { ok: false, code: 'ALREADY_PLANNED' };
    const hours = window === null ? {} : { from_hour: window.fromHour, to_hour: window.toHour };
    await appendEvent(tx, {
      kind: 'drill.planned',
      actor,
      subject: { type: 'agent', id: agent.id },
      data: { plan: plan.id, every_days: everyDays, in_service: standing.inService, confirmed: plan.confirmedBy !== null, ...hours },
    });
    return { ok: true, plan };
  });
}

export type EndPlanOutcome = { ok: true; plan: DrillPlan } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_ENDED'>;

/** endDrillPlan ends a plan; a drill of it that is under way goes on to its end. */
export function endDrillPlan(actor: PersonActor, id: string): Promise<EndPlanOutcome> {
  return actAs(actor, 'drills:manage', async (tx): Promise<EndPlanOutcome> => {
    const plan = await store.findPlan(tx, id);
    if (!plan) return { ok: false, code: 'NOT_FOUND' };
    if (!(await store.endPlan(tx, id))) return { ok: false, code: 'ALREADY_ENDED' };
    await appendEvent(tx, { kind: 'drill.unplanned', actor, subject: { type: 'agent', id: plan.agentId }, data: { plan: plan.id } });
    return { ok: true, plan };
  });
}
