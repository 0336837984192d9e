import { z } from 'zod';
import { AgentId, ProcessId } from '@/lib/registry/schema';

/** A drill passes when every gateway has acknowledged within this, and fails after that; in milliseconds from the press. */
export const drillPassMs = 1_000;
export const drillFailMs = 30_000;
/** Most days between two drills of a plan. */
export const drillDaysMax = 366;
export const drillDaysDefault = 30;
/** Drills on one page, and in its chart. */
export const drillsPageMax = 100;
/** The agent that exists only to be stopped. */
export const drillAgentId = 'agt_drill';
export const drillAgentName = 'Drill agent';

const Hour = z.int().min(0).max(23);
/** DrillWindow is from one full hour of the day (UTC) until another, perhaps past midnight. */
export const DrillWindow = z.strictObject({ fromHour: Hour, toHour: Hour }).refine(({ fromHour, toHour }) => fromHour !== toHour, {
  message: 'A window begins and ends at different hours.',
});
export type DrillWindow = z.infer<typeof DrillWindow>;

/** What is stopped for practice: an agent of the inventory, or the drill agent, which is registered in a process when it is first needed. */
const DrillTarget = z.union([z.strictObject({ agent: AgentId }), z.strictObject({ process: ProcessId })]);
export type DrillTarget = z.infer<typeof DrillTarget>;

/** NewDrillPlan asks for a drill every so many days. `confirmed`: the person knows that an agent in service really stops. */
export const NewDrillPlan = z.strictObject({
  target: DrillTarget,
  everyDays: z.int().min(1).max(drillDaysMax),
  window: DrillWindow.nullable().default(null),
  confirmed: z.boolean().default(false),
});
export type NewDrillPlan = z.input<typeof NewDrillPlan>;

/** NewDrill asks for one drill now. */
export const NewDrill = z.strictObject({ target: DrillTarget, confirmed: z.boolean().default(false) });
export type NewDrill = z.input<typeof NewDrill>;

/** DrillPlan is which agent is stopped for practice, and how often. `confirmedBy` null: it was planned while the agent was not in service. */
export const DrillPlan = z.object({
  id: z.string(),
  agentId: z.string(),
  everyDays: z.number(),
  nextAt: z.date(),
  fromHour: z.number().nullable(),
  toHour: z.number().nullable(),
  confirmedBy: z.string().nullable(),
  active: z.boolean(),
  madeBy: z.string(),
  madeAt: z.date(),
});
export type DrillPlan = z.infer<typeof DrillPlan>;

/** `passed` and `slow`: every gateway acknowledged, within drillPassMs and drillFailMs; `failed`: later, or one stayed silent; `aborted`: nothing was measured. */
export const DrillOutcome = z.enum(['passed', 'slow', 'failed', 'aborted']);
export type DrillOutcome = z.infer<typeof DrillOutcome>;
/** Why a drill was called off. */
export const DrillWhy = z.enum(['NO_GATEWAY', 'ALREADY_STOPPED', 'NOT_CONFIRMED', 'AGENT_ENDED']);
export type DrillWhy = z.infer<typeof DrillWhy>;

const DrillGateways = z.array(z.object({ id: z.string(), name: z.string(), ms: z.number().nullable() }));
/** Drill is one drill; `finishedAt` null: under way. */
export const Drill = z.object({
  id: z.string(),
  planId: z.string().nullable(),
  agentId: z.string(),
  askedBy: z.string(),
  askedAt: z.date(),
  killId: z.string().nullable(),
  finishedAt: z.date().nullable(),
  outcome: DrillOutcome.nullable(),
  why: DrillWhy.nullable(),
  lastMs: z.number().nullable(),
  gateways: DrillGateways,
  silent: z.array(z.string()),
});
export type Drill = z.infer<typeof Drill>;

const NamedThing = z.object({ id: z.string(), name: z.string() });
const Instant = z.string();

/** A drill as people see it. `plan` null: a person ran it by hand. */
export const DrillView = z.object({
  id: z.string(),
  agent: NamedThing,
  plan: z.string().nullable(),
  askedBy: NamedThing,
  askedAt: Instant,
  kill: z.string().nullable(),
  finishedAt: Instant.nullable(),
  outcome: DrillOutcome.nullable(),
  why: DrillWhy.nullable(),
  lastMs: z.number().nullable(),
  gateways: DrillGateways,
  silent: z.array(z.string()),
});
export type DrillView = z.infer<typeof DrillView>;

/** A plan as people see it. `inService`: its agent really stops. */
export const DrillPlanView = z.object({
  id: z.string(),
  agent: NamedThing,
  inService: z.boolean(),
  everyDays: z.number(),
  nextAt: Instant,
  window: z.object({ fromHour: z.number(), toHour: z.number() }).nullable(),
  confirmed: z.boolean(),
  madeBy: NamedThing,
});
export type DrillPlanView = z.infer<typeof DrillPlanView>;

export const DrillQuery = z.object({
  before: z
    .string()
    .regex(/^drl_[0-9a-z]{26}$/)
    .optional(),
});
export type DrillQuery = z.infer<typeof DrillQuery>;

/** The plans in force, and drills newest first. `drillAgent` null: it is not registered yet, and a process has to be named for it. */
export const DrillPage = z.object({
  plans: z.array(DrillPlanView),
  drills: z.array(DrillView),
  next: z.string().nullable(),
  drillAgent: NamedThing.nullable(),
  /** Where the drill agent can be registered. */
  processes: z.array(NamedThing),
  mayManage: z.boolean(),
});
export type DrillPage = z.infer<typeof DrillPage>;
