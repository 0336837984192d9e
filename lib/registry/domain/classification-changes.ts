import { canonicalJson } from '@/lib/kernel/canonical';
import type { ActionType, ClassificationStatus } from '@/lib/registry/schema';

/** A part of an action type that a person edits, as its history names it. */
export const ACTION_PARTS = ['title', 'system', 'sentence', 'parameters', 'classification'] as const;
export type ActionPart = (typeof ACTION_PARTS)[number];

export const actionPartWords: Record<ActionPart, string> = {
  title: 'the title',
  system: 'the system',
  sentence: 'the sentence',
  parameters: 'the parameter schema',
  classification: 'the classification',
};

type Parts = Partial<Pick<ActionType, ActionPart>>;

/** changedParts lists what differs in meaning, however it is written. */
export function changedParts(before: Parts, after: Parts): ActionPart[] {
  return ACTION_PARTS.filter((part) => canonicalJson(before[part] ?? null) !== canonicalJson(after[part] ?? null));
}

/**
 * statusOfProposal is what becomes of a type that was proposed and not classified: unset, unless only what people read of it was changed. The schema
 * and the classification are what decisions are made from, so a change of either is out of everybody's scope until somebody classifies it.
 */
export function statusOfProposal(recorded: ActionType | undefined, wanted: Parts): ClassificationStatus {
  if (recorded === undefined) return 'unset';
  const changed = changedParts(recorded, wanted);
  return changed.includes('parameters') || changed.includes('classification') ? 'unset' : recorded.status;
}
