import type { FormValues } from './values';

/** isUndoableWords tells whether the form speaks of something that can be undone or made good. */
export const isUndoableWords = ({ effect, reversibility }: Pick<FormValues, 'effect' | 'reversibility'>): boolean =>
  effect !== '' && effect !== 'read' && (reversibility === 'reversible' || reversibility === 'compensable');
