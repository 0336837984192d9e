// Exact decimal money. Every quantity is a bigint of 10^-20 units, so that an amount (at most 8 decimals) times a rate
// (at most 12) is held without rounding and a threshold is compared with exactly what the arguments say.

export const AMOUNT_FRACTION_DIGITS_MAX = 8;
export const RATE_FRACTION_DIGITS_MAX = 12;
export const AMOUNT_INTEGER_DIGITS_MAX = 18;
/** A decimal with at most this many significant digits survives decimal → double → decimal (DBL_DIG of IEEE 754). */
export const DOUBLE_SAFE_DIGITS = 15;

const SCALE_DIGITS = AMOUNT_FRACTION_DIGITS_MAX + RATE_FRACTION_DIGITS_MAX;
const SCALE = 10n ** BigInt(SCALE_DIGITS);
const STORED_LENGTH_MAX = 80;

/** DECIMAL is the one spelling of a non-negative decimal: no sign, exponent, separator, leading zero or bare point. */
export const DECIMAL = /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
/** CURRENCY is the shape of an ISO 4217 alphabetic code; lower case is refused, not corrected. */
export const CURRENCY = /^[A-Z]{3}$/;

/** Money is an amount as a decimal string and its ISO 4217 code. */
export type Money = { amount: string; currency: string };

/** Rates gives, for each currency, how many units of `base` one unit of it is worth, as a decimal string. */
export type Rates = { base: string; asOf: string; rates: Readonly<Record<string, string>> };

export type AmountProblem = 'not_an_amount' | 'negative' | 'too_precise' | 'too_large' | 'does_not_round_trip';

export type AmountReading = { ok: true; units: bigint } | { ok: false; problem: AmountProblem };

/** decimalUnits reads a decimal this module printed (any length up to a bound, at most 20 decimals); null for anything else. */
export function decimalUnits(text: string): bigint | null {
  if (text.length > STORED_LENGTH_MAX || !DECIMAL.test(text)) return null;
  const point = text.indexOf('.');
  if (point === -1) return BigInt(text) * SCALE;
  const fractionDigits = text.length - point - 1;
  if (fractionDigits > SCALE_DIGITS) return null;
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(SCALE_DIGITS, '0'));
}

/**
 * readAmount reads one amount out of untrusted JSON: a decimal string, or a number that is certain to be what was written.
 * A number of more than 15 significant digits, in exponent form, or minus zero may not be, and is refused.
 */
export function readAmount(value: unknown): AmountReading {
  if (typeof value === 'number') return readNumber(value);
  if (typeof value !== 'string') return { ok: false, problem: 'not_an_amount' };
  return readDecimal(value);
}

function readNumber(value: number): AmountReading {
  if (!Number.isFinite(value)) return { ok: false, problem: 'not_an_amount' };
  if (value < 0 || Object.is(value, -0)) return { ok: false, problem: 'negative' };
  const text = String(value);
  if (!DECIMAL.test(text)) return { ok: false, problem: 'does_not_round_trip' };
  const significant = text.replace('.', '').replace(/^0+/, '').length;
  if (significant > DOUBLE_SAFE_DIGITS) return { ok: false, problem: 'does_not_round_trip' };
  return readDecimal(text);
}

function readDecimal(text: string): AmountReading {
  if (text.length > STORED_LENGTH_MAX) return { ok: false, problem: 'too_large' };
  if (/^-[0-9]/.test(text)) return { ok: false, problem: 'negative' };
  if (!DECIMAL.test(text)) return { ok: false, problem: 'not_an_amount' };
  const [whole = '', fraction = ''] = text.split('.');
  if (whole.length > AMOUNT_INTEGER_DIGITS_MAX) return { ok: false, problem: 'too_large' };
  if (fraction.length > AMOUNT_FRACTION_DIGITS_MAX) return { ok: false, problem: 'too_precise' };
  return { ok: true, units: BigInt(whole + fraction.padEnd(SCALE_DIGITS, '0')) };
}

/**
 * toBase converts units of `currency` into units of the table's base currency; null when the table has no usable rate.
 * Nothing is rounded: the product of two such decimals always fits the scale, so a converted amount is never lower than it was.
 */
export function toBase(units: bigint, currency: string, table: Rates): bigint | null {
  if (currency === table.base) return units;
  if (!CURRENCY.test(currency) || !Object.hasOwn(table.rates, currency)) return null;
  const rate = decimalUnits(table.rates[currency] ?? '');
  if (rate === null || rate <= 0n) return null;
  const product = units * rate;
  // Only reachable with a sum or table outside the documented digits; up, so that it is never lower.
  return product % SCALE === 0n ? product / SCALE : product / SCALE + 1n;
}

/** formatUnits prints units as a plain decimal with at least `fractionDigits` decimals and no other trailing zero. */
export function formatUnits(units: bigint, fractionDigits = 2): string {
  const digits = units.toString().padStart(SCALE_DIGITS + 1, '0');
  const whole = digits.slice(0, -SCALE_DIGITS);
  const fraction = digits.slice(-SCALE_DIGITS).replace(/0+$/, '').padEnd(fractionDigits, '0');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** groupThousands prints a plain decimal for people: `50000.5` → `50,000.5`. */
export function groupThousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
