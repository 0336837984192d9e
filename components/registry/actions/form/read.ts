import { z } from 'zod';
import { isUndoableWords } from './undoable';
import { readTypedJson } from '@/lib/registry/domain/arguments/line';
import {
  ActionName,
  ActionType,
  AmountText,
  AUDIENCES,
  Classification,
  Currency,
  Effect,
  Labels,
  NewActionType,
  Pointer,
  Reversal,
  Reversibility,
  SENSITIVITIES,
} from '@/lib/registry/schema';
import { FormValues, windowSeconds, type LabelsValue, type LevelValue } from './values';

/** Trouble is one field that cannot be used as it is. */
export type Trouble = { path: string; text: string };
const Said = Classification.partial();
type Risk = { said: z.infer<typeof Said>; troubles: Trouble[] };

const pointerHint = 'Write a pointer into the arguments, such as /amount.';
const eachHint = 'Name each element with a star, such as /lines/*/amount.';

class Reading {
  readonly troubles: Trouble[] = [];

  /** take answers the value when its shape accepts it, and notes what is wrong when not. */
  take<Shape extends z.ZodType>(path: string, shape: Shape, value: unknown, text: string): z.output<Shape> | undefined {
    const parsed = shape.safeParse(value);
    if (parsed.success) return parsed.data;
    this.troubles.push({ path, text });
    return undefined;
  }
}

/** readRisk reads what the form says of each dimension: `said` holds those that can be used, so that a preview need not wait for the last one. */
export function readRisk(values: FormValues): Risk {
  const reading = new Reading();
  const said: Record<string, unknown> = {
    effect: reading.take('effect', Effect, values.effect, 'Say what the action does.'),
    reversibility: reading.take('reversibility', Reversibility, reversibilityOf(values), 'Say whether it can be undone.'),
    money: money(reading, values.money),
    records: records(reading, values.records),
    sensitivity: level(reading, 'sensitivity', SENSITIVITIES, values.sensitivity),
    audience: level(reading, 'audience', AUDIENCES, values.audience),
    categories: labels(reading, 'categories', values.categories),
    regimes: labels(reading, 'regimes', values.regimes),
    counterparty:
      values.counterparty.trim() === '' ? undefined : reading.take('counterparty', Pointer, values.counterparty.trim(), pointerHint),
    ...undoing(reading, values),
  };
  const parsed = Said.safeParse(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)));
  return { said: parsed.success ? parsed.data : {}, troubles: reading.troubles };
}

// A read leaves nothing to undo, so nobody has to say how.
const reversibilityOf = ({ effect, reversibility }: FormValues): string =>
  effect === 'read' && reversibility === '' ? 'reversible' : reversibility;

function money(reading: Reading, { from, pointer, amount, currency, currencyFrom, currencyPointer }: FormValues['money']): unknown {
  if (from === 'none') return undefined;
  const currencyText = 'Three capital letters, such as USD.';
  if (from === 'constant' || from === 'declared') {
    const read = reading.take('money.amount', AmountText, amount.trim(), 'Write an amount such as 500.00.');
    const code = reading.take('money.currency', Currency, currency.trim(), currencyText);
    return read === undefined || code === undefined ? undefined : { [from]: { amount: read, currency: code } };
  }
  const at = place(reading, 'money.pointer', pointer, from === 'sum');
  const code =
    currencyFrom === 'constant'
      ? reading.take('money.currency', Currency, currency.trim(), currencyText)
      : reading.take('money.currencyPointer', Pointer, currencyPointer.trim(), 'Write a pointer into the arguments, such as /currency.');
  return at === undefined || code === undefined ? undefined : { [from]: at, currency: { [currencyFrom]: code } };
}

function place(reading: Reading, path: string, text: string, each: boolean): string | undefined {
  const pointer = reading.take(path, Pointer, text.trim(), each ? eachHint : pointerHint);
  if (pointer === undefined || !each || pointer.split('/').includes('*')) return pointer;
  reading.troubles.push({ path, text: eachHint });
  return undefined;
}

function records(reading: Reading, { from, pointer, count }: FormValues['records']): unknown {
  if (from === 'none') return undefined;
  if (from === 'constant' || from === 'declared') {
    const whole = reading.take('records.count', z.string().regex(/^\d{1,15}$/), count.trim(), 'Write a whole number.');
    return whole === undefined ? undefined : { [from]: Number(whole) };
  }
  const at = place(reading, 'records.pointer', pointer, from === 'sum');
  return at === undefined ? undefined : { [from]: at };
}

