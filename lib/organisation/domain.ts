import type { Organisation } from './schema';

export type LeaveRefusal = 'NOT_A_SAMPLE' | 'LEAVING_ALREADY';

/** whyNotLeave is why this installation's sample cannot be left now; undefined when it can. The same function answers the button and the server. */
export function whyNotLeave(organisation: Pick<Organisation, 'sample' | 'leaving'>): LeaveRefusal | undefined {
  if (!organisation.sample) return 'NOT_A_SAMPLE';
  return organisation.leaving ? 'LEAVING_ALREADY' : undefined;
}
