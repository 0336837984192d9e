import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DraftForm, fieldOf, formOf, readForm } from './form';
import { emptyLadder } from './form-ladder';
import { somePolicies } from '../testdata/arbitraries';
import type { Policy } from '../schema';

const policy: Policy = {
  id: 'pol_a',
  name: 'Payments',
  version: 2,
  kind: 'default',
  baseline: true,
  selector: { level: 'organisation', actions: ['payments.*'] },
  ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: '500', 3: '50000' } }],
  approval: { slaSeconds: 5400 },
};
const fixed = { id: 'pol_a', version: 2, baseline: true };
const typed = (change: (form: DraftForm) => Partial<DraftForm>): DraftForm => {
  const form = formOf(policy, 'Why');
  return { ...form, ...change(form) };
};
const ladder = (more: Partial<DraftForm['ladders'][number]>) => typed(() => ({ ladders: [{ ...emptyLadder('money', 'USD'), ...more }] }));

const opens = (breaker: DraftForm['breaker'], more: Partial<DraftForm['breaker']['errors']>): DraftForm['breaker'] => ({
  ...breaker,
  errors: { ...breaker.errors, mode: 'opens', ...more },
});

describe('a policy as a form', () => {
  it('says the same when it is read again, whatever policy it was', () => {
    fc.assert(
      fc.property(somePolicies, (list) => {
        for (const one of list) {
          const { id, version, baseline } = one;
          const reading = readForm(formOf(one, ''), { id, version, baseline });
          expect(reading.problems).toEqual([]);
          expect(reading.policy).toEqual(one);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('shows seconds in the unit people would say them in', () => {
    expect(formOf(policy, '').sla).toEqual({ value: '90', unit: 'minutes' });
    expect(formOf({ ...policy, approval: { slaSeconds: 7200 } }, '').sla).toEqual({ value: '2', unit: 'hours' });
  });

  it.each<[string, DraftForm, (string | number)[]]>([
    ['no name', typed(() => ({ name: '  ' })), ['name']],
    ['no action', typed(() => ({ actions: [] })), ['actions']],
    ['an action that is none', typed(() => ({ actions: [{ pattern: 'pay ments' }] })), ['actions', 0, 'pattern']],
    ['an action twice', typed(() => ({ actions: [{ pattern: 'a.*' }, { pattern: ' a.* ' }] })), ['actions', 1, 'pattern']],
    ['one process, not named', typed(() => ({ level: 'process' })), ['process']],
    ['one agent, not named', typed(() => ({ level: 'agent' })), ['agent']],
    ['a ladder without a tier', ladder({}), ['ladders', 0, 'tier2']],
    ['an amount with separators', ladder({ tier3: '50,000' }), ['ladders', 0, 'tier3']],
    ['a negative amount', ladder({ tier3: '-5' }), ['ladders', 0, 'tier3']],
    ['an amount in words', ladder({ tier2: 'a lot' }), ['ladders', 0, 'tier2']],
    ['a currency in lower case', ladder({ tier3: '5', currency: 'usd' }), ['ladders', 0, 'currency']],
    ['half a record', ladder({ dimension: 'records', tier2: '0.5' }), ['ladders', 0, 'tier2']],
    ['confidence over one', ladder({ dimension: 'confidence', tier2: '80' }), ['ladders', 0, 'tier2']],
    ['a level there is not', ladder({ dimension: 'sensitivity', tier2: 'secret' }), ['ladders', 0, 'tier2']],
    ['a label in capitals', ladder({ dimension: 'regimes', tier3: 'SOX' }), ['ladders', 0, 'tier3']],
    ['circumstances that are no labels', ladder({ tier3: '5', categories: 'Personal Data' }), ['ladders', 0, 'categories']],
    [
      'two ladders for the same',
      typed(() => ({
        ladders: [
          { ...emptyLadder('money', 'USD'), tier2: '1' },
          { ...emptyLadder('money', 'EUR'), tier3: '2' },
        ],
      })),
      ['ladders', 1, 'dimension'],
    ],
    ['no whole number of hours', typed(() => ({ sla: { value: '1.5', unit: 'hours' } })), ['sla', 'value']],
    ['more than ninety days', typed(() => ({ window: { value: '91', unit: 'days' } })), ['window', 'value']],
    ['a trigger with a star inside', typed(() => ({ triggers: { allowed: 'user\na*b', otherwise: 'deny' } })), ['triggers', 'allowed']],
    [
      'a breaker that opens at no share',
      typed(({ breaker }) => ({ breaker: opens(breaker, { percent: '0' }) })),
      ['breaker', 'errors', 'percent'],
    ],
    [
      'a breaker that looks back a day',
      typed(({ breaker }) => ({ breaker: opens(breaker, { within: { value: '1', unit: 'days' } }) })),
      ['breaker', 'errors', 'within', 'value'],
    ],
    [
      'a breaker that looks back over nothing',
      typed(({ breaker }) => ({ breaker: opens(breaker, { within: { value: '', unit: 'minutes' } }) })),
      ['breaker', 'errors', 'within', 'value'],
    ],
    [
      'a breaker of half an outcome',
      typed(({ breaker }) => ({ breaker: opens(breaker, { atLeast: '0.5' }) })),
      ['breaker', 'errors', 'atLeast'],
    ],
    [
      'a breaker’s amount with separators',
      typed(({ breaker }) => ({ breaker: { ...breaker, spend: { ...breaker.spend, mode: 'opens' as const, amount: '1,000' } } })),
      ['breaker', 'spend', 'amount'],
    ],
    [
      'a breaker that pauses for a second',
      typed(({ breaker }) => ({ breaker: { ...breaker, pause: { value: '1', unit: 'seconds' as const } } })),
      ['breaker', 'pause', 'value'],
    ],
    ['a thousand probes', typed(({ breaker }) => ({ breaker: { ...breaker, probes: '1000' } })), ['breaker', 'probes']],
    [
      'a guardrail that never opens',
      typed(({ breaker }) => ({
        kind: 'guardrail' as const,
        breaker: { ...breaker, refusals: { ...breaker.refusals, mode: 'never' as const } },
      })),
      ['breaker', 'refusals', 'mode'],
    ],
    ['a note as long as a book', typed(() => ({ note: 'x'.repeat(2001) })), ['note']],
  ])('says beside the field that there is %s', (_name, form, path) => {
    const reading = readForm(form, fixed);
    expect(reading.policy).toBeNull();
    expect(reading.problems.map((problem) => problem.path)).toContainEqual(path);
    const issues = DraftForm.safeParse(form).error?.issues ?? [];
    expect(issues.map((issue) => issue.path)).toContainEqual(path);
  });

  it.each([
    ['/document/name', 'name'],
    ['/document/selector/process', 'process'],
    ['/document/selector/actions/2', 'actions.2.pattern'],
    ['/document/ladders/3/tiers/4', 'ladders.3.tier4'],
    ['/document/ladders/0/currency', 'ladders.0.currency'],
    ['/document/ladders/0/where/regimes', 'ladders.0.regimes'],
    ['/document/approval/slaSeconds', 'sla.value'],
    ['/document/breaker/errors/percent', 'breaker.errors.percent'],
    ['/document/breaker/refusals/withinSeconds', 'breaker.refusals.within.value'],
    ['/document/breaker/spend', 'breaker.spend.mode'],
    ['/document/breaker/probes', 'breaker.probes'],
    ['/document/breaker/pauseSeconds', 'breaker.pause.value'],
    ['/document', ''],
  ])('places what the server says of %s at %s', (pointer, field) => expect(fieldOf(pointer)).toBe(field));
});
