import { describe, expect, it } from 'vitest';
import { compileActionType, readRisk } from '@/lib/policy/domain';
import { baselineRates } from '@/lib/policy/shipped';
import { ActionType } from '@/lib/registry/schema';
import type { Classification } from '@/lib/registry/schema';

const rates = baselineRates();

const typeOf = (classification: Partial<Classification>, parameters: Record<string, unknown> = { type: 'object' }) =>
  compileActionType(
    ActionType.parse({
      name: 'payments.execute',
      title: 'Payments',
      system: 'erp',
      version: 1,
      status: 'approved',
      parameters,
      classification: {
        effect: 'execute',
        reversibility: 'irreversible',
        sensitivity: { constant: 'internal' },
        audience: { constant: 'internal' },
        ...classification,
      },
    }),
  );

const payment = typeOf({ money: { pointer: '/amount', currency: { pointer: '/currency' } } });
const booking = typeOf({
  money: { sum: '/payment_methods/*/amount', currency: { constant: 'USD' } },
  records: { count: '/passengers' },
});
const change = typeOf({ money: { declared: { amount: '100', currency: 'USD' } }, records: { declared: 2 } });
const labelled = typeOf({
  sensitivity: { pointer: '/class' },
  audience: { pointer: '/reach' },
  categories: { pointer: '/categories' },
  records: { pointer: '/limit' },
});
const labelledArguments = { class: 'internal', reach: 'external', categories: ['pii'], limit: 5 };

describe('a reading takes each dimension from the exact arguments', () => {
  it.each([
    ['an amount in the base currency', payment, { amount: '499.990', currency: 'USD' }, { money: { amount: '499.99', currency: 'USD' } }],
    [
      'an amount in another currency, unrounded, with what was said and the rate date',
      payment,
      { amount: '62000.00', currency: 'EUR' },
      { money: { amount: '67704.00', currency: 'USD', of: { amount: '62000.00', currency: 'EUR', ratesAsOf: rates.asOf } } },
    ],
    ['a number that is certain', payment, { amount: 20.5, currency: 'USD' }, { money: { amount: '20.50', currency: 'USD' } }],
    [
      'a sum over a list and the length of one',
      booking,
      { payment_methods: [{ amount: 250 }, { amount: '5.50' }, { amount: 0 }], passengers: [{}, {}] },
      { money: { amount: '255.50', currency: 'USD' }, records: 2 },
    ],
    [
      'the constant of a declared dimension when the agent says nothing',
      change,
      {},
      { money: { amount: '100.00', currency: 'USD' }, records: 2 },
    ],
    ['levels and labels', labelled, labelledArguments, { sensitivity: 'internal', audience: 'external', categories: ['pii'], records: 5 }],
    ['one label without a list', labelled, { ...labelledArguments, categories: 'pii' }, { categories: ['pii'] }],
    [
      'repeated labels once, in order',
      labelled,
      { ...labelledArguments, categories: ['pii', 'legal', 'pii'] },
      { categories: ['legal', 'pii'] },
    ],
  ])('%s', (_name, type, given, expected) => {
    const reading = readRisk(type, { arguments: given }, rates);
    expect(reading).toMatchObject({ ok: true, risk: expected });
  });

  it('the resource and the action are visible to a classification', () => {
    const type = typeOf({
      records: { pointer: 'resource:/properties/rows' },
      sensitivity: { pointer: 'action:/properties/class' },
      counterparty: 'resource:/id',
    });
    const input = { arguments: {}, resource: { id: 'T-1', properties: { rows: 12 } }, action: { properties: { class: 'restricted' } } };
    expect(readRisk(type, input, rates)).toMatchObject({ ok: true, counterparty: 'T-1', risk: { records: 12, sensitivity: 'restricted' } });
  });

  it('the counterparty is told apart from the reading, which a ledger keeps', () => {
    const reading = readRisk(typeOf({ counterparty: '/vendor' }), { arguments: { vendor: 'V-88' } }, rates);
    expect(reading).toMatchObject({ ok: true, counterparty: 'V-88' });
    expect(reading.ok && JSON.stringify(reading.risk)).not.toContain('V-88');
  });
});

