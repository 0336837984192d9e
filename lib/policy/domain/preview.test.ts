import { describe, expect, it } from 'vitest';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { PreviewRequest } from '@/lib/policy/schema/preview';
import { compilePolicies } from '.';
import { previewAction, type Judged } from './preview';

const set = compilePolicies(baselinePolicies(), baselineRates());
const classification = {
  effect: 'execute',
  reversibility: 'reversible',
  compensation: { action: 'payments.cancel' },
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
  money: { pointer: '/amount', currency: { pointer: '/currency' } },
};
const parameters = { type: 'object', required: ['amount'], properties: { amount: {}, currency: { type: 'string' } } };
const sample = { amount: '62000.00', currency: 'EUR' };

const preview = (change: Partial<Record<keyof PreviewRequest, unknown>> = {}): Judged =>
  previewAction(
    PreviewRequest.parse({ name: 'payments.schedule', title: 'Vendor payments', parameters, sample, classification, ...change }),
    set,
  );

describe('a preview says what would be decided, and why', () => {
  it.each<[string, Record<string, unknown>, string, number | null]>([
    ['a payment above the threshold', {}, 'approval_required', 3],
    ['a small one', { sample: { amount: '499', currency: 'USD' } }, 'allow', 1],
    [
      'a small one that cannot be undone',
      {
        sample: { amount: '20', currency: 'USD' },
        classification: { ...classification, compensation: undefined, reversibility: 'irreversible' },
      },
      'approval_required',
      3,
    ],
    [
      'the same of an action without its own ladder',
      { name: 'credits.issue', sample: { amount: '15000', currency: 'USD' } },
      'approval_required',
      3,
    ],
    ['an action without a name yet', { name: undefined }, 'approval_required', 3],
    ['arguments that do not match', { sample: {} }, 'deny', null],
    ['an amount that is none', { sample: { amount: 'all', currency: 'USD' } }, 'deny', null],
    ['an amount of zero', { sample: { amount: '0', currency: 'USD' } }, 'deny', null],
    ['a currency nobody rated', { sample: { amount: '5', currency: 'XXX' } }, 'deny', null],
    ['a currency that is missing', { sample: { amount: '5' } }, 'deny', null],
  ])('%s', (_name, change, verdict, tier) => {
    expect(preview(change).decision).toMatchObject({ verdict, tier });
  });

  it('reads money in its own currency and in the base', () => {
    expect(preview().readings).toContainEqual({
      dimension: 'money',
      value: null,
      problem: null,
      money: {
        amount: '62000.00',
        currency: 'EUR',
        base: { amount: expect.stringMatching(/^\d+\.\d+$/), currency: 'USD', asOf: set.rates.asOf },
      },
    });
    expect(preview({ sample: { amount: '5', currency: 'USD' } }).readings[0]).toMatchObject({ money: { amount: '5.00', base: null } });
  });
});

describe('what is not said yet takes nothing from what is', () => {
  it('each dimension is read by itself, and the tier waits for the four it needs', () => {
    const { decision, unsaid, readings } = preview({ classification: { money: classification.money, records: { count: '/amount' } } });
    expect(decision).toBeNull();
    expect(unsaid).toEqual(['effect', 'reversibility', 'sensitivity', 'audience']);
    expect(readings.map(({ dimension, problem }) => [dimension, problem])).toEqual([
      ['money', null],
      ['records', 'The value at /amount is not an array.'],
    ]);
  });

  it('a schema that cannot be used leaves the readings, and no tier', () => {
    const { schemaProblem, decision, readings } = preview({ parameters: { $ref: '#' } });
    expect(schemaProblem).toBe('The parameter schema refers to itself without going into the arguments.');
    expect(decision).toBeNull();
    expect(readings[0]).toMatchObject({ dimension: 'money', problem: null });
  });

  it('a gap is said beside the tier, which it does not hide', () => {
    const { gaps, decision } = preview({ classification: { ...classification, compensation: undefined } });
    expect(gaps).toEqual(['Vendor payments are reversible, so the action that undoes them must be named.']);
    expect(decision).toMatchObject({ tier: 3 });
  });

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['nothing', null],
    ['a list', [1]],
    ['members of a prototype', JSON.parse('{ "constructor": { "amount": 1 } }')],
  ])('sample arguments that are %s are refused, not thrown at', (_name, given) => {
    expect(preview({ sample: given }).decision).toMatchObject({ verdict: 'deny' });
  });
});
