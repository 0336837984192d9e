import { describe, expect, test } from 'vitest';
import { actionWords, amountOf, conversionOf, moneyArgument, redact, sentenceOf, undoingOf } from './wording';

const pay = { arguments: { amount: '62000.00', currency: 'EUR', invoice: 'INV-2291', vendor: 'V-88' } };
const template = 'Pay {amount} {currency} to {vendor} for {invoice}';

describe('the sentence above a request', () => {
  test('is made of the template and the arguments, with the money grouped for reading', () => {
    expect(sentenceOf('payments.execute', pay, { template, money: 'amount' })).toBe('Pay 62,000.00 EUR to V-88 for INV-2291');
  });
  test('groups no digits but those of the money', () => {
    expect(sentenceOf('x', { arguments: { invoice: '62000' } }, { template: 'Pay {invoice}', money: 'amount' })).toBe('Pay 62000');
  });
  test('names the arguments themselves where there is no template', () => {
    expect(sentenceOf('payments.execute', pay)).toBe('payments.execute: amount 62000.00, currency EUR, invoice INV-2291, vendor V-88');
  });
  test('names the resource when no argument does', () => {
    expect(sentenceOf('crm.delete', { resource: { type: 'customer', id: 'C-1' }, arguments: {} })).toBe('crm.delete: customer C-1');
  });
  test('says how many arguments it leaves to the list below', () => {
    expect(sentenceOf('x', { arguments: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 } })).toBe('x: a 1, b 2, c 3, d 4, e 5 and 2 more');
  });

  test.each([
    ['is not filled in when an argument it names is missing', { arguments: { amount: '1' } }],
    ['is not filled in when an argument it names is a list', { arguments: { ...pay.arguments, vendor: ['V-88', 'V-89'] } }],
    ['is not filled in when an argument it names is an object', { arguments: { ...pay.arguments, vendor: { toString: 'V-88' } } }],
    ['does not reach what every object inherits', { arguments: { ...pay.arguments, vendor: undefined } }],
  ])('a template %s', (_, canonical) => {
    expect(sentenceOf('payments.execute', canonical, { template })).toMatch(/^payments\.execute: /);
  });
  test('shows nothing of the arguments to whoever may not read them', () => {
    expect(sentenceOf('payments.execute', null, { template })).toBe('payments.execute: the arguments are not shown to you');
  });
  test('names characters that would turn it round instead of printing them', () => {
    const sentence = sentenceOf('x', { arguments: { vendor: 'V\u202e88\u200b' } }, { template: 'Pay {vendor}' });
    expect(sentence).toBe('Pay V⟨U+202E⟩88⟨U+200B⟩');
  });
  test('cuts a value that would push the rest out of sight, and says so', () => {
    expect(sentenceOf('x', { arguments: { vendor: 'V'.repeat(500) } }, { template: 'Pay {vendor} now' })).toBe(
      `Pay ${'V'.repeat(48)}… now`,
    );
  });
  test('does not let a value bring braces of its own to be filled in', () => {
    expect(sentenceOf('x', { arguments: { vendor: '{amount}', amount: '5' } }, { template: 'Pay {vendor}' })).toBe('Pay {amount}');
  });
});

test.each([
  ['payments.schedule', 'schedule payment'],
  ['airline.cancel_reservation', 'cancel reservation'],
  ['crm.customers.delete', 'delete customer'],
  ['access.revoke', 'revoke access'],
  ['ping', 'ping'],
])('the button for %s says "%s"', (name, words) => {
  expect(actionWords(name)).toBe(words);
});

test('the amount is what the arguments said, not what it was converted to', () => {
  const risk = {
    effect: 'execute',
    reversibility: 'irreversible',
    sensitivity: 'internal',
    audience: 'internal',
    categories: [],
    regimes: [],
  } as const;
  const of = { amount: '62000.00', currency: 'EUR', ratesAsOf: '2026-11-20' };
  expect(amountOf({ ...risk, categories: [], regimes: [], money: { amount: '67704', currency: 'USD', of } })).toBe('62,000.00 EUR');
  expect(amountOf({ ...risk, categories: [], regimes: [] })).toBeNull();
  expect(amountOf(null)).toBeNull();
});

test.each([
  [
    'another currency, with rate and day',
    { amount: '67704.00', currency: 'USD', of: { amount: '62000.00', currency: 'EUR', ratesAsOf: '2026-11-20' } },
    'counted as 67,704.00 USD at 1.092 USD for 1 EUR, of 2026-11-20',
  ],
  [
    'a rate that the amounts cannot tell',
    { amount: '0', currency: 'USD', of: { amount: '0', currency: 'EUR', ratesAsOf: '2026-11-20' } },
    'counted as 0.00 USD at the rates of 2026-11-20',
  ],
  ['nothing of money in the base currency', { amount: '67704.00', currency: 'USD' }, null],
])('a conversion says %s', (_, money, said) => {
  const risk = { effect: 'execute', reversibility: 'reversible', sensitivity: 'internal', audience: 'internal' } as const;
  expect(conversionOf({ ...risk, categories: [], regimes: [], money })).toBe(said);
});

test('money is looked for in a top-level argument only', () => {
  const currency = { constant: 'USD' };
  expect(moneyArgument({ money: { pointer: '/amount', currency } })).toBe('amount');
  expect(moneyArgument({ money: { pointer: '/payment/amount', currency } })).toBeUndefined();
  expect(moneyArgument({ money: { declared: { amount: '5', currency: 'USD' } } })).toBeUndefined();
  expect(moneyArgument(null)).toBeUndefined();
});

test.each([
  ['nothing is known', null, 'It is not known whether this can be undone.'],
  ['it is irreversible', { reversibility: 'irreversible' }, 'This cannot be undone.'],
  [
    'it is reversible for a while',
    { reversibility: 'reversible', compensation: { action: 'payments.cancel' }, reversal: { windowSeconds: 86_400, until: 'settlement' } },
    'This can be undone by payments.cancel for 1 day, at most until settlement.',
  ],
  [
    'it can only be made good',
    { reversibility: 'compensable', compensation: { action: 'refund' } },
    'This cannot be undone, only made good by refund.',
  ],
] as const)('a person is told plainly when %s', (_, classification, sentence) => {
  expect(undoingOf(classification)).toBe(sentence);
});

test('redacting keeps the shape and no value', () => {
  const redacted = JSON.stringify(redact({ vendor: 'Müller', amount: 62_000, lines: [{ secret: true, note: null }] }));
  expect(redacted).toBe('{"vendor":"▪ text, 6 characters","amount":"▪ number","lines":[{"secret":"▪ boolean","note":null}]}');
});
