import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { inWindow, nextDrillAt, openingAfter, outcomeOf, whyNotDrill, whyNotPlan } from './drills';

const at = (time: string) => new Date(`2026-11-24T${time}:00Z`);
const night = { fromHour: 22, toHour: 4 };
const morning = { fromHour: 6, toHour: 8 };

describe('a window', () => {
  test.each([
    ['no window holds at any time', null, '03:00', true],
    ['its first minute is in it', morning, '06:00', true],
    ['its last hour is not', morning, '08:00', false],
    ['before it is not in it', morning, '05:59', false],
    ['past midnight is in one that goes past midnight', night, '03:59', true],
    ['so is the evening', night, '22:00', true],
    ['noon is not', night, '12:00', false],
  ])('%s', (_, window, time, holds) => {
    expect(inWindow(window, at(time))).toBe(holds);
  });

  test.each([
    ['opens later the same day', morning, '05:00', '2026-11-24T06:00:00.000Z'],
    ['opens the next day when it is over', morning, '09:30', '2026-11-25T06:00:00.000Z'],
    ['is open now', night, '23:15', '2026-11-24T23:15:00.000Z'],
    ['is open now past midnight', night, '02:00', '2026-11-24T02:00:00.000Z'],
    ['opens in the evening', night, '04:00', '2026-11-24T22:00:00.000Z'],
  ])('%s', (_, window, time, opens) => {
    expect(openingAfter(window, at(time)).toISOString()).toBe(opens);
  });

  test('never lets a drill be due early, outside it, or more than a day late', () => {
    const hour = fc.integer({ min: 0, max: 23 });
    fc.assert(
      fc.property(
        fc.date({ min: at('00:00'), max: new Date('2030-01-01') }),
        fc.integer({ min: 1, max: 366 }),
        hour,
        hour,
        (from, days, a, b) => {
          if (Number.isNaN(from.getTime()) || a === b) return;
          const window = { fromHour: a, toHour: b };
          const next = nextDrillAt(from, days, window);
          const late = next.getTime() - from.getTime() - days * 86_400_000;
          expect(inWindow(window, next)).toBe(true);
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThan(86_400_000);
        },
      ),
    );
  });
});

const idle = { inService: false, ended: false, stopped: false };

describe('a drill', () => {
  test.each([
    ['of an agent that is not in service needs nobody’s word', idle, false, undefined],
    ['of an agent in service that a person confirmed goes ahead', { ...idle, inService: true }, true, undefined],
    ['of an agent in service that nobody confirmed is not run', { ...idle, inService: true }, false, 'NOT_CONFIRMED'],
    ['of what is stopped already is not run', { ...idle, stopped: true }, true, 'ALREADY_STOPPED'],
    ['of an agent that is gone is not run', { ...idle, ended: true }, true, 'AGENT_ENDED'],
  ])('%s', (_, agent, confirmed, why) => {
    expect(whyNotDrill(agent, confirmed)).toBe(why);
  });

  test.each([
    ['of an agent in service says in which hours', true, true, null, 'NO_WINDOW'],
    ['of an agent in service is confirmed', true, false, morning, 'NOT_CONFIRMED'],
    ['of both is a plan', true, true, morning, undefined],
    ['of an agent that does nothing asks for neither', false, false, null, undefined],
  ])('a plan %s', (_, inService, confirmed, window, why) => {
    expect(whyNotPlan({ inService, ended: false }, confirmed, window)).toBe(why);
  });
});

const reached = (lastMs: number | null, silent: string[] = [], of = 2) => ({
  all: silent.length === 0,
  lastMs,
  silent,
  gateways: Array.from({ length: of }),
});

describe('the outcome', () => {
  test.each([
    ['within a second is passed', reached(1_000), 1_200, 'passed'],
    ['after a second is slow', reached(1_001), 1_200, 'slow'],
    ['at thirty seconds is slow', reached(30_000), 30_000, 'slow'],
    ['after thirty seconds is failed', reached(30_001), 31_000, 'failed'],
    ['is waited for while a gateway may still speak', reached(400, ['b:4000']), 29_999, undefined],
    ['with a silent gateway is failed, however fast the others were', reached(400, ['b:4000']), 30_000, 'failed'],
    ['with every gateway silent is failed', reached(null, ['a:4000', 'b:4000']), 30_000, 'failed'],
    ['without a gateway is no outcome: nothing was measured', reached(null, [], 0), 5, 'aborted'],
    ['is not passed for gateways of which nothing is known yet', { ...reached(null), all: false }, 5, undefined],
  ])('%s', (_, reach, elapsedMs, outcome) => {
    expect(outcomeOf(reach, elapsedMs)).toBe(outcome);
  });
});
