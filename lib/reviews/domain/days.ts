/** Days are written as 2026-12-31 and counted in UTC, so that a day is the same for everybody. */
const dayMs = 24 * 3600 * 1000;
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** addDays is the day so many days later; earlier when negative. */
export const addDays = (day: string, count: number): string => new Date(at(day) + count * dayMs).toISOString().slice(0, 10);

/** daysBetween is how many days `to` is after `from`. */
export const daysBetween = (from: string, to: string): number => Math.round((at(to) - at(from)) / dayMs);

/** lastDayOfMonth is the last day of a month; `month` counts from 1. */
export const lastDayOfMonth = (year: number, month: number): string => new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);

/** weekOf is the ISO 8601 week of a day, such as 2026-W47, and its Sunday. */
export function weekOf(day: string): { name: string; endsOn: string } {
  const weekday = new Date(at(day)).getUTCDay() || 7;
  const endsOn = addDays(day, 7 - weekday);
  // The week belongs to the year of its Thursday.
  const thursday = addDays(endsOn, -3);
  const year = thursday.slice(0, 4);
  const week = Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1;
  return { name: `${year}-W${String(week).padStart(2, '0')}`, endsOn };
}
