import { works, type MaturityStage, type Work } from '../schema';
import { criteria, isRead, type Criterion, type Measured } from './criteria';
import type { Facts } from './facts';

/** Result is a criterion as it read; `measured` is null for a sensor to come. */
export type Result = { criterion: Criterion; measured: Measured | null };

/** readCriteria reads every criterion that is asked of the facts' scope, in the order of the table. */
export const readCriteria = (facts: Facts): Result[] =>
  criteria
    .filter(({ scopes }) => scopes.includes(facts.scope.type))
    .map((criterion) => ({ criterion, measured: isRead(criterion) ? criterion.read(facts) : null }));

/** scoreStage is the highest stage of which all criteria hold, and all of those below; sensors to come are left out, and a stage of sensors alone is not reached. */
export function scoreStage(
  results: readonly { criterion: Pick<Criterion, 'stage'>; measured: Pick<Measured, 'met'> | null }[],
): MaturityStage {
  let reached: MaturityStage = 1;
  for (const stage of [2, 3, 4] as const) {
    const asked = results.flatMap(({ criterion, measured }) => (criterion.stage === stage && measured ? [measured] : []));
    if (asked.length === 0 || asked.some(({ met }) => !met)) return reached;
    reached = stage;
  }
  return reached;
}

/** nextStage is the stage after this one; null after the last. */
export const nextStage = (stage: MaturityStage): Exclude<MaturityStage, 1> | null =>
  stage === 1 ? 2 : stage === 2 ? 3 : stage === 3 ? 4 : null;

/** workFrom is the kind of work that leads on from a stage; null after the last. */
export const workFrom = (stage: MaturityStage): Work | null =>
  stage === works.organisational.from
    ? 'organisational'
    : stage === works.technical.from
      ? 'technical'
      : stage === works.integration.from
        ? 'integration'
        : null;

/** missingFor gives what stands between a stage and the next one. */
export const missingFor = (results: readonly Result[], stage: MaturityStage): Result[] =>
  results.filter(({ criterion, measured }) => criterion.stage === nextStage(stage) && measured !== null && !measured.met);
