import { describe, expect, it } from 'vitest';
import { decimalUnits, formatUnits, groupThousands, readAmount, toBase } from '@/lib/kernel/money';

const table = { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092', JPY: '0.00656' } };

const units = (text: string) => {
  const read = decimalUnits(text);
  if (read === null) throw new Error(`${text} is not a decimal`);
  return read;
};

describe('an amount is taken only when it is certain to be what was written', () => {
  it.each([
    ['a decimal string', '62000.00', '62000.00'],
    ['a whole string', '499', '499.00'],
    ['eight decimals', '0.00000001', '0.00000001'],
    ['eighteen digits', '999999999999999999', '999999999999999999.00'],
    ['a number of two decimals', 499.99, '499.99'],
    ['a whole number', 5000, '5000.00'],
    ['a number of fifteen significant digits', 1234567890123.45, '1234567890123.45'],
    ['zero', 0, '0.00'],
  ])('%s is read exactly', (_name, value, printed) => {
    const read = readAmount(value);
    expect(read.ok && formatUnits(read.units)).toBe(printed);
  });

  it.each([
    ['an integer past what a double holds exactly', 2 ** 53, 'does_not_round_trip'],
    ['a float with more digits than survive', 0.1 + 0.2, 'does_not_round_trip'],
    ['a number in exponent form', 1e21, 'does_not_round_trip'],
    ['a tiny number in exponent form', 1e-7, 'does_not_round_trip'],
    ['infinity', Infinity, 'not_an_amount'],
    ['not a number', NaN, 'not_an_amount'],
    ['minus zero', -0, 'negative'],
    ['a negative number', -1, 'negative'],
    ['a negative string', '-1.00', 'negative'],
    ['a thousands separator', '62,000.00', 'not_an_amount'],
    ['a decimal comma', '62000,00', 'not_an_amount'],
    ['an underscore', '62_000', 'not_an_amount'],
    ['an exponent', '1e400', 'not_an_amount'],
    ['a plus sign', '+5', 'not_an_amount'],
    ['a leading zero', '007', 'not_an_amount'],
    ['a bare point', '.5', 'not_an_amount'],
    ['a trailing point', '5.', 'not_an_amount'],
    ['white space', ' 5', 'not_an_amount'],
    ['a line break at the end', '5\n', 'not_an_amount'],
    ['digits of another script', '٥٠٠', 'not_an_amount'],
    ['hexadecimal', '0x10', 'not_an_amount'],
    ['the empty string', '', 'not_an_amount'],
    ['nine decimals', '1.000000001', 'too_precise'],
    ['nineteen digits', '1000000000000000000', 'too_large'],
    ['a very long string', '9'.repeat(100_000), 'too_large'],
    ['null', null, 'not_an_amount'],
    ['nothing', undefined, 'not_an_amount'],
    ['a list of one', ['5'], 'not_an_amount'],
    ['an object', { amount: '5' }, 'not_an_amount'],
    ['true', true, 'not_an_amount'],
    ['a bigint', 5n, 'not_an_amount'],
  ])('%s is refused', (_name, value, problem) => {
    expect(readAmount(value)).toEqual({ ok: false, problem });
  });
});

describe('conversion to the base currency is exact', () => {
  it.each([
    ['62000', 'EUR', '67704.00'],
    ['0.01', 'EUR', '0.01092'],
    ['0.00000001', 'JPY', '0.0000000000656'],
    ['999999999999999999.99999999', 'EUR', '1091999999999999999.99999998908'],
    ['499.99', 'USD', '499.99'],
  ])('%s %s is %s USD', (amount, currency, printed) => {
    const base = toBase(units(amount), currency, table);
    expect(base !== null && formatUnits(base)).toBe(printed);
  });

  it.each([
    ['a currency the table lacks', 'XXX'],
    ['a lower-case currency', 'eur'],
    ['a lower-case base currency', 'usd'],
    ['a member every object has', 'constructor'],
    ['the prototype', '__proto__'],
    ['nothing', ''],
  ])('%s has no rate', (_name, currency) => {
    expect(toBase(1n, currency, table)).toBeNull();
  });

  it.each([['0'], ['-1'], ['1e3'], ['free']])('a table that says %s has no rate', (rate) => {
    expect(toBase(1n, 'EUR', { ...table, rates: { EUR: rate } })).toBeNull();
  });

  it('what it prints it reads back', () => {
    for (const text of ['0.00', '67704.00', '0.0000000000656', '1091999999999999999.99999998908'])
      expect(formatUnits(units(text))).toBe(text);
  });
});

it.each([
  ['50000', '50,000'],
  ['999', '999'],
  ['1000000.505', '1,000,000.505'],
])('%s is shown to people as %s', (decimal, shown) => {
  expect(groupThousands(decimal)).toBe(shown);
});
