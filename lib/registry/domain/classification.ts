import { compileArguments } from '@/lib/registry/domain/arguments';
import type { ActionType, Classification } from '@/lib/registry/schema';

export type GapCode =
  'CLASSIFICATION_MISSING' | 'PARAMETERS_INVALID' | 'COMPENSATION_MISSING' | 'COMPENSATION_NOT_POSSIBLE' | 'REVERSAL_NOT_POSSIBLE';

/** Gap is one thing that keeps an action type from being approved. */
export type Gap = { code: GapCode; text: string };

/** classificationGaps lists what keeps an action type from being approved; empty means it can be. An approved type with gaps is treated as unclassified. */
export function classificationGaps(type: Pick<ActionType, 'title' | 'parameters' | 'classification'>): Gap[] {
  return [...parameterGaps(type), ...riskGaps(type.title, type.classification)];
}

/** parameterGaps says why a parameter schema cannot be used, for a proposal and an approval alike. */
export function parameterGaps({ title, parameters }: Pick<ActionType, 'title' | 'parameters'>): Gap[] {
  const compiled = compileArguments(parameters);
  return compiled.ok ? [] : [{ code: 'PARAMETERS_INVALID', text: `${title}: ${compiled.problem}.` }];
}

/** isUndoable tells whether there is something to undo and a way to: only then is a compensation named. */
export const isUndoable = ({ effect, reversibility }: Pick<Classification, 'effect' | 'reversibility'>): boolean =>
  effect !== 'read' && reversibility !== 'irreversible';

/** riskGaps lists what is missing or impossible in a classification itself. */
export function riskGaps(title: string, classification: Classification | null): Gap[] {
  if (classification === null) return [{ code: 'CLASSIFICATION_MISSING', text: `${title} have not been classified.` }];
  const { reversibility, compensation, reversal } = classification;
  const undoable = isUndoable(classification);
  const gaps: Gap[] = [];
  if (undoable && compensation === undefined)
    gaps.push({ code: 'COMPENSATION_MISSING', text: `${title} are ${reversibility}, so the action that undoes them must be named.` });
  if (!undoable && compensation !== undefined)
    gaps.push({
      code: 'COMPENSATION_NOT_POSSIBLE',
      text: `${title} leave nothing to undo or cannot be undone, so they have no compensation.`,
    });
  if (!undoable && reversal !== undefined)
    gaps.push({
      code: 'REVERSAL_NOT_POSSIBLE',
      text: `${title} leave nothing to undo or cannot be undone, so they have no reversal window.`,
    });
  return gaps;
}
