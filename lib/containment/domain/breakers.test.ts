import { describe, expect, it } from 'vitest';
import { BREAKER_DEFAULTS } from '@/lib/policy/schema';
import type { BreakerPlan } from '@/lib/policy/domain';
import { observedWords, openSentence, spentSentence, thresholdWords } from './breaker-words';
import { afterHalfOpen, breakerState, calmSeconds, mayResetBreaker, pauseAfter, probeSilenceSeconds, whyOpen, windowsOf } from './breakers';
import type { BreakerTotals, Next, Tried } from './breakers';
import { probeCounter } from './probes';
import type { BreakerCause, BreakerFacts } from '../schema';
import type { Role } from '@/lib/people/schema';

const usual: BreakerPlan = {
  errors: [{ ...BREAKER_DEFAULTS.errors, policy: null }],
  refusals: [{ ...BREAKER_DEFAULTS.refusals, policy: null }],
  spend: [{ ...BREAKER_DEFAULTS.spend, base: '1000000', policy: null }],
  pauseSeconds: 60,
  probes: 3,
};
const never: BreakerPlan = { ...usual, errors: [], refusals: [], spend: [] };
const nothing: BreakerTotals = { checks: 0, refused: 0, succeeded: 0, failed: 0, spend: '0' };
const causeOf = (seen: Partial<BreakerTotals>, plan = usual) => whyOpen(plan, () => ({ ...nothing, ...seen }), 'USD')?.cause;

describe('a closed breaker', () => {
  it.each<[string, Partial<BreakerTotals>, BreakerCause]>([
    ['opens when half of ten outcomes did not succeed', { succeeded: 5, failed: 5 }, 'errors'],
    ['opens when everything fails', { failed: 10 }, 'errors'],
    ['opens when half of twenty checks were refused', { checks: 20, refused: 10 }, 'refusals'],
    ['opens at exactly the amount', { checks: 5, spend: '1000000' }, 'spend'],
    ['opens past the amount by the smallest part', { checks: 5, spend: '1000000.00000001' }, 'spend'],
    ['names outcomes before refusals, and both before money', { checks: 99, refused: 99, failed: 99, spend: '2000000' }, 'errors'],
  ])('%s', (_name, seen, cause) => expect(causeOf(seen)).toBe(cause));

  it.each<[string, Partial<BreakerTotals>, BreakerPlan?]>([
    ['nothing happened', {}],
    ['too few outcomes were reported to say anything', { failed: 9 }],
    ['one outcome less than half did not succeed', { succeeded: 51, failed: 49 }],
    ['too few checks were made to say anything', { checks: 19, refused: 19 }],
    ['less than half was refused', { checks: 1_000, refused: 499 }],
    ['a cent is missing', { checks: 50, spend: '999999.99' }],
    ['one large payment went ahead, that a person signed', { checks: 1, spend: '50000000' }],
    ['policy says never', { checks: 99, refused: 99, failed: 99, spend: '2000000' }, never],
  ])('stays closed while %s', (_name, seen, plan) => expect(causeOf(seen, plan)).toBeUndefined());

  it('opens at any threshold that is reached, and names whose it was', () => {
    const strict = { percent: 5, atLeast: 2, withinSeconds: 30, policy: { id: 'pol_strict', version: 4 } };
    const plan = { ...usual, errors: [...usual.errors, strict] };
    const opening = whyOpen(plan, (seconds) => (seconds === 30 ? { ...nothing, succeeded: 18, failed: 2 } : nothing), 'USD');
    expect(opening).toEqual({
      cause: 'errors',
      facts: {
        observed: '2',
        threshold: '5',
        of: 20,
        windowSeconds: 30,
        policy: { id: 'pol_strict', version: 4 },
        pauseSeconds: 60,
      },
      pauseSeconds: 60,
      probes: 3,
    });
    expect(windowsOf(plan)).toEqual([300, 30, 3_600]);
  });

  it('that opens for what was spent stays open until that has left the window', () => {
    const opening = whyOpen(usual, () => ({ ...nothing, checks: 5, spend: '1200000' }), 'EUR');
    expect(opening).toMatchObject({ pauseSeconds: 3_620, facts: { observed: '1200000', threshold: '1000000', currency: 'EUR' } });
  });

  it('stays closed while nothing is known of a window', () => {
    expect(whyOpen(usual, () => undefined, 'USD')).toBeUndefined();
  });
});

