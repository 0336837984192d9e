import { z } from 'zod';
import { sampleOf } from '@/lib/registry/domain/arguments/sample';
import type { ActionType, AudienceFrom, Classification, LabelsFrom, MoneyFrom, RecordsFrom, SensitivityFrom } from '@/lib/registry/schema';

const text = z.string();

const Level = z.object({ from: z.enum(['constant', 'pointer', 'declared']), level: text, pointer: text });
const LabelsValue = z.object({ from: z.enum(['none', 'constant', 'pointer', 'declared']), labels: text, pointer: text });

/** FormValues is the form as typed: every control holds a text, so that nothing that was typed is ever lost. */
export const FormValues = z.object({
  /** Which button was pressed. */
  intent: z.enum(['propose', 'classify']),
  name: text,
  title: text,
  system: text,
  sentence: text,
  parameters: text,
  effect: text,
  reversibility: text,
  compensation: text,
  window: text,
  windowUnit: z.enum(['minute', 'hour', 'day']),
  until: z.enum(['', 'settlement', 'posting']),
  counterparty: text,
  money: z.object({
    from: z.enum(['none', 'pointer', 'sum', 'constant', 'declared']),
    pointer: text,
    amount: text,
    currencyFrom: z.enum(['pointer', 'constant']),
    currencyPointer: text,
    currency: text,
  }),
  records: z.object({ from: z.enum(['none', 'constant', 'pointer', 'sum', 'count', 'declared']), pointer: text, count: text }),
  sensitivity: Level,
  audience: Level,
  categories: LabelsValue,
  regimes: LabelsValue,
});
export type FormValues = z.infer<typeof FormValues>;
export type LevelValue = z.infer<typeof Level>;
export type LabelsValue = z.infer<typeof LabelsValue>;

export const windowSeconds = { minute: 60, hour: 3_600, day: 86_400 } as const;

const emptyParameters = { type: 'object', additionalProperties: false, required: [], properties: {} };

/** emptyValues is the form of a type nobody wrote yet; nothing in it claims a level of risk. */
export const emptyValues: FormValues = {
  intent: 'propose',
  name: '',
  title: '',
  system: '',
  sentence: '',
  parameters: JSON.stringify(emptyParameters, null, 2),
  effect: '',
  reversibility: '',
  compensation: '',
  window: '',
  windowUnit: 'hour',
  until: '',
  counterparty: '',
  money: { from: 'none', pointer: '', amount: '', currencyFrom: 'pointer', currencyPointer: '', currency: '' },
  records: { from: 'none', pointer: '', count: '' },
  sensitivity: { from: 'constant', level: '', pointer: '' },
  audience: { from: 'constant', level: '', pointer: '' },
  categories: { from: 'none', labels: '', pointer: '' },
  regimes: { from: 'none', labels: '', pointer: '' },
};

/** valuesOf is the form of a recorded type. */
export function valuesOf(type: ActionType): FormValues {
  const { name, title, system, sentence = '', parameters, classification } = type;
  const record = { name, title, system, sentence, parameters: JSON.stringify(parameters, null, 2) };
  return { ...emptyValues, ...record, ...(classification === null ? {} : riskValues(classification)) };
}

function riskValues(classification: Classification): Partial<FormValues> {
  const { effect, reversibility, compensation, reversal, counterparty = '' } = classification;
  return {
    effect,
    reversibility,
    counterparty,
    compensation: compensation?.action ?? '',
    ...(reversal === undefined ? {} : { ...windowValues(reversal.windowSeconds), until: reversal.until ?? '' }),
    money: moneyValues(classification.money),
    records: recordsValues(classification.records),
    sensitivity: levelValues(classification.sensitivity),
    audience: levelValues(classification.audience),
    categories: labelsValues(classification.categories),
    regimes: labelsValues(classification.regimes),
  };
}

function windowValues(seconds: number): Pick<FormValues, 'window' | 'windowUnit'> {
  const unit = (['day', 'hour'] as const).find((name) => seconds % windowSeconds[name] === 0) ?? 'minute';
  return { window: String(seconds / windowSeconds[unit]), windowUnit: unit };
}

function moneyValues(money: MoneyFrom | undefined): FormValues['money'] {
  if (money === undefined) return emptyValues.money;
  if ('constant' in money) return { ...emptyValues.money, from: 'constant', ...money.constant };
  if ('declared' in money) return { ...emptyValues.money, from: 'declared', ...money.declared };
  const currency: Partial<FormValues['money']> =
    'constant' in money.currency
      ? { currencyFrom: 'constant', currency: money.currency.constant }
      : { currencyFrom: 'pointer', currencyPointer: money.currency.pointer };
  const at: Pick<FormValues['money'], 'from' | 'pointer'> =
    'sum' in money ? { from: 'sum', pointer: money.sum } : { from: 'pointer', pointer: money.pointer };
  return { ...emptyValues.money, ...at, ...currency };
}

function recordsValues(records: RecordsFrom | undefined): FormValues['records'] {
  if (records === undefined) return emptyValues.records;
  if ('constant' in records) return { from: 'constant', count: String(records.constant), pointer: '' };
  if ('declared' in records) return { from: 'declared', count: String(records.declared), pointer: '' };
  if ('sum' in records) return { from: 'sum', pointer: records.sum, count: '' };
  return 'count' in records
    ? { from: 'count', pointer: records.count, count: '' }
    : { from: 'pointer', pointer: records.pointer, count: '' };
}

function levelValues(from: SensitivityFrom | AudienceFrom): LevelValue {
  if ('pointer' in from) return { from: 'pointer', pointer: from.pointer, level: '' };
  return 'constant' in from
    ? { from: 'constant', level: from.constant, pointer: '' }
    : { from: 'declared', level: from.declared, pointer: '' };
}

function labelsValues(from: LabelsFrom | undefined): LabelsValue {
  if (from === undefined) return { from: 'none', labels: '', pointer: '' };
  if ('pointer' in from) return { from: 'pointer', pointer: from.pointer, labels: '' };
  const labels = ('constant' in from ? from.constant : from.declared).join(', ');
  if ('constant' in from) return { from: labels === '' ? 'none' : 'constant', labels, pointer: '' };
  return { from: 'declared', labels, pointer: '' };
}

/** sampleTextOf makes up sample arguments for a recorded type. */
export const sampleTextOf = (type: ActionType): string => JSON.stringify(sampleOf(type.parameters), null, 2);
