/** Days before its due day at which an item is spoken of again. */
export const reminderDays = [14, 7, 0] as const;
/** The step after the last reminder: somebody above is called. */
export const escalation = -1;

/**
 * nextStep is what is due for an open item: a reminder by its days, the escalation, or nothing. Each comes once; when several were missed, only the
 * latest comes. `daysLeft` is negative once the due day has passed; `reminded` is the last step that was taken.
 */
export function nextStep(daysLeft: number, reminded: number | null): number | undefined {
  const step = daysLeft < 0 ? escalation : reminderDays.findLast((days) => daysLeft <= days);
  return step !== undefined && (reminded === null || step < reminded) ? step : undefined;
}