describe('an open breaker', () => {
  const probeAt = new Date('2026-12-01T10:00:00Z');
  it.each<[string, 'open' | 'closed', number, string]>([
    ['is open a millisecond before it tries again', 'open', -1, 'open'],
    ['is half-open from the very instant', 'open', 0, 'half_open'],
    ['is half-open a month later', 'open', 2_592_000_000, 'half_open'],
    ['is closed once it was closed, whatever the time', 'closed', -1, 'closed'],
  ])('%s', (_name, state, ms, now) => expect(breakerState({ state, probeAt }, new Date(probeAt.getTime() + ms))).toBe(now));

  it.each([
    [60, 1, 120],
    [60, 2, 240],
    [60, 5, 1_920],
    [60, 11, 86_400],
    [60, 1_000, 86_400],
    [86_400, 1, 86_400],
    [10, 1, 20],
  ])('of first %d s that opened %d times before stays open for %d s', (first, times, seconds) => {
    expect(pauseAfter(first, times)).toBe(seconds);
  });
});

describe('a half-open breaker', () => {
  const probeAt = new Date('2026-12-01T10:00:00Z');
  const at = (seconds: number) => new Date(probeAt.getTime() + seconds * 1_000);
  const facts: BreakerFacts = { observed: '9', threshold: '50', of: 10, windowSeconds: 300, policy: null, pauseSeconds: 60 };
  const money: BreakerFacts = { ...facts, observed: '1200000', threshold: '1000000', currency: 'USD' };
  const untried: Tried = { used: 0, lastAt: null, good: 0, bad: 0, spend: '0', declared: true };
  const next = (cause: BreakerCause, tried: Partial<Tried>, seconds = 1, times = 1): Next =>
    afterHalfOpen({ cause, facts: cause === 'spend' ? money : facts, probes: 3, probeAt, times }, { ...untried, ...tried }, at(seconds));
  const word = (outcome: Next) => (outcome.to === 'open' ? outcome.again : outcome.to);

  it.each<[string, BreakerCause, Partial<Tried>, number, string]>([
    ['stays while nothing was tried, for days', 'errors', {}, 864_000, 'half_open'],
    ['stays while outcomes are awaited', 'errors', { used: 3, lastAt: at(0), good: 2 }, 1, 'half_open'],
    ['stays while not all probes were used, though those did well', 'errors', { used: 2, lastAt: at(0), good: 2 }, 9_999, 'half_open'],
    ['closes when all probes succeeded', 'errors', { used: 3, lastAt: at(0), good: 3 }, 1, 'closed'],
    ['opens again at the first that did not', 'errors', { used: 3, lastAt: at(0), good: 2, bad: 1 }, 1, 'failed'],
    ['opens again though others succeeded', 'errors', { used: 3, lastAt: at(0), good: 3, bad: 1 }, 1, 'failed'],
    ['stays while the time to report is not over', 'errors', { used: 3, lastAt: at(0), good: 2 }, probeSilenceSeconds - 1, 'half_open'],
    ['opens again when nobody reports in time', 'errors', { used: 3, lastAt: at(0), good: 2 }, probeSilenceSeconds, 'silent'],
    ['waits from the last probe, not from the first', 'errors', { used: 3, lastAt: at(500), good: 0 }, probeSilenceSeconds, 'half_open'],
    ['closes when as many checks as probes were not refused', 'refusals', { used: 3, lastAt: at(0), good: 3 }, 1, 'closed'],
    ['closes also when those ask for approval', 'refusals', { good: 3 }, 1, 'closed'],
    ['opens again at the first check that is refused', 'refusals', { good: 2, bad: 1 }, 1, 'failed'],
    ['stays while too few were asked', 'refusals', { used: 2, lastAt: at(0), good: 2 }, 9_999, 'half_open'],
    ['opens again when its counts were lost', 'refusals', { used: 3, lastAt: at(0), good: 1 }, probeSilenceSeconds, 'silent'],
    ['of what nobody registered stays while it is not calm for long', 'refusals', { declared: false }, calmSeconds - 1, 'half_open'],
    ['of what nobody registered closes after an hour of calm', 'refusals', { declared: false }, calmSeconds, 'closed'],
    ['of what nobody registered opens again at once', 'refusals', { declared: false, bad: 1 }, calmSeconds, 'failed'],
    ['closes when what is spent is back under', 'spend', { spend: '999999.99' }, 0, 'closed'],
    ['opens again while it is not', 'spend', { spend: '1000000', used: 3 }, 0, 'over'],
  ])('%s', (_name, cause, tried, seconds, expected) => expect(word(next(cause, tried, seconds))).toBe(expected));

  it('opens again for twice as long each time, and says why', () => {
    const bad = { used: 3, lastAt: at(0), good: 1, bad: 1 };
    expect(next('errors', bad, 1, 1)).toEqual({
      to: 'open',
      again: 'failed',
      pauseSeconds: 120,
      facts: { ...facts, observed: '1', of: 2, again: 'failed' },
    });
    expect(next('errors', bad, 1, 4)).toMatchObject({ pauseSeconds: 960 });
    expect(next('errors', bad, 1, 400)).toMatchObject({ pauseSeconds: 86_400 });
  });
});

