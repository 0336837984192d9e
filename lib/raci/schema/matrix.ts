import { z } from 'zod';
import { RaciRole, Stage, stages } from './stages';

/** Most people and teams in one cell. */
export const holdersPerCellMax = 20;

/** Holder is who stands in a cell. */
export const Holder = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('user'), id: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('team'), id: z.string().min(1).max(64) }),
]);
export type Holder = z.infer<typeof Holder>;

/** Cell is one holder of one role in one stage of a process; with `agentId`, an exception for that agent. */
export const Cell = z.object({ stage: Stage, role: RaciRole, holder: Holder, agentId: z.string().nullable() });
export type Cell = z.infer<typeof Cell>;

const Holders = z
  .array(Holder)
  .max(holdersPerCellMax, `at most ${holdersPerCellMax} people and teams`)
  .refine((holders) => new Set(holders.map(({ type, id }) => `${type} ${id}`)).size === holders.length, 'names somebody twice');

/** Row is one stage of a matrix. Its Accountable is one person's account: the shape leaves no room for none, two, a team or an agent. */
export const Row = z.strictObject({
  stage: Stage,
  accountable: z.string().min(1, 'choose one person').max(64),
  responsible: Holders,
  consulted: Holders,
  informed: Holders,
});
export type Row = z.infer<typeof Row>;

const Rows = z
  .array(Row)
  .max(stages.length)
  .refine((rows) => new Set(rows.map((row) => row.stage)).size === rows.length, 'names a stage twice');

/**
 * MatrixChange is an edit of a process's matrix, or of the exceptions of one agent in it: the rows as they were shown, and as they shall be. A matrix
 * has all eight stages; exceptions name only those in which the agent differs, and none takes them back.
 */
export const MatrixChange = z
  .strictObject({ agentId: z.string().max(64).nullable().default(null), shown: Rows, rows: Rows })
  .refine(({ agentId, rows }) => agentId !== null || rows.length === stages.length, {
    path: ['rows'],
    message: 'a matrix has all eight stages',
  });
export type MatrixChange = z.input<typeof MatrixChange>;

/** CellChange is who left one cell and who came. */
export const CellChange = z.object({ stage: Stage, role: RaciRole, removed: z.array(Holder), added: z.array(Holder) });
export type CellChange = z.infer<typeof CellChange>;

/** Why a matrix is not taken as it is. */
export const RuleCode = z.enum(['PERSON_UNKNOWN', 'PERSON_INACTIVE', 'TEAM_UNKNOWN', 'AUTHOR_ACCOUNTABLE', 'ESCALATION_UNROUTED']);
export type RuleCode = z.infer<typeof RuleCode>;
/** RuleProblem is one broken rule, where it is broken, as a sentence. */
export const RuleProblem = z.object({ code: RuleCode, stage: Stage, role: RaciRole, text: z.string() });
export type RuleProblem = z.infer<typeof RuleProblem>;

/** What is missing in a matrix that was once whole, or never filled in. */
export const GapCode = z.enum(['ACCOUNTABLE_GONE', 'ACCOUNTABLE_BUILT_IT', 'NO_RESPONSIBLE', 'HOLDER_GONE', 'TEAM_EMPTY', 'NOBODY_SIGNS']);
export type GapCode = z.infer<typeof GapCode>;
/** Gap is one thing missing, in which cell, as a sentence; `fix` says what closes it. */
export const Gap = z.object({
  code: GapCode,
  stage: Stage,
  role: RaciRole,
  agentId: z.string().nullable(),
  text: z.string(),
  fix: z.string(),
});
export type Gap = z.infer<typeof Gap>;

/** Somebody who may stand in a cell, as pages show them. */
export const Standing = z.object({ id: z.string(), personId: z.string(), name: z.string(), active: z.boolean(), signs: z.boolean() });
export type Standing = z.infer<typeof Standing>;
/** A team and the accounts in it. */
export const StandingTeam = z.object({ id: z.string(), name: z.string(), members: z.array(z.string()) });
export type StandingTeam = z.infer<typeof StandingTeam>;
/** An agent of a process, and the persons who built it. */
export const StandingAgent = z.object({ id: z.string(), name: z.string(), status: z.string(), editors: z.array(z.string()) });
export type StandingAgent = z.infer<typeof StandingAgent>;

/** Facts is what rules and gaps are judged by. */
export type Facts = { people: readonly Standing[]; teams: readonly StandingTeam[]; agents: readonly StandingAgent[] };
