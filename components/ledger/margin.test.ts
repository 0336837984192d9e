import { expect, test } from 'vitest';
import { marginOf } from './margin';

const reason = (change: object) => ({ code: 'MONEY_TIER_3' as const, tier: 3 as const, text: '', ...change });

test.each([
  [
    'money above it',
    { dimension: 'money', observed: '67704.00 USD', threshold: '50000 USD' },
    '67,704.00 USD is 17,704.00 USD above the 50,000.00 USD where Tier 3 begins',
  ],
  [
    'money exactly at it',
    { dimension: 'money', observed: '50000.00 USD', threshold: '50000 USD' },
    '50,000.00 USD is exactly where Tier 3 begins',
  ],
  ['records', { dimension: 'records', observed: '50000', threshold: '10000' }, '50,000 is 40,000 above the 10,000 where Tier 3 begins'],
  [
    'confidence, which counts below',
    { dimension: 'confidence', observed: '0.4', threshold: '0.5' },
    '0.4 is 0.1 below the 0.5 where Tier 3 begins',
  ],
  ['a word', { dimension: 'reversibility', observed: 'irreversible', threshold: 'irreversible' }, 'irreversible is where Tier 3 begins'],
  [
    'a word beyond it',
    { dimension: 'sensitivity', observed: 'restricted', threshold: 'confidential' },
    'restricted is beyond confidential, where Tier 3 begins',
  ],
  ['no threshold', { observed: 'x' }, null],
  ['a refusal without a tier', { observed: '1', threshold: '2', tier: null }, null],
  ['another currency, which is not compared', { observed: '10 EUR', threshold: '5 USD' }, '10 EUR is beyond 5 USD, where Tier 3 begins'],
])('the margin of %s', (_, change, expected) => {
  expect(marginOf(reason(change))).toBe(expected);
});