function level(reading: Reading, path: string, levels: readonly [string, ...string[]], value: LevelValue): unknown {
  if (value.from === 'pointer') {
    const at = place(reading, `${path}.pointer`, value.pointer, false);
    return at === undefined ? undefined : { pointer: at };
  }
  const chosen = reading.take(`${path}.level`, z.enum(levels), value.level, 'Choose one.');
  return chosen === undefined ? undefined : { [value.from]: chosen };
}

function labels(reading: Reading, path: string, value: LabelsValue): unknown {
  if (value.from === 'none') return { constant: [] };
  if (value.from === 'pointer') {
    const at = place(reading, `${path}.pointer`, value.pointer, false);
    return at === undefined ? undefined : { pointer: at };
  }
  const list = value.labels.split(/[\s,]+/).filter((label) => label !== '');
  const read = reading.take(`${path}.labels`, Labels, list, 'Lower-case words with commas between them, such as pii, phi.');
  if (read !== undefined && read.length === 0 && value.from === 'constant') {
    reading.troubles.push({ path: `${path}.labels`, text: 'Name at least one, or choose none.' });
    return undefined;
  }
  return read === undefined ? undefined : { [value.from]: read };
}

function undoing(reading: Reading, values: FormValues): { compensation?: unknown; reversal?: unknown } {
  if (!isUndoableWords(values)) return {};
  const name = values.compensation.trim();
  const action =
    name === '' ? undefined : reading.take('compensation', ActionName, name, 'Write the name of an action type, such as payments.cancel.');
  const windowed = values.window.trim() !== '' || values.until !== '';
  const reversal = windowed
    ? reading.take(
        'window',
        Reversal,
        {
          windowSeconds: /^\d{1,6}$/.test(values.window.trim()) ? Number(values.window) * windowSeconds[values.windowUnit] : Number.NaN,
          ...(values.until === '' ? {} : { until: values.until }),
        },
        'Write a whole number, at most 90 days.',
      )
    : undefined;
  return { ...(action === undefined ? {} : { compensation: { action } }), ...(reversal === undefined ? {} : { reversal }) };
}

/** saysNothing tells whether nobody has begun to classify: such a form can be proposed without a classification. */
export const saysNothing = (values: FormValues): boolean =>
  values.effect === '' && values.reversibility === '' && values.sensitivity.level === '' && values.audience.level === '';

/** readForm answers the record a form stands for, or what is wrong with it, field by field. */
export function readForm(values: FormValues): { ok: true; record: NewActionType } | { ok: false; troubles: Trouble[] } {
  const reading = new Reading();
  const { shape } = ActionType;
  const name = reading.take(
    'name',
    ActionName,
    values.name.trim(),
    'Letters, digits, _ : / - and dots between them, such as payments.schedule.',
  );
  const title = reading.take('title', shape.title, values.title, 'A plural, at most 120 characters, such as Vendor payments.');
  const system = reading.take('system', z.string().min(1), values.system, 'Choose the system it belongs to.');
  const sentence =
    values.sentence.trim() === ''
      ? undefined
      : reading.take('sentence', shape.sentence, values.sentence, 'One line of at most 200 characters.');
  const parameters = readParameters(reading, values.parameters);
  const risk = values.intent === 'propose' && saysNothing(values) ? null : readRisk(values);
  if (risk) reading.troubles.push(...risk.troubles);
  if (risk && values.intent === 'classify' && isUndoableWords(values) && values.compensation.trim() === '')
    reading.troubles.push({ path: 'compensation', text: 'It can be undone or made good, so name the action type that does it.' });
  if (reading.troubles.length > 0) return { ok: false, troubles: reading.troubles };
  const record = NewActionType.parse({
    name,
    title,
    system,
    ...(sentence === undefined ? {} : { sentence }),
    parameters,
    classification: risk?.said ?? null,
  });
  return { ok: true, record };
}

function readParameters(reading: Reading, text: string): unknown {
  const typed = readTypedJson(text);
  if (!typed.ok) {
    reading.troubles.push({ path: 'parameters', text: typed.text });
    return undefined;
  }
  return reading.take('parameters', z.record(z.string(), z.unknown()), typed.value, 'A JSON Schema is an object: { "type": "object", … }.');
}

/** FormShape is what zodResolver asks: the form's own shape, with every trouble beside its field. */
export const FormShape = FormValues.superRefine((values, context) => {
  const read = readForm(values);
  if (read.ok) return;
  for (const { path, text } of read.troubles) context.addIssue({ code: 'custom', path: path.split('.'), message: text });
});
