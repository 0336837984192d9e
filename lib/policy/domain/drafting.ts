import { canonicalJson } from '@/lib/kernel/canonical';
import { NEVER } from '@/lib/policy/schema';
import type { DocumentProblem, DraftStatus, Policy, PolicyKind, RateTable } from '@/lib/policy/schema';

/** SIGNATURES_NEEDED is how many persons besides those who edited must sign before a draft comes into force. */
export const SIGNATURES_NEEDED = { default: 1, guardrail: 2 } as const satisfies Record<PolicyKind, number>;

/** DRAFT_MOVES is when each thing can happen to a draft. */
export const DRAFT_MOVES = {
  save: ['draft'],
  submit: ['draft'],
  return: ['in_review'],
  sign: ['in_review'],
  discard: ['draft', 'in_review'],
} as const satisfies Record<string, readonly DraftStatus[]>;
export type DraftMove = keyof typeof DRAFT_MOVES;

/** canMoveDraft tells whether a draft in this state can be saved, submitted, and so on. */
export function canMoveDraft(move: DraftMove, status: DraftStatus): boolean {
  const from: readonly DraftStatus[] = DRAFT_MOVES[move];
  return from.includes(status);
}

/** DraftFacts is what signing depends on; `editors` and `signers` are persons, not accounts. */
export type DraftFacts = { status: DraftStatus; editors: readonly string[]; signers: readonly string[] };
export type SignRefusalCode = 'NOT_IN_REVIEW' | 'EDITED_IT' | 'SIGNED_ALREADY';

/** whyNotSign says why this person's signature would not count, or undefined. */
export function whyNotSign(person: { personId: string }, draft: DraftFacts): SignRefusalCode | undefined {
  if (draft.editors.includes(person.personId)) return 'EDITED_IT';
  if (!canMoveDraft('sign', draft.status)) return 'NOT_IN_REVIEW';
  if (draft.signers.includes(person.personId)) return 'SIGNED_ALREADY';
  return undefined;
}

type Signature = { personId: string; document: string; mayPublish: boolean };

/**
 * countingSigners answers the persons whose signature counts: of exactly this document, still allowed to publish, and none of the editors.
 */
export function countingSigners(signatures: readonly Signature[], document: string, editors: readonly string[]): string[] {
  const counting = signatures.filter(
    (signature) => signature.mayPublish && signature.document === document && !editors.includes(signature.personId),
  );
  return [...new Set(counting.map(({ personId }) => personId))];
}

/** signaturesMissing is how many persons have still to sign; 0: it comes into force. */
export const signaturesMissing = (kind: PolicyKind, signers: readonly string[]): number =>
  Math.max(0, SIGNATURES_NEEDED[kind] - new Set(signers).size);

/**
 * fixedProblems lists what a draft may not change: id and version are not the author's, and what was published as a guardrail or as the baseline stays one.
 */
export function fixedProblems(draft: Policy, published: Policy | undefined, after: Policy): DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  if (after.id !== draft.id) problems.push({ pointer: '/id', detail: `This draft is of ${draft.id}; its id cannot be changed.` });
  if (after.version !== draft.version)
    problems.push({ pointer: '/version', detail: `This draft is version ${draft.version}; versions only count up.` });
  if (published !== undefined && after.kind !== published.kind)
    problems.push({ pointer: '/kind', detail: `It was published as a ${published.kind} and stays one.` });
  if ((after.baseline ?? false) !== (published?.baseline ?? false))
    problems.push({ pointer: '/baseline', detail: 'Whether a policy is part of the baseline cannot be changed.' });
  return problems;
}

/** currencyProblems lists thresholds in a currency without a rate: a set with one does not compile. */
export function currencyProblems(policy: Policy, rates: RateTable): DocumentProblem[] {
  const spend = policy.breaker?.spend;
  const named = [
    ...policy.ladders.map((ladder, index) => ({
      pointer: `/ladders/${index}/currency`,
      currency: ladder.dimension === 'money' ? ladder.currency : rates.base,
    })),
    ...(spend === undefined || spend === NEVER ? [] : [{ pointer: '/breaker/spend/currency', currency: spend.currency }]),
  ];
  return named
    .filter(({ currency }) => currency !== rates.base && !Object.hasOwn(rates.rates, currency))
    .map(({ pointer, currency }) => ({
      pointer,
      detail: `There is no exchange rate for ${currency}, so nothing could be compared with it.`,
    }));
}

/** sameContent tells whether two documents say the same, whatever their versions. */
export const sameContent = (left: Policy, right: Policy): boolean =>
  canonicalJson({ ...left, version: 0 }) === canonicalJson({ ...right, version: 0 });
