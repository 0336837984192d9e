import { describe, expect, test } from 'vitest';
import { riskCategories } from '@/lib/registry/schema';
import { cadenceNames, type CadenceName } from '@/lib/reviews/schema';
import {
  addDays,
  cadenceOf,
  cadences,
  daysBetween,
  escalation,
  nextReviewOn,
  nextStep,
  openDays,
  periodOf,
  plan,
  weekOf,
  type Cadence,
} from '.';

const cadence = (name: CadenceName): Cadence => {
  const found = cadences.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('how often something is reviewed', () => {
  test('is said for every risk category, once, and for policies', () => {
    expect(cadences.flatMap(({ categories }) => categories).toSorted()).toEqual(riskCategories.toSorted());
    expect(cadences.map(({ name }) => name)).toEqual([...cadenceNames]);
  });
  test.each([
    ['high', 3],
    ['prohibited', 3],
    ['unassessed', 3],
    ['limited', 6],
    ['minimal', 12],
  ] as const)('agents of %s risk: every %i months', (category, months) => {
    expect(cadenceOf(category).months).toBe(months);
  });
});

describe('a period', () => {
  test.each([
    ['high', '2026-01-01', '2026-Q1', '2026-03-31'],
    ['high', '2026-03-31', '2026-Q1', '2026-03-31'],
    ['high', '2026-04-01', '2026-Q2', '2026-06-30'],
    ['high', '2026-12-31', '2026-Q4', '2026-12-31'],
    ['limited', '2026-06-30', '2026-H1', '2026-06-30'],
    ['limited', '2026-07-01', '2026-H2', '2026-12-31'],
    ['minimal', '2028-02-29', '2028', '2028-12-31'],
    ['policies', '2026-11-21', '2026', '2026-12-31'],
  ] as const)('of %s on %s is %s, until %s', (name, day, period, endsOn) => {
    expect(periodOf(cadence(name), day)).toEqual({ name: period, endsOn });
  });
});

describe('a campaign of a period', () => {
  test.each([
    ['high', '2026-12-01', '2026-Q4', '2026-12-31'],
    ['high', '2026-03-01', '2026-Q1', '2026-03-31'],
    ['high', '2026-12-31', '2026-Q4', '2026-12-31'],
    ['limited', '2026-05-31', '2026-H1', '2026-06-30'],
    ['minimal', '2026-12-01', '2026', '2026-12-31'],
    ['policies', '2026-12-01', '2026', '2026-12-31'],
  ] as const)('of %s has begun on %s: %s, due %s', (name, day, period, dueOn) => {
    expect(plan(cadence(name), 'period', day)).toMatchObject({ period, dueOn });
  });
  test.each([
    ['high', '2026-11-30'],
    ['high', '2026-02-28'],
    ['limited', '2026-05-30'],
    ['limited', '2026-07-01'],
    ['minimal', '2026-11-30'],
    ['policies', '2026-01-01'],
  ] as const)('of %s has not begun on %s', (name, day) => {
    expect(plan(cadence(name), 'period', day)).toBeUndefined();
  });
});

describe('what falls due by a date of its own', () => {
  test.each([
    ['2026-11-16', '2026-W47', '2026-12-22'],
    ['2026-11-22', '2026-W47', '2026-12-22'],
    ['2026-11-23', '2026-W48', '2026-12-29'],
    // The week of the new year belongs to the year of its Thursday.
    ['2026-12-31', '2026-W53', '2027-02-02'],
    ['2027-01-03', '2026-W53', '2027-02-02'],
    ['2027-01-04', '2027-W01', '2027-02-09'],
    ['2024-12-30', '2025-W01', '2025-02-04'],
  ])('on %s comes at once with its week %s and is due %s', (day, period, dueOn) => {
    expect(plan(cadence('minimal'), 'due', day)).toMatchObject({ period, dueOn });
    expect(weekOf(day).name).toBe(period);
  });
  test('is never a policy, which has no such date', () => {
    expect(plan(cadence('policies'), 'due', '2026-11-21')).toBeUndefined();
  });
  test('has at least 30 days, and no more than 36', () => {
    for (let day = '2026-01-01'; day < '2028-01-01'; day = addDays(day, 1)) {
      const planned = plan(cadence('high'), 'due', day);
      const days = daysBetween(day, planned?.dueOn ?? day);
      expect(days >= openDays && days <= openDays + 6, day).toBe(true);
    }
  });
});

describe('the next review', () => {
  test.each([
    ['high', '2026-11-21', '2026-12-31'],
    ['high', '2026-11-30', '2026-12-31'],
    ['high', '2026-12-01', '2027-03-31'],
    ['high', '2027-01-05', '2027-03-31'],
    ['limited', '2026-06-15', '2026-12-31'],
    ['minimal', '2026-12-31', '2027-12-31'],
  ] as const)('of %s decided on %s is on %s', (name, today, day) => {
    expect(nextReviewOn(cadence(name), today)).toBe(day);
  });
  test('is always the day of a campaign that has not begun', () => {
    for (const one of cadences)
      for (let day = '2026-01-01'; day < '2028-01-01'; day = addDays(day, 1)) {
        const next = nextReviewOn(one, day);
        expect(day < addDays(next, -openDays) && periodOf(one, next).endsOn === next, `${one.name} ${day}`).toBe(true);
      }
  });
});

describe('what is due for an open item', () => {
  test.each([
    ['14 days before, the first reminder', 14, null, 14],
    ['10 days before, the first reminder when it was missed', 10, null, 14],
    ['a week before, the second', 7, 14, 7],
    ['a week before, only the second when both were missed', 5, null, 7],
    ['on its day, the last', 0, 7, 0],
    ['the day after, somebody above', -1, 0, escalation],
    ['long after, somebody above even when no reminder came', -40, null, escalation],
  ] as const)('%s', (_, daysLeft, reminded, step) => {
    expect(nextStep(daysLeft, reminded)).toBe(step);
  });
  test.each([
    ['15 days before', 15, null],
    ['before the second once the first came', 8, 14],
    ['a second time for the same reminder', 14, 14],
    ['for an earlier reminder after a later one', 14, 7],
    ['between the second and the last', 3, 7],
    ['a second escalation', -30, escalation],
  ] as const)('nothing: %s', (_, daysLeft, reminded) => {
    expect(nextStep(daysLeft, reminded)).toBeUndefined();
  });
});
