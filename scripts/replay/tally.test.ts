import { describe, expect, test } from 'vitest';
import { isComplete, summarise, tableOf, type Answer, type Outcome } from './tally';

const answer = (over: Partial<Answer> = {}): Answer => ({
  decision: 'dec_1',
  allowed: true,
  verdict: 'allow',
  tier: 1,
  deciding: [],
  codes: [],
  ...over,
});
const waits = (decision: string): Answer =>
  answer({
    decision,
    allowed: false,
    verdict: 'approval_required',
    tier: 3,
    deciding: ['money', 'reversibility'],
    codes: ['MONEY_TIER_3', 'REVERSIBILITY_TIER_3'],
  });
const outcomes = (): Outcome[] => [
  { run: 'a', seq: 0, tool: 'look', answer: answer({ decision: 'dec_1' }) },
  {
    run: 'a',
    seq: 1,
    tool: 'pay',
    answer: waits('dec_2'),
    asked: { id: 'apr_1', status: 'approved', redeemed: answer({ ...waits('dec_3'), allowed: true, verdict: 'allow' }) },
  },
  { run: 'b', seq: 0, tool: 'pay', answer: waits('dec_4'), asked: { id: 'apr_2', status: 'rejected' } },
  {
    run: 'b',
    seq: 1,
    tool: 'look',
    answer: answer({ decision: 'dec_5', allowed: false, verdict: 'deny', tier: null, codes: ['ARGUMENTS_INVALID'] }),
  },
  { run: 'b', seq: 2, tool: 'look', answer: answer({ decision: 'dec_6' }) },
];
const withFirst = (over: Partial<Answer>): Outcome[] =>
  outcomes().map((outcome, index) => (index === 0 ? { ...outcome, answer: { ...outcome.answer, ...over } } : outcome));

test('Calls, tiers, verdicts, approvals and redemptions are counted per tool and in total', () => {
  const summary = summarise(outcomes());
  expect(summary).toMatchObject({ calls: 5, decisions: 5, redemptions: 1 });
  expect(summary.approvals).toEqual({ asked: 2, approved: 1, rejected: 1, expired: 0, redeemed: 1, refusedWhenUsed: 0 });
  expect(summary.tools.map(({ tool, counts }) => [tool, counts.calls])).toEqual([
    ['look', 3],
    ['pay', 2],
  ]);
  expect(summary.total.tiers).toEqual({ 1: 2, 2: 0, 3: 2, 4: 0, none: 1 });
  expect(tableOf(summary, 1.26)).toContain('2 asked: 1 approved, 1 rejected, 0 ran out; 1 redeemed');
});

test('An approval that is refused when it is used is not counted as redeemed', () => {
  const refused = outcomes().map((outcome) =>
    outcome.asked?.redeemed
      ? { ...outcome, asked: { ...outcome.asked, redeemed: answer({ decision: 'dec_3', allowed: false, verdict: 'deny', tier: null }) } }
      : outcome,
  );
  expect(summarise(refused).approvals).toMatchObject({ redeemed: 0, refusedWhenUsed: 1 });
});

describe('A replay is not complete when', () => {
  test('a call has no decision', () => expect(isComplete(summarise(outcomes()), 6)).toBe(false));
  test('two calls share one decision', () => expect(isComplete(summarise(withFirst({ decision: 'dec_4' })), 5)).toBe(false));
});
test('A replay is complete when each call has a decision of its own', () => expect(isComplete(summarise(outcomes()), 5)).toBe(true));

describe('The digest of the verdicts', () => {
  const { digest } = summarise(outcomes());
  const same: [string, Outcome[]][] = [
    ['other decision ids', withFirst({ decision: 'dec_other' })],
    [
      'deciding dimensions named in another order',
      outcomes().map((one) => ({ ...one, answer: { ...one.answer, deciding: [...one.answer.deciding].reverse() } })),
    ],
  ];
  const different: [string, Outcome[]][] = [
    ['another tier', withFirst({ tier: 2 })],
    ['another verdict', withFirst({ verdict: 'halt' })],
    ['another reason', withFirst({ codes: ['KILLED'] })],
    ['another deciding dimension', withFirst({ deciding: ['money'] })],
    ['one call less', outcomes().slice(0, -1)],
    ['two calls exchanged', outcomes().reverse()],
    [
      'a request decided otherwise',
      outcomes().map((one) => (one.asked ? { ...one, asked: { id: one.asked.id, status: 'expired' as const } } : one)),
    ],
  ];
  test.each(same)('is the same for %s', (_name, other) => expect(summarise(other).digest).toBe(digest));
  test.each(different)('is another for %s', (_name, other) => expect(summarise(other).digest).not.toBe(digest));
});
