import { z } from 'zod';
import { MaturityStage, ScopeType, Work } from './stages';

/** Gaps that one page lists; their number is told in full. */
export const missingMax = 100;
/** People named with a gap; how many more there are is told. */
export const whoMax = 4;
/** Processes, or agents of a process, that one page lists, the lowest stage first; their number is told in full. */
export const partsMax = 100;
/** Days of the trend of stages. */
export const stageTrendDays = 90;

export const Named = z.object({ id: z.string(), name: z.string() });
export type Named = z.infer<typeof Named>;

/** Missing is one gap: what, who can close it, and where. `mine`: whoever reads can. */
export const Missing = z.object({
  criterion: z.string(),
  title: z.string(),
  text: z.string(),
  who: z.array(Named),
  more: z.number(),
  mine: z.boolean(),
  href: z.string(),
});
export type Missing = z.infer<typeof Missing>;

/** A criterion as it reads now; `sensor` says why one is listed and left out. */
export const CriterionView = z.object({
  id: z.string(),
  stage: MaturityStage,
  title: z.string(),
  counts: z.string(),
  sensor: z.string().nullable(),
  met: z.boolean(),
  value: z.number(),
  target: z.number(),
  n: z.number(),
  unit: z.enum(['count', 'share']),
  gaps: z.number(),
  evidence: z.string(),
});
export type CriterionView = z.infer<typeof CriterionView>;

/** A process of the organisation, or an agent of a process, with its own stage. */
export const PartView = z.object({
  type: ScopeType,
  id: z.string(),
  name: z.string(),
  answers: z.string(),
  stage: MaturityStage,
  missing: z.number(),
});
export type PartView = z.infer<typeof PartView>;

export const StagePoint = z.object({ day: z.string(), stage: MaturityStage });
export type StagePoint = z.infer<typeof StagePoint>;

export const MaturityView = z.object({
  scope: z.object({ type: ScopeType, id: z.string(), name: z.string() }),
  at: z.string(),
  stage: MaturityStage,
  word: z.string(),
  next: MaturityStage.nullable(),
  work: Work.nullable(),
  /** What is missing for the next stage. */
  missing: z.array(Missing),
  missingTotal: z.number(),
  criteria: z.array(CriterionView),
  parts: z.array(PartView),
  partsTotal: z.number(),
  trend: z.array(StagePoint),
});
export type MaturityView = z.infer<typeof MaturityView>;

/** One of the twelve points. `sensor`: this version cannot answer it yet. */
export const PointView = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['yes', 'no', 'sensor']),
  value: z.string(),
  evidence: z.string().nullable(),
});
export type PointView = z.infer<typeof PointView>;
export const ChecklistView = z.object({ at: z.string(), points: z.array(PointView) });
export type ChecklistView = z.infer<typeof ChecklistView>;
