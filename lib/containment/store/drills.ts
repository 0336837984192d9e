import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import { Drill, DrillPlan, type DrillOutcome, type DrillWhy } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most plans a list answers. */
const plansMax = 1_000;

/** readNow asks the database what time it is. */
export async function readNow(db: Reader): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error('one row was asked for');
  return row.now;
}

type NewPlan = Omit<DrillPlan, 'active' | 'madeAt'>;

/** insertPlan writes a plan; undefined when the agent has an active one. */
export async function insertPlan(tx: Tx, plan: NewPlan): Promise<DrillPlan | undefined> {
  const { id, agentId, everyDays, nextAt, fromHour, toHour, confirmedBy, madeBy } = plan;
  const count = await tx.$executeRaw`
    INSERT INTO drill_plans (id, agent_id, every_days, next_at, from_hour, to_hour, confirmed_by, made_by)
    VALUES (${id}, ${agentId}, ${everyDays}::int, ${nextAt}, ${fromHour}::smallint, ${toHour}::smallint, ${confirmedBy}, ${madeBy})
    ON CONFLICT (agent_id) WHERE active DO NOTHING`;
  return count === 1 ? findPlan(tx, id) : undefined;
}

export async function findPlan(db: Reader, id: string): Promise<DrillPlan | undefined> {
  const row = await db.drillPlan.findUnique({ where: { id } });
  return row ? DrillPlan.parse(row) : undefined;
}

/** endPlan ends a plan that is active. */
export async function endPlan(tx: Tx, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`UPDATE drill_plans SET active = false, changed_at = clock_timestamp() WHERE id = ${id} AND active`;
  return count === 1;
}

/** listPlans gives the active plans, the next drill first. */
export async function listPlans(db: Reader): Promise<DrillPlan[]> {
  const rows = await db.drillPlan.findMany({ where: { active: true }, orderBy: [{ nextAt: 'asc' }, { id: 'asc' }], take: plansMax });
  return rows.map((row) => DrillPlan.parse(row));
}

/** listDue gives the active plans whose drill is due, the longest waiting first. */
export async function listDue(db: Reader, now: Date, limit: number): Promise<DrillPlan[]> {
  const rows = await db.drillPlan.findMany({
    where: { active: true, nextAt: { lte: now } },
    orderBy: [{ nextAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return rows.map((row) => DrillPlan.parse(row));
}

/** claimPlan moves a due plan on, if nobody did since it was read. */
export async function claimPlan(tx: Tx, plan: Pick<DrillPlan, 'id' | 'nextAt'>, nextAt: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE drill_plans SET next_at = ${nextAt}, changed_at = clock_timestamp()
    WHERE id = ${plan.id} AND active AND next_at = ${plan.nextAt}`;
  return count === 1;
}

/** insertDrill begins a drill; false when one of the agent is under way. */
export async function insertDrill(
  tx: Tx,
  drill: Pick<Drill, 'id' | 'planId' | 'agentId' | 'askedBy'> & { killId: string },
): Promise<boolean> {
  const { id, planId, agentId, askedBy, killId } = drill;
  const count = await tx.$executeRaw`
    INSERT INTO drills (id, plan_id, agent_id, asked_by, kill_id) VALUES (${id}, ${planId}, ${agentId}, ${askedBy}, ${killId})
    ON CONFLICT (agent_id) WHERE finished_at IS NULL DO NOTHING`;
  return count === 1;
}

/** insertCalledOff keeps a drill that was due and not run, with why. */
export async function insertCalledOff(
  tx: Tx,
  drill: Pick<Drill, 'id' | 'planId' | 'agentId' | 'askedBy'> & { why: DrillWhy },
): Promise<void> {
  const { id, planId, agentId, askedBy, why } = drill;
  await tx.$executeRaw`
    INSERT INTO drills (id, plan_id, agent_id, asked_by, finished_at, outcome, why)
    VALUES (${id}, ${planId}, ${agentId}, ${askedBy}, clock_timestamp(), 'aborted', ${why})`;
}

/** lockDrill takes a drill that is under way, until the transaction ends; undefined when it is finished. */
export async function lockDrill(tx: Tx, id: string): Promise<{ id: string } | undefined> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM drills WHERE id = ${id} AND finished_at IS NULL FOR UPDATE`;
  return row;
}

type Measured = { outcome: DrillOutcome; why: DrillWhy | null; lastMs: number | null; gateways: Drill['gateways']; silent: string[] };

/** finishDrill keeps what a drill measured, once. */
export async function finishDrill(tx: Tx, id: string, { outcome, why, lastMs, gateways, silent }: Measured): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE drills SET finished_at = clock_timestamp(), outcome = ${outcome}, why = ${why}, last_ms = ${lastMs}::int, gateways = ${JSON.stringify(gateways)}::jsonb,
      silent = ${silent} WHERE id = ${id} AND finished_at IS NULL`;
  return count === 1;
}

/** listUnderWay gives the drills that are not finished, oldest first. */
export async function listUnderWay(db: Reader, limit: number): Promise<Drill[]> {
  const rows = await db.drill.findMany({ where: { finishedAt: null }, orderBy: { id: 'asc' }, take: limit });
  return rows.map((row) => Drill.parse(row));
}

export async function findDrill(db: Reader, id: string): Promise<Drill | undefined> {
  const row = await db.drill.findUnique({ where: { id } });
  return row ? Drill.parse(row) : undefined;
}

/** listDrills gives drills newest first; ids sort by their time, so the last one seen is the `before` of the next page. */
export async function listDrills(db: Reader, before: string | undefined, limit: number): Promise<Drill[]> {
  const rows = await db.drill.findMany({ where: before ? { id: { lt: before } } : {}, orderBy: { id: 'desc' }, take: limit });
  return rows.map((row) => Drill.parse(row));
}

/** listInService tells which of these agents act now, or may again: those really stop. */
export async function listInService(db: Reader, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.agent.findMany({
    where: { id: { in: [...new Set(ids)] }, status: { in: ['active', 'suspended'] } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}
