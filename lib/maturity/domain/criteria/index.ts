import type { Criterion } from './criterion';
import { defined } from './defined';
import { embedded } from './embedded';
import { managed } from './managed';

export { isRead, type Criterion, type CriterionGap, type Measured, type ReadCriterion } from './criterion';

/** criteria is the whole table, the lower stages first. */
export const criteria: readonly Criterion[] = [...defined, ...managed, ...embedded];
