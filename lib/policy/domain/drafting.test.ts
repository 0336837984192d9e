import { describe, expect, it } from 'vitest';
import { canMoveDraft, countingSigners, currencyProblems, fixedProblems, sameContent, signaturesMissing, whyNotSign } from './drafting';
import type { DraftMove } from './drafting';
import type { DraftStatus, Policy } from '../schema';

const policy = (more: Partial<Policy> = {}): Policy => ({
  id: 'pol_a',
  name: 'A',
  version: 2,
  kind: 'default',
  selector: { level: 'organisation', actions: ['*'] },
  ladders: [],
  ...more,
});

describe('what can happen to a draft', () => {
  it.each<[DraftMove, DraftStatus, boolean]>([
    ['save', 'draft', true],
    ['submit', 'draft', true],
    ['discard', 'draft', true],
    ['sign', 'draft', false],
    ['return', 'draft', false],
    ['sign', 'in_review', true],
    ['return', 'in_review', true],
    ['discard', 'in_review', true],
    ['save', 'in_review', false],
    ['submit', 'in_review', false],
  ])('%s while it is %s: %s', (move, status, may) => expect(canMoveDraft(move, status)).toBe(may));
});

describe('whose signature counts', () => {
  const draft = { status: 'in_review' as const, editors: ['per_a', 'per_b'], signers: ['per_c'] };
  it.each<[string, string, Partial<typeof draft> | { status: 'draft' }, string | undefined]>([
    ['somebody who neither edited nor signed it', 'per_d', {}, undefined],
    ['who began it', 'per_a', {}, 'EDITED_IT'],
    ['who edited it later', 'per_b', {}, 'EDITED_IT'],
    ['who edited it, told so also while it is written', 'per_b', { status: 'draft' }, 'EDITED_IT'],
    ['somebody, while it is written', 'per_d', { status: 'draft' }, 'NOT_IN_REVIEW'],
    ['who signed it', 'per_c', {}, 'SIGNED_ALREADY'],
  ])('%s', (_name, personId, more, code) => expect(whyNotSign({ personId }, { ...draft, ...more })).toBe(code));

  const signature = (personId: string, more: { document?: string; mayPublish?: boolean } = {}) => ({
    personId,
    document: 'sha-256:now',
    mayPublish: true,
    ...more,
  });
  it.each<[string, ReturnType<typeof signature>[], string[]]>([
    ['of this document', [signature('per_c')], ['per_c']],
    ['one a person, however many accounts', [signature('per_c'), signature('per_c')], ['per_c']],
    ['not of an older document', [signature('per_c', { document: 'sha-256:then' })], []],
    ['not of somebody who was removed or lost the role', [signature('per_c', { mayPublish: false })], []],
    ['not of somebody who edited it since', [signature('per_a'), signature('per_d')], ['per_d']],
  ])('counts %s', (_name, signatures, counting) => expect(countingSigners(signatures, 'sha-256:now', ['per_a'])).toEqual(counting));

  it.each([
    ['default', [], 1],
    ['default', ['per_c'], 0],
    ['guardrail', [], 2],
    ['guardrail', ['per_c'], 1],
    ['guardrail', ['per_c', 'per_c'], 1],
    ['guardrail', ['per_c', 'per_d'], 0],
  ] as const)('a %s signed by %j misses %d', (kind, signers, missing) => expect(signaturesMissing(kind, signers)).toBe(missing));
});

describe('what a draft may not change', () => {
  it.each<[string, Policy, Policy | undefined, Policy, string[]]>([
    ['nothing fixed', policy(), policy({ version: 1 }), policy({ name: 'B' }), []],
    ['its kind before it was ever published', policy(), undefined, policy({ kind: 'guardrail' }), []],
    ['its kind afterwards', policy(), policy({ version: 1 }), policy({ kind: 'guardrail' }), ['/kind']],
    ['its id', policy(), undefined, policy({ id: 'pol_b' }), ['/id']],
    ['its version', policy(), undefined, policy({ version: 3 }), ['/version']],
    ['out of the baseline', policy({ baseline: true }), policy({ baseline: true }), policy(), ['/baseline']],
    ['into the baseline', policy(), policy(), policy({ baseline: true }), ['/baseline']],
    ['into the baseline, new', policy(), undefined, policy({ baseline: true }), ['/baseline']],
  ])('%s', (_name, draft, published, after, pointers) =>
    expect(fixedProblems(draft, published, after).map(({ pointer }) => pointer)).toEqual(pointers),
  );

  const rates = { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092' } };
  it.each([
    ['USD', 0],
    ['EUR', 0],
    ['GBP', 1],
    // A member every object has is no rate.
    ['toString', 1],
  ])('a threshold in %s has %d problems', (currency, count) =>
    expect(currencyProblems(policy({ ladders: [{ dimension: 'money', currency, tiers: { 3: '5' } }] }), rates)).toHaveLength(count),
  );

  it('names a breaker’s currency without a rate', () => {
    const spend = { amount: '5', currency: 'XXX', atLeast: 1, withinSeconds: 60 };
    expect(currencyProblems(policy({ breaker: { spend } }), rates).map(({ pointer }) => pointer)).toEqual(['/breaker/spend/currency']);
    expect(currencyProblems(policy({ breaker: { spend: 'never' } }), rates)).toEqual([]);
  });

  it('a version alone is no change', () => {
    expect(sameContent(policy(), policy({ version: 7 }))).toBe(true);
    expect(sameContent(policy(), policy({ name: 'B' }))).toBe(false);
  });
});
