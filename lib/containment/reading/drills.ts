import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { listProcesses } from '@/lib/registry/service';
import { windowOf } from '../domain';
import {
  drillAgentId,
  drillsPageMax,
  type Drill,
  type DrillPage,
  type DrillPlan,
  type DrillPlanView,
  type DrillQuery,
  type DrillView,
} from '../schema';
import * as store from '../store/drills';
import { listSubjectNames } from '../store/reading';

type Names = { of: (id: string) => { id: string; name: string }; person: (id: string) => { id: string; name: string } };

/** readDrills gives the plans in force and drills newest first, for who looks; who manages drills is also told where the drill agent could be registered. */
export async function readDrills(person: User, { before }: DrillQuery): Promise<DrillPage> {
  const mayManage = may(person, 'drills:manage');
  const [plans, found, processes] = await Promise.all([
    store.listPlans(prisma()),
    store.listDrills(prisma(), before, drillsPageMax + 1),
    mayManage ? listProcesses() : [],
  ]);
  const drills = found.slice(0, drillsPageMax);
  const agents = [...plans, ...drills].map(({ agentId }) => agentId);
  const [names, serving] = await Promise.all([namesOf([...agents, drillAgentId]), store.listInService(prisma(), agents)]);
  const drillAgent = names.of(drillAgentId);
  return {
    plans: plans.map((plan) => planView(plan, names, serving.has(plan.agentId))),
    drills: drills.map((drill) => viewOf(drill, names)),
    next: found.length > drillsPageMax ? (drills.at(-1)?.id ?? null) : null,
    drillAgent: drillAgent.name === drillAgentId ? null : drillAgent,
    processes: processes.map(({ id, name }) => ({ id, name })),
    mayManage,
  };
}

/** readDrill gives one drill; undefined when there is none. */
export async function readDrill(id: string): Promise<DrillView | undefined> {
  const drill = await store.findDrill(prisma(), id);
  return drill && viewOf(drill, await namesOf([drill.agentId]));
}

/** readPlan gives one plan; undefined when there is none. */
export async function readPlan(id: string): Promise<DrillPlanView | undefined> {
  const plan = await store.findPlan(prisma(), id);
  if (!plan) return undefined;
  const [names, serving] = await Promise.all([namesOf([plan.agentId]), store.listInService(prisma(), [plan.agentId])]);
  return planView(plan, names, serving.has(plan.agentId));
}

async function namesOf(agents: readonly string[]): Promise<Names> {
  const [subjects, users] = await Promise.all([listSubjectNames(prisma(), agents), listUsers()]);
  const people = new Map(users.map(({ id, name }) => [id, name]));
  return { of: (id) => ({ id, name: subjects.get(id) ?? id }), person: (id) => ({ id, name: people.get(id) ?? id }) };
}

const planView = (plan: DrillPlan, names: Names, inService: boolean): DrillPlanView => ({
  id: plan.id,
  agent: names.of(plan.agentId),
  inService,
  everyDays: plan.everyDays,
  nextAt: plan.nextAt.toISOString(),
  window: windowOf(plan),
  confirmed: plan.confirmedBy !== null,
  madeBy: names.person(plan.madeBy),
});

const viewOf = (drill: Drill, names: Names): DrillView => ({
  id: drill.id,
  agent: names.of(drill.agentId),
  plan: drill.planId,
  askedBy: names.person(drill.askedBy),
  askedAt: drill.askedAt.toISOString(),
  kill: drill.killId,
  finishedAt: drill.finishedAt?.toISOString() ?? null,
  outcome: drill.outcome,
  why: drill.why,
  lastMs: drill.lastMs,
  gateways: drill.gateways,
  silent: drill.silent,
});
