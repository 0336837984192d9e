import { z } from 'zod';

const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export const DURATION_UNITS = ['minutes', 'hours', 'days', 'seconds'] as const;

/** Duration is a time as a person types it. */
export const Duration = z.object({ value: z.string(), unit: z.enum(DURATION_UNITS) });
export type Duration = z.infer<typeof Duration>;

/** readDuration reads seconds; undefined when nothing was typed. `bounds` says in words what min and max are. */
export function readDuration(
  { value, unit }: Duration,
  wrong: (message: string) => void,
  { min, max, bounds }: { min: number; max: number; bounds: string },
): number | undefined {
  const text = value.trim();
  if (text === '') return undefined;
  const seconds = /^[0-9]{1,9}$/.test(text) ? Number(text) * UNIT_SECONDS[unit] : 0;
  if (seconds < min || seconds > max) wrong(`A whole number of ${unit}, ${bounds}.`);
  return seconds;
}

/** durationOf shows seconds in the largest unit that divides them. */
export function durationOf(seconds: number | undefined, usual: Duration['unit']): Duration {
  if (seconds === undefined) return { value: '', unit: usual };
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => seconds % UNIT_SECONDS[one] === 0) ?? 'seconds';
  return { value: String(seconds / UNIT_SECONDS[unit]), unit };
}