describe('what an agent declares raises and never lowers', () => {
  it.each([
    ['more money', { money: { amount: '500', currency: 'USD' } }, { money: { amount: '500.00' } }],
    ['less money', { money: { amount: '1', currency: 'USD' } }, { money: { amount: '100.00' } }],
    ['money that is more only after conversion', { money: { amount: '95', currency: 'EUR' } }, { money: { amount: '103.74' } }],
    ['no money at all', { money: { amount: 0, currency: 'USD' } }, { money: { amount: '100.00' } }],
    ['more records', { records: 50 }, { records: 50 }],
    ['fewer records', { records: 0 }, { records: 2 }],
    ['a higher class', { sensitivity: 'restricted' }, { sensitivity: 'restricted' }],
    ['a lower class', { sensitivity: 'public' }, { sensitivity: 'internal' }],
    ['a wider audience', { audience: 'public' }, { audience: 'public' }],
    ['categories and regimes', { categories: ['pii'], regimes: ['sox'] }, { categories: ['pii'], regimes: ['sox'] }],
    ['that it can be undone', { reversibility: 'reversible' }, { reversibility: 'irreversible' }],
    ['another effect', { effect: 'read' }, { effect: 'execute' }],
  ])('declaring %s', (_name, declared, expected) => {
    expect(readRisk(change, { arguments: {}, declared }, rates)).toMatchObject({ ok: true, risk: expected });
  });

  it('a dimension the classification does not speak of can be declared', () => {
    expect(readRisk(typeOf({}), { arguments: {}, declared: { records: 7 } }, rates)).toMatchObject({ risk: { records: 7 } });
  });
});