describe('in words', () => {
  const facts: BreakerFacts = { observed: '13', threshold: '50', of: 20, windowSeconds: 300, policy: null, pauseSeconds: 60 };
  const money: BreakerFacts = { ...facts, observed: '1250000.5', threshold: '1000000', currency: 'USD' };
  it.each<[BreakerCause, BreakerFacts, string, string]>([
    ['errors', facts, '13 of 20 outcomes did not succeed', '50 % within 5 minutes'],
    ['refusals', facts, '13 of 20 checks were refused', '50 % within 5 minutes'],
    ['spend', money, '1,250,000.5 USD went ahead', '1,000,000 USD within 5 minutes'],
    ['errors', { ...facts, observed: '1', of: 1, again: 'failed' }, '1 of 1 probe did not succeed', '50 % within 5 minutes'],
    [
      'errors',
      { ...facts, observed: '3', of: 3, again: 'silent' },
      'nobody said in time what became of 3 of 3 probes',
      '50 % within 5 minutes',
    ],
  ])('%s %j', (cause, given, observed, threshold) => {
    expect([observedWords(cause, given), thresholdWords(cause, given)]).toEqual([observed, threshold]);
  });

  it('says when it tries again', () => {
    expect(openSentence('errors', facts, new Date('2026-12-01T10:00:00Z'))).toBe(
      'The circuit breaker of this agent for this action is open: 13 of 20 outcomes did not succeed. It tries again at 2026-12-01T10:00:00.000Z.',
    );
    expect(spentSentence(1)).toMatch(/the one action it lets through/);
    expect(spentSentence(3)).toMatch(/the 3 actions it lets through/);
  });
});

describe('a breaker is reset', () => {
  it.each<[string, Role[], boolean, boolean]>([
    ['by security', ['security'], false, true],
    ['by a leader', ['leader'], false, true],
    ['by the owner of the agent’s process', ['process_owner'], true, true],
    ['by an engineer who is security as well', ['engineer', 'security'], false, true],
    ['never by the owner of another process', ['process_owner'], false, false],
    ['never by an engineer', ['engineer'], true, false],
    ['never by an administrator', ['admin'], true, false],
    ['never by risk', ['risk'], true, false],
    ['never by an auditor', ['auditor'], true, false],
    ['never by nobody', [], true, false],
  ])('%s', (_name, roles, owns, allowed) => expect(mayResetBreaker({ roles }, owns)).toBe(allowed));
});

describe('the counter of probes', () => {
  const opened = new Date('2026-12-01T10:00:00.123Z');
  it('is another one for another agent, action or opening', () => {
    const names = [
      probeCounter('agt_a', 'x.y', opened),
      probeCounter('agt_b', 'x.y', opened),
      probeCounter('agt_a', 'x.z', opened),
      probeCounter('agt_a', 'x.y', new Date(opened.getTime() + 1)),
      probeCounter('agt_a x', 'y', opened),
      probeCounter('agt_a', 'x y', opened),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(probeCounter('agt_a', 'x.y', new Date(opened))).toBe(names[0]);
  });
});
