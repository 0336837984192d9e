import { formatUnits, decimalUnits, groupThousands } from '@/lib/kernel/money';
import { visibleText } from '@/lib/kernel/visible';
import type { RiskReading } from '@/lib/policy/schema';
import type { Classification } from '@/lib/registry/schema';

/** Longest value inside a sentence; the full arguments stand below it, never cut. */
const valueLengthMax = 48;
/** Most values named in a sentence without a template. */
const valuesMax = 5;

/** The members of the canonical action object that a sentence may be made of. */
export type CanonicalAction = { resource?: Record<string, unknown> | undefined; arguments?: Record<string, unknown> | undefined };

/** formatMoney writes an amount for people: `62,000.00 EUR`. */
export function formatMoney(amount: string, currency: string): string {
  const units = decimalUnits(amount);
  return `${groupThousands(units === null ? amount : formatUnits(units, 2))} ${currency}`;
}

/** amountOf is the money of an action as its arguments said it, or null when it moves none. */
export function amountOf(risk: RiskReading | null): string | null {
  const money = risk?.money;
  if (!money) return null;
  const said = money.of ?? money;
  return formatMoney(said.amount, said.currency);
}

/**
 * conversionOf says what an amount in another currency was counted as, which is what a threshold was compared with, at which rate and of which day;
 * null where nothing was converted. The rate is worked out of the two amounts, to six decimals.
 */
export function conversionOf(risk: RiskReading | null): string | null {
  const money = risk?.money;
  if (!money?.of) return null;
  const [counted, said] = [decimalUnits(money.amount), decimalUnits(money.of.amount)];
  const rate = counted === null || said === null || said === 0n ? null : formatUnits(((counted * 1_000_000n) / said) * 10n ** 14n, 0);
  const at = rate === null ? 'at the rates' : `at ${rate} ${money.currency} for 1 ${money.of.currency},`;
  return `counted as ${formatMoney(money.amount, money.currency)} ${at} of ${money.of.ratesAsOf}`;
}

function short(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const characters = [...visibleText(String(value))];
  return characters.length > valueLengthMax ? `${characters.slice(0, valueLengthMax).join('')}…` : characters.join('');
}

/** The words of an action's name: `payments.schedule` → schedule payment, `airline.cancel_reservation` → cancel reservation. */
export function actionWords(name: string): string {
  const segments = name.split('.');
  const last = segments.at(-1) ?? name;
  const words = last.split(/[_:/-]+/).filter((word) => word !== '');
  const noun = segments.at(-2);
  if (words.length > 1 || noun === undefined) return words.join(' ').toLowerCase();
  return `${words.join(' ')} ${noun.replaceAll(/[_:/-]+/g, ' ').replace(/([^s])s$/, '$1')}`.toLowerCase();
}

/** The argument that the classification reads money from, when it is a top-level one. */
export function moneyArgument(classification: Pick<Classification, 'money'> | null): string | undefined {
  const money = classification?.money;
  return money && 'pointer' in money ? /^\/([^/~]+)$/.exec(money.pointer)?.[1] : undefined;
}

/**
 * sentenceOf says in one line what will happen, from the action type and the arguments alone. A `template` names arguments in braces, as in
 * `Pay {amount} {currency} to {vendor}`; one that names an argument that is missing or no scalar is not used. `money` is the argument whose digits
 * are grouped for reading.
 */
export function sentenceOf(
  name: string,
  canonical: CanonicalAction | null,
  action: { template?: string | undefined; money?: string | undefined } = {},
): string {
  if (canonical === null) return `${name}: the arguments are not shown to you`;
  const given = canonical.arguments ?? {};
  const valueOf = (key: string): string | undefined => {
    const text = Object.hasOwn(given, key) ? short(given[key]) : undefined;
    return text !== undefined && key === action.money && decimalUnits(text) !== null ? groupThousands(text) : text;
  };
  const filled = action.template === undefined ? undefined : fill(action.template, valueOf);
  if (filled !== undefined) return filled;
  const named = Object.keys(given).flatMap((key) => {
    const text = valueOf(key);
    return text === undefined ? [] : [`${visibleText(key)} ${text}`];
  });
  const resource = short(canonical.resource?.['id']);
  if (resource !== undefined && !named.some((text) => text.endsWith(` ${resource}`)))
    named.unshift(`${short(canonical.resource?.['type']) ?? 'resource'} ${resource}`);
  if (named.length === 0) return `${name}, without arguments`;
  const more = named.length - valuesMax;
  return `${name}: ${named.slice(0, valuesMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function fill(template: string, valueOf: (key: string) => string | undefined): string | undefined {
  let whole = true;
  const text = template.replaceAll(/\{([A-Za-z0-9_]+)\}/g, (_, key: string) => {
    const value = valueOf(key);
    if (value === undefined) whole = false;
    return value ?? '';
  });
  return whole ? text : undefined;
}

/** undoingOf says whether and how the action can be undone, from its classification. */
export function undoingOf(classification: Pick<Classification, 'reversibility' | 'compensation' | 'reversal'> | null): string {
  if (!classification) return 'It is not known whether this can be undone.';
  if (classification.reversibility === 'irreversible') return 'This cannot be undone.';
  const window = classification.reversal ? ` for ${seconds(classification.reversal.windowSeconds)}` : '';
  const until = classification.reversal?.until ? `, at most until ${classification.reversal.until}` : '';
  const by = classification.compensation ? ` by ${classification.compensation.action}` : '';
  return classification.reversibility === 'reversible'
    ? `This can be undone${by}${window}${until}.`
    : `This cannot be undone, only made good${by}${window}${until}.`;
}

function seconds(value: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, name] = units.find(([size]) => value >= size && value % size === 0) ?? [1, 'second'];
  const count = value / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** redact keeps the shape of a JSON value and hides every leaf: what an engineer sees. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner)]));
  if (typeof value === 'string') return `▪ text, ${[...value].length} characters`;
  if (value === null) return null;
  return `▪ ${typeof value}`;
}
