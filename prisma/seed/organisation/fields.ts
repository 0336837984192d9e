import type { Random } from '../history/random';

/** Field is one argument of an action: its JSON Schema, and a value such as real work would have. */
export type Field = { schema: Record<string, unknown>; draw: (random: Random) => unknown };

const text = { type: 'string', minLength: 1, maxLength: 200 };

/** code draws ids of a kind, such as `BK-20417`. */
export const code = (prefix: string, from = 10_000, to = 99_999): Field => ({
  schema: { ...text, maxLength: 64 },
  draw: (random) => `${prefix}-${random.between(from, to)}`,
});

/** amount draws decimal amounts as text, most of them small. */
export const amount = (from: number, to: number): Field => ({
  schema: { type: ['string', 'number'] },
  draw: (random) => random.skewed(from, to).toFixed(2),
});

export const currency: Field = {
  schema: { type: 'string', pattern: '^[A-Z]{3}$' },
  draw: (random) => random.pick(['EUR', 'EUR', 'EUR', 'USD', 'GBP']),
};

export const count = (from: number, to: number): Field => ({
  schema: { type: 'integer', minimum: 0 },
  draw: (random) => Math.round(random.skewed(Math.max(1, from), to)),
});

export const words = (first: string, ...rest: string[]): Field => ({ schema: text, draw: (random) => random.pick([first, ...rest]) });
