import { compileArguments } from '@/lib/registry/domain/arguments';
import type { ActionType } from '@/lib/registry/schema';

export type GapCode =
  'CLASSIFICATION_MISSING' | 'PARAMETERS_INVALID' | 'COMPENSATION_MISSING' | 'COMPENSATION_NOT_POSSIBLE' | 'REVERSAL_NOT_POSSIBLE';

/** Gap is one thing that keeps an action type from being approved. */
export type Gap = { code: GapCode; text: string };

/** classificationGaps lists what keeps an action type from being approved; empty means it can be. An approved type with gaps is treated as unclassified. */
export function classificationGaps(type: ActionType): Gap[] {
  const gaps: Gap[] = [];
  const parameters = compileArguments(type.parameters);
  if (!parameters.ok) gaps.push({ code: 'PARAMETERS_INVALID', text: `${type.title}: ${parameters.problem}.` });
  if (type.classification === null) return [...gaps, { code: 'CLASSIFICATION_MISSING', text: `${type.title} have not been classified.` }];

  const { effect, reversibility, compensation, reversal } = type.classification;
  const undoable = effect !== 'read' && reversibility !== 'irreversible';
  if (undoable && compensation === undefined)
    gaps.push({ code: 'COMPENSATION_MISSING', text: `${type.title} are ${reversibility}, so the action that undoes them must be named.` });
  if (!undoable && compensation !== undefined)
    gaps.push({
      code: 'COMPENSATION_NOT_POSSIBLE',
      text: `${type.title} leave nothing to undo or cannot be undone, so they have no compensation.`,
    });
  if (!undoable && reversal !== undefined)
    gaps.push({
      code: 'REVERSAL_NOT_POSSIBLE',
      text: `${type.title} leave nothing to undo or cannot be undone, so they have no reversal window.`,
    });
  return gaps;
}
