import { describe, expect, it } from 'vitest';
import { breakerPlanFor, compileActionType, compilePolicies, unclassifiedActionType } from '@/lib/policy/domain';
import { breakerPlanSentence, breakerSentences } from '@/lib/policy/domain/breaker-words';
import { BREAKER_DEFAULTS, Policy } from '@/lib/policy/schema';
import { baselineRates } from '@/lib/policy/shipped';
import { actionTypes } from '@/prisma/seed/sample';

const rates = baselineRates();
const [type] = actionTypes
  .filter(({ name }) => name === 'payments.schedule')
  .map((known) => compileActionType({ ...known, version: 1, status: 'approved' }));
/** What stands for every action nobody registered. */
const undeclared = unclassifiedActionType('');
const agent = { id: 'agt_a', processId: 'prc_a', autonomyFloor: 1 as const };

let made = 0;
const policy = (level: string, actions: string[], breaker: Record<string, unknown>, kind = 'default') =>
  Policy.parse({
    id: `pol_${++made}`,
    name: 'A policy',
    version: 3,
    kind,
    selector: { level, actions, ...(level === 'agent' ? { agent: 'agt_a' } : level === 'process' ? { process: 'prc_a' } : {}) },
    ladders: [],
    breaker,
  });
const share = (percent: number) => ({ percent, atLeast: 4, withinSeconds: 60 });
const planOf = (policies: Policy[], of = type ?? undeclared) => breakerPlanFor(compilePolicies(policies, rates), agent, of);

describe('when a circuit breaker opens, by policy', () => {
  it.each<[string, Policy[], number[]]>([
    ['as usual, where no policy says anything', [], [50]],
    ['as usual, where a policy says something else', [policy('organisation', ['*'], { probes: 1 })], [50]],
    ['as a policy says', [policy('organisation', ['*'], { errors: share(10) })], [10]],
    [
      'as the most specific policy says',
      [policy('process', ['*'], { errors: share(90) }), policy('organisation', ['*'], { errors: share(10) })],
      [90],
    ],
    [
      'as the longer pattern says',
      [policy('process', ['*'], { errors: share(10) }), policy('process', ['payments.*'], { errors: share(90) })],
      [90],
    ],
    [
      'as either of a tie says',
      [policy('process', ['*'], { errors: share(10) }), policy('process', ['*'], { errors: share(90) })],
      [10, 90],
    ],
    [
      'as the one of a tie that does not say never',
      [policy('process', ['*'], { errors: 'never' }), policy('process', ['*'], { errors: share(90) })],
      [90],
    ],
    [
      'never, when the most specific says never',
      [policy('agent', ['*'], { errors: 'never' }), policy('organisation', ['*'], { errors: share(10) })],
      [],
    ],
    [
      'as a guardrail says, though a default says never',
      [policy('agent', ['*'], { errors: 'never' }), policy('organisation', ['*'], { errors: share(10) }, 'guardrail')],
      [10],
    ],
    ['as usual, beside a guardrail that is milder', [policy('organisation', ['*'], { errors: share(99) }, 'guardrail')], [99, 50]],
    ['as usual, when the policy is for other actions', [policy('organisation', ['refunds.*'], { errors: 'never' })], [50]],
    [
      'as usual, when the policy is for another process',
      [{ ...policy('organisation', ['*'], { errors: 'never' }), selector: { level: 'process', process: 'prc_b', actions: ['*'] } }],
      [50],
    ],
  ])('%s', (_name, policies, percents) => {
    expect(planOf(policies).errors.map(({ percent }) => percent)).toEqual(percents);
  });

  it('names whose threshold each is, and nobody for the usual one', () => {
    const said = policy('process', ['*'], { errors: share(10) });
    expect(planOf([said]).errors[0]?.policy).toEqual({ id: said.id, version: 3 });
    expect(planOf([]).errors[0]?.policy).toBeNull();
  });

  it.each<[string, Policy[], number, number]>([
    ['as usual', [], BREAKER_DEFAULTS.pauseSeconds, BREAKER_DEFAULTS.probes],
    ['as a policy says', [policy('organisation', ['*'], { pauseSeconds: 10, probes: 9 })], 10, 9],
    [
      'of a tie the longer pause and the fewer probes',
      [policy('agent', ['*'], { pauseSeconds: 10, probes: 9 }), policy('agent', ['*'], { pauseSeconds: 20, probes: 5 })],
      20,
      5,
    ],
    [
      'a guardrail only lengthens and lessens',
      [
        policy('agent', ['*'], { pauseSeconds: 10, probes: 9 }),
        policy('organisation', ['*'], { pauseSeconds: 30, probes: 2 }, 'guardrail'),
      ],
      30,
      2,
    ],
    [
      'a milder guardrail changes nothing',
      [
        policy('agent', ['*'], { pauseSeconds: 100, probes: 1 }),
        policy('organisation', ['*'], { pauseSeconds: 30, probes: 2 }, 'guardrail'),
      ],
      100,
      1,
    ],
  ])('pauses and probes %s', (_name, policies, pause, probes) => {
    expect(planOf(policies)).toMatchObject({ pauseSeconds: pause, probes });
  });

  it('compares what was spent in the base currency', () => {
    const spend = { amount: '100', currency: 'EUR', atLeast: 1, withinSeconds: 60 };
    expect(planOf([policy('organisation', ['*'], { spend })]).spend[0]).toMatchObject({ amount: '100', base: '109.2' });
  });

  it('for what nobody registered, only as policies for everything say', () => {
    expect(planOf([policy('organisation', ['made.*'], { refusals: 'never' })], undeclared).refusals).toHaveLength(1);
  });
});

