import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { inTransaction, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { holdAgent } from '@/lib/registry/service';
import { inWindow, nextDrillAt, openingAfter, whyNotDrill, windowOf } from '../../domain';
import type { Drill, DrillPlan, DrillWhy } from '../../schema';
import * as store from '../../store/drills';
import { endDrill, pressForDrill, watch } from './run';
import { jobs, speaksFor, standingOf } from './target';

/** Drills that are looked after, or begun, in one batch. */
export const drillBatchMax = 20;
/** A drill that could not be run is tried again so many days later, unless the next is sooner. */
const againDays = 1;

/**
 * sweepDrills finishes the drills that are under way, whoever began them and however that process ended, then begins those that are due. Answers how many
 * plans and drills it moved, and throws once all had their turn when one failed. Running twice, or in several processes, begins nothing twice.
 */
export async function sweepDrills(limit = drillBatchMax): Promise<number> {
  const underWay = await store.listUnderWay(prisma(), limit);
  const ended = await each(underWay, endDrill);
  const now = await store.readNow(prisma());
  const begun = await each(await store.listDue(prisma(), now, limit), async (plan) => {
    const { taken, drill } = await take(plan, now);
    if (drill) await watch(drill);
    return taken;
  });
  const failed = [...ended.failed, ...begun.failed];
  if (failed.length > 0) throw failed[0];
  return ended.changed + begun.changed;
}

/** One that fails keeps no other back. */
async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<boolean>): Promise<{ changed: number; failed: unknown[] }> {
  const failed: unknown[] = [];
  let changed = 0;
  for (const item of items) {
    const moved = await work(item).catch((error: unknown) => void failed.push(error));
    changed += moved ? 1 : 0;
  }
  return { changed, failed };
}

type Taken = { taken: boolean; drill?: Drill | undefined };

/** take claims one due plan: outside its window it waits for the next opening, else its drill begins, or is kept as called off with why. */
function take(plan: DrillPlan, now: Date): Promise<Taken> {
  const window = windowOf(plan);
  return inTransaction(async (tx): Promise<Taken> => {
    if (!inWindow(window, now)) return { taken: await store.claimPlan(tx, plan, openingAfter(window, now)) };
    const agent = await holdAgent(tx, plan.agentId);
    const standing = agent && (await standingOf(tx, agent));
    const why = standing ? whyNotDrill(standing, await speaksFor(tx, plan.confirmedBy)) : 'AGENT_ENDED';
    const days = why === undefined ? plan.everyDays : Math.min(againDays, plan.everyDays);
    if (!(await store.claimPlan(tx, plan, nextDrillAt(now, days, window)))) return { taken: false };
    if (why !== undefined) {
      await callOff(tx, plan, why);
      return { taken: true };
    }
    return { taken: true, drill: await pressForDrill(tx, jobs, { agentId: plan.agentId, planId: plan.id, askedBy: plan.madeBy }) };
  });
}

async function callOff(tx: Tx, plan: DrillPlan, why: DrillWhy): Promise<void> {
  const id = newId('drl');
  await store.insertCalledOff(tx, { id, planId: plan.id, agentId: plan.agentId, askedBy: plan.madeBy, why });
  const about = { type: 'agent', id: plan.agentId } as const;
  await appendEvent(tx, {
    kind: 'drill.finished',
    actor: jobs,
    subject: about,
    data: { drill: id, plan: plan.id, outcome: 'aborted', why },
  });
  // What is gone for good is drilled no more.
  if (why === 'AGENT_ENDED' && (await store.endPlan(tx, plan.id)))
    await appendEvent(tx, { kind: 'drill.unplanned', actor: jobs, subject: about, data: { plan: plan.id, why } });
}
