import { describe, expect, it } from 'vitest';
import { durationWords, ladderSentence, selectorSubject, stepWords, whereWords } from './sentences';
import { policySentences } from './statements';
import { baselinePolicies } from '../shipped';
import type { Ladder } from '../schema';

const titles = new Map([['payments.schedule', 'Vendor payments']]);

describe('a ladder in one sentence', () => {
  it.each<[string, Ladder, string]>([
    [
      'Payments',
      { dimension: 'money', currency: 'USD', tiers: { 2: '500', 3: '50000', 4: '250000' } },
      'Payments of 500 USD or more are supervised; of 50,000 USD or more need approval; of 250,000 USD or more are halted until a senior person decides.',
    ],
    [
      'Actions',
      { dimension: 'records', where: { effect: 'above_read', categories: ['pii'] }, tiers: { 2: 1, 4: 1000 } },
      'Actions (except reads) of 1 record or more with pii data are supervised; of 1,000 records or more are halted until a senior person decides.',
    ],
    ['Actions', { dimension: 'reversibility', tiers: { 3: 'irreversible' } }, 'Actions that cannot be undone need approval.'],
    [
      'Actions',
      { dimension: 'audience', where: { effect: 'send' }, tiers: { 2: 'external', 3: 'public' } },
      'Actions (only what is sent) to an external audience or wider are supervised; to the public need approval.',
    ],
    ['Actions', { dimension: 'regimes', tiers: { 3: ['sox', 'gdpr'] } }, 'Actions under gdpr or sox need approval.'],
    ['Actions', { dimension: 'confidence', tiers: { 2: 0.8 } }, 'Actions proposed with confidence below 0.8 are supervised.'],
    [
      'Actions',
      { dimension: 'scope', tiers: { 4: 'always' } },
      "Actions outside the agent's declared scope are halted until a senior person decides.",
    ],
  ])('%s: %j', (subject, ladder, said) => expect(ladderSentence(subject, ladder)).toBe(said));

  it('leaves nothing unsaid of the policies that ship', () => {
    for (const policy of baselinePolicies()) {
      const sentences = policySentences(policy, { titles, holder: null });
      expect(sentences).toHaveLength(policy.ladders.length);
      for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|null|NaN|\s\s/);
    }
  });

  it.each<[string[], string]>([
    [['*'], 'Actions'],
    [['payments.*', '*'], 'Actions'],
    [['payments.*'], 'Payments'],
    [['payments.schedule'], 'Vendor payments'],
    [['payments.schedule', 'refunds.*'], 'Vendor payments and refunds'],
    [['payments.*', 'refunds.*', 'crm.write'], 'Payments, refunds and actions named crm.write'],
    [['crm.contacts.*'], 'Actions under crm.contacts'],
    [['a', 'b', 'c', 'd'], 'Actions of 4 patterns'],
    [[], 'Actions'],
  ])('%j are called %s', (actions, subject) => expect(selectorSubject(actions, titles)).toBe(subject));

  it.each([
    [1, '1 second'],
    [60, '1 minute'],
    [5400, '1 hour 30 minutes'],
    [90_000, '1 day 1 hour'],
  ])('%d seconds are %s', (seconds, said) => expect(durationWords(seconds)).toBe(said));

  it('says where a tier begins, and where it never does', () => {
    const ladder: Ladder = { dimension: 'money', currency: 'EUR', tiers: { 3: '50000.50' } };
    expect(([2, 3, 4] as const).map((tier) => stepWords(ladder, tier))).toEqual([null, '50,000.50 EUR', null]);
    expect(whereWords({ effect: 'delete', regimes: ['sox', 'gdpr'], audience: 'public' })).toBe(
      'only deletions, under gdpr and sox, to the public',
    );
    expect(whereWords(undefined)).toBe('');
  });
});