describe('a section that is refused', () => {
  it.each<[string, Record<string, unknown>, string?]>([
    ['one that says nothing', {}],
    ['a share of nothing', { errors: { ...share(50), atLeast: 0 } }],
    ['more than all', { errors: share(101) }],
    ['a look back of a day', { errors: { ...share(50), withinSeconds: 86_400 } }],
    ['a look back of a second', { errors: { ...share(50), withinSeconds: 1 } }],
    ['an unknown part', { mood: share(50) }],
    ['a negative amount', { spend: { amount: '-1', currency: 'USD', atLeast: 1, withinSeconds: 60 } }],
    ['no probe at all', { probes: 0 }],
    ['a pause of a second', { pauseSeconds: 1 }],
    ['a guardrail that says never', { errors: 'never' }, 'guardrail'],
  ])('%s', (_name, breaker, kind) => {
    expect(() => policy('organisation', ['*'], breaker, kind)).toThrow();
  });

  it('a currency without a rate', () => {
    const spend = { amount: '1', currency: 'XXX', atLeast: 1, withinSeconds: 60 };
    expect(() => planOf([policy('organisation', ['*'], { spend })])).toThrow(/XXX/);
  });
});

describe('in words', () => {
  it('a section, part by part', () => {
    expect(
      breakerSentences({
        errors: share(25),
        refusals: 'never',
        spend: { amount: '250000', currency: 'EUR', atLeast: 1, withinSeconds: 3600 },
        pauseSeconds: 90,
        probes: 1,
      }),
    ).toEqual([
      'The circuit breaker opens when 25 % or more of at least 4 outcomes within 1 minute did not succeed.',
      'No circuit breaker opens for refusals.',
      'The circuit breaker opens when 250,000 EUR or more within 1 hour, over at least 1 check, went ahead.',
      'An open circuit breaker tries again after 1 minute 30 seconds, and twice as long each time it opens again.',
      'It then lets 1 action through before it is known whether it closes.',
    ]);
  });

  it('what holds for one action of one agent', () => {
    expect(breakerPlanSentence(planOf([]))).toBe(
      'Its circuit breaker opens when 50 % or more of at least 10 outcomes within 5 minutes did not succeed; when 50 % or more of at least 20 checks within 5 minutes were refused; at 1,000,000 USD or more within 1 hour, over at least 5 checks; for 1 minute at first.',
    );
    const never = { errors: 'never', refusals: 'never', spend: 'never' };
    expect(breakerPlanSentence(planOf([policy('agent', ['*'], never)]))).toBe('Its circuit breaker never opens.');
  });
});
