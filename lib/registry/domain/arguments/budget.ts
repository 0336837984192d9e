/** CHECK_STEPS_MAX bounds the work of checking one action's arguments: subschemas looked at, and for patterns characters times the pattern's size. */
export const CHECK_STEPS_MAX = 20_000_000;

/** TooCostly is thrown by a check that has done all the work it may do. */
export class TooCostly extends Error {}

// One budget for the process: checks run to their end before another begins.
let left = 0;

/** withBudget runs `work` with so many steps to spend. */
export function withBudget<Result>(steps: number, work: () => Result): Result {
  left = steps;
  return work();
}

/** spend takes steps from the budget of the check that runs; throws TooCostly when there are none left. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new TooCostly('too costly');
}
