import { z } from 'zod';
import { Ladder, RAISED_TIERS } from '@/lib/policy/schema';
import type { Policy, Where } from '@/lib/policy/schema';
import { AmountText, AUDIENCES, Currency, LABEL, REVERSIBILITIES, SENSITIVITIES } from '@/lib/registry/schema';

export const FORM_DIMENSIONS = [
  'money',
  'records',
  'sensitivity',
  'categories',
  'reversibility',
  'regimes',
  'audience',
  'confidence',
  'scope',
] as const satisfies readonly Ladder['dimension'][];
export type FormDimension = (typeof FORM_DIMENSIONS)[number];

/** The ordered dimensions and their levels, mildest first. */
export const LEVELS = { sensitivity: SENSITIVITIES, reversibility: REVERSIBILITIES, audience: AUDIENCES } as const;

/** FormLadder is one ladder as it is typed. An empty tier begins nowhere; labels are divided by commas. */
export const FormLadder = z.object({
  dimension: z.enum(FORM_DIMENSIONS),
  effect: z.enum(['', 'above_read', 'write', 'delete', 'send', 'execute']),
  categories: z.string(),
  regimes: z.string(),
  audience: z.enum(['', 'external', 'public']),
  currency: z.string(),
  tier2: z.string(),
  tier3: z.string(),
  tier4: z.string(),
});
export type FormLadder = z.infer<typeof FormLadder>;

/** FormProblem is what is wrong, beside which field. */
export type FormProblem = { path: (string | number)[]; message: string };

/** emptyLadder is a new ladder of a dimension. */
export const emptyLadder = (dimension: FormDimension, currency: string): FormLadder => ({
  dimension,
  effect: '',
  categories: '',
  regimes: '',
  audience: '',
  currency,
  tier2: '',
  tier3: '',
  tier4: '',
});

/** ladderOf writes a ladder as a form shows it. */
export function ladderOf(ladder: Policy['ladders'][number]): FormLadder {
  const shown = emptyLadder(ladder.dimension, ladder.dimension === 'money' ? ladder.currency : '');
  if (ladder.dimension === 'scope') return shown;
  const { where } = ladder;
  const text = (value: string | number | string[] | undefined) =>
    value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
  return {
    ...shown,
    effect: where?.effect ?? '',
    categories: where?.categories?.join(', ') ?? '',
    regimes: where?.regimes?.join(', ') ?? '',
    audience: where?.audience ?? '',
    tier2: text(ladder.tiers[2]),
    tier3: text(ladder.tiers[3]),
    tier4: text(ladder.tiers[4]),
  };
}

/** readLadder reads one ladder; null while something in it is wrong. */
export function readLadder(typed: FormLadder): { ladder: Ladder | null; problems: FormProblem[] } {
  const problems: FormProblem[] = [];
  const wrong = (field: keyof FormLadder, message: string) => problems.push({ path: [field], message });
  if (typed.dimension === 'scope') return { ladder: { dimension: 'scope', tiers: { 4: 'always' } }, problems };
  const where = readWhere(typed, wrong);
  const tiers: Record<number, unknown> = {};
  for (const tier of RAISED_TIERS) {
    const field = `tier${tier}` as const;
    const text = typed[field].trim();
    if (text === '') continue;
    const value = readValue(typed.dimension, text);
    if (value === undefined) wrong(field, EXPECTED[typed.dimension]);
    else tiers[tier] = value;
  }
  if (RAISED_TIERS.every((tier) => typed[`tier${tier}`].trim() === '')) wrong('tier2', 'Say where at least one tier begins.');
  if (typed.dimension === 'money' && !Currency.safeParse(typed.currency.trim()).success)
    wrong('currency', 'Three capital letters, such as USD.');
  if (problems.length > 0) return { ladder: null, problems };
  const parsed = Ladder.safeParse({
    dimension: typed.dimension,
    ...(where === undefined ? {} : { where }),
    ...(typed.dimension === 'money' ? { currency: typed.currency.trim() } : {}),
    tiers,
  });
  if (parsed.success) return { ladder: parsed.data, problems };
  return { ladder: null, problems: parsed.error.issues.map(({ message }) => ({ path: ['dimension'], message })) };
}

const EXPECTED: Record<Exclude<FormDimension, 'scope'>, string> = {
  money: 'A plain amount such as 50000 or 499.99, without separators.',
  records: 'A whole number, without separators.',
  sensitivity: 'Choose a level.',
  categories: 'Names in lower case divided by commas, such as pii, phi.',
  reversibility: 'Choose a level.',
  regimes: 'Names in lower case divided by commas, such as sox, gdpr.',
  audience: 'Choose a level.',
  confidence: 'A number from 0 to 1, such as 0.8.',
};

function readValue(dimension: Exclude<FormDimension, 'scope'>, text: string): unknown {
  switch (dimension) {
    case 'money':
      return AmountText.safeParse(text).data;
    case 'records':
      return /^[0-9]+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case 'categories':
    case 'regimes':
      return labelsIn(text);
    case 'confidence':
      return /^[0-9]*\.?[0-9]+(e-[0-9]+)?$/.test(text) && Number(text) <= 1 ? Number(text) : undefined;
    default: {
      const levels: readonly string[] = LEVELS[dimension];
      return levels.includes(text) ? text : undefined;
    }
  }
}

const LABELS_MAX = 32;

/** labelsIn reads labels divided by commas or spaces; undefined when one is not spelled as labels are. */
export function labelsIn(text: string): string[] | undefined {
  const labels = text.split(/[\s,]+/).filter((label) => label !== '');
  if (labels.length === 0 || labels.length > LABELS_MAX || !labels.every((label) => LABEL.test(label))) return undefined;
  return [...new Set(labels)];
}

function readWhere(typed: FormLadder, wrong: (field: keyof FormLadder, message: string) => void): Where | undefined {
  const where: Where = {};
  if (typed.effect !== '') where.effect = typed.effect;
  if (typed.audience !== '') where.audience = typed.audience;
  for (const field of ['categories', 'regimes'] as const) {
    if (typed[field].trim() === '') continue;
    const labels = labelsIn(typed[field]);
    if (labels === undefined) wrong(field, EXPECTED[field]);
    else where[field] = labels;
  }
  return Object.keys(where).length === 0 ? undefined : where;
}