describe('what is missing or not certain is refused, never read as zero', () => {
  const paid = (amount: unknown, currency: unknown = 'USD') => ({ amount, currency });
  it.each([
    ['no amount', payment, { currency: 'USD' }, '/amount'],
    ['a null amount', payment, paid(null), '/amount'],
    ['an amount of zero', payment, paid('0.00'), '/amount'],
    ['a negative amount', payment, paid('-5'), '/amount'],
    ['an amount with separators', payment, paid('62,000.00'), '/amount'],
    ['an amount in exponent form', payment, paid('1e400'), '/amount'],
    ['a float that does not survive a round trip', payment, paid(0.1 + 0.2), '/amount'],
    ['an integer a double cannot hold', payment, paid(2 ** 53), '/amount'],
    ['minus zero', payment, paid(-0), '/amount'],
    ['a list where an amount belongs', payment, paid(['5']), '/amount'],
    ['an object where an amount belongs', payment, paid({ value: 5 }), '/amount'],
    ['look-alike digits', payment, paid('５００'), '/amount'],
    ['an invisible character', payment, paid('5\u200b00'), '/amount'],
    ['no currency', payment, { amount: '5' }, '/currency'],
    ['a lower-case currency', payment, paid('5', 'usd'), '/currency'],
    ['an unknown currency', payment, paid('5', 'XXX'), '/currency'],
    ['a numeric currency', payment, paid('5', 840), '/currency'],
    ['a currency named like a member of every object', payment, paid('5', 'constructor'), '/currency'],
    ['an amount only on the prototype', payment, Object.create({ amount: '5', currency: 'USD' }), '/amount'],
    ['a sum over nothing', booking, { payment_methods: [], passengers: [{}] }, '/payment_methods/*/amount'],
    [
      'a sum with one element that lacks it',
      booking,
      { payment_methods: [{ amount: 5 }, {}], passengers: [{}] },
      '/payment_methods/*/amount',
    ],
    [
      'a sum with one negative element',
      booking,
      { payment_methods: [{ amount: 5 }, { amount: -5 }], passengers: [{}] },
      '/payment_methods/*/amount',
    ],
    ['a sum over an object', booking, { payment_methods: { '*': { amount: 5 } }, passengers: [{}] }, '/payment_methods/*/amount'],
    ['a count of nothing', booking, { payment_methods: [{ amount: 5 }], passengers: [] }, '/passengers'],
    ['a count of what is no list', booking, { payment_methods: [{ amount: 5 }], passengers: { length: 1 } }, '/passengers'],
    ['zero records', labelled, { ...labelledArguments, limit: 0 }, '/limit'],
    ['records as a string', labelled, { ...labelledArguments, limit: '5' }, '/limit'],
    ['records as a fraction', labelled, { ...labelledArguments, limit: 1.5 }, '/limit'],
    ['negative records', labelled, { ...labelledArguments, limit: -1 }, '/limit'],
    ['an unknown class', labelled, { ...labelledArguments, class: 'secret' }, '/class'],
    ['a class in upper case', labelled, { ...labelledArguments, class: 'Internal' }, '/class'],
    ['a list of classes', labelled, { ...labelledArguments, class: ['internal'] }, '/class'],
    ['no audience', labelled, { ...labelledArguments, reach: undefined }, '/reach'],
    ['a category in upper case', labelled, { ...labelledArguments, categories: ['PII'] }, '/categories'],
    ['a number among categories', labelled, { ...labelledArguments, categories: ['pii', 1] }, '/categories'],
    ['too many categories', labelled, { ...labelledArguments, categories: Array.from({ length: 33 }, () => 'pii') }, '/categories'],
    ['no counterparty', typeOf({ counterparty: '/vendor' }), {}, '/vendor'],
    ['an empty counterparty', typeOf({ counterparty: '/vendor' }), { vendor: '' }, '/vendor'],
    ['a list of counterparties', typeOf({ counterparty: '/vendor' }), { vendor: ['V-1'] }, '/vendor'],
  ])('%s', (_name, type, given, pointer) => {
    const reading = readRisk(type, { arguments: given }, rates);
    expect(reading).toMatchObject({ ok: false, reason: { code: 'ARGUMENTS_INVALID', tier: null, pointer } });
  });

  it.each([
    ['money without a currency', { money: { amount: '5' } }],
    ['money as text', { money: '5 USD' }],
    ['negative money', { money: { amount: '-5', currency: 'USD' } }],
    ['money in an unknown currency', { money: { amount: '5', currency: 'XXX' } }],
    ['null money', { money: null }],
    ['records as a string', { records: '5' }],
    ['records a double cannot hold', { records: 2 ** 53 }],
    ['an unknown class', { sensitivity: 'cosmic' }],
    ['an unknown audience', { audience: 'everyone' }],
    ['a category in upper case', { categories: ['PII'] }],
    ['regimes as a number', { regimes: 7 }],
    ['a list', [{ records: 5 }]],
    ['text', 'low'],
    ['null', null],
  ])('declared risk: %s', (_name, declared) => {
    expect(readRisk(change, { arguments: {}, declared }, rates)).toMatchObject({ ok: false, reason: { code: 'ARGUMENTS_INVALID' } });
  });

  it.each([[-0.01], [1.01], [NaN], [Infinity], ['0.9'], [null], [true]])('confidence of %s', (confidence) => {
    expect(readRisk(change, { arguments: {}, confidence }, rates)).toMatchObject({
      ok: false,
      reason: { code: 'ARGUMENTS_INVALID', dimension: 'confidence' },
    });
  });

  it.each([
    ['a missing argument', { currency: 'USD' }, 'The argument amount is missing.'],
    ['an argument of the wrong kind', { amount: 5 }, 'The arguments do not match their schema at #/properties/amount/type.'],
    ['an argument the schema does not name', { amount: '5', bcc: 'x@example.com' }, 'There is an argument that the schema does not name.'],
    ['no arguments at all', undefined, 'The arguments do not match their schema at #/type.'],
    ['a list of arguments', [], 'The arguments do not match their schema at #/type.'],
  ])('arguments against their schema: %s', (_name, given, text) => {
    const type = typeOf(
      {},
      {
        type: 'object',
        additionalProperties: false,
        required: ['amount'],
        properties: { amount: { type: 'string' }, currency: { type: 'string' } },
      },
    );
    const reading = readRisk(type, { arguments: given }, rates);
    if (reading.ok) throw new Error('was read');
    expect(reading.reason.code).toBe('ARGUMENTS_INVALID');
    expect(reading.reason.text).toBe(text);
  });
});
