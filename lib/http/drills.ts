import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { Refused } from './answers';

export const DrillParams = z.object({ id: z.string().regex(/^drl_[0-9a-z]{26}$/) });
export const DrillPlanParams = z.object({ id: z.string().regex(/^drp_[0-9a-z]{26}$/) });

type Refusal =
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'TARGET_UNKNOWN'
  | 'AGENT_ENDED'
  | 'ALREADY_STOPPED'
  | 'NOT_CONFIRMED'
  | 'NO_WINDOW'
  | 'ALREADY_PLANNED'
  | 'ALREADY_ENDED'
  | 'UNDER_WAY';

/** One table from a refused drill, or plan of drills, to its problem. */
const refusals: Record<Refusal, { code: ProblemCode; text: string }> = {
  NOT_ALLOWED: { code: 'FORBIDDEN', text: 'Drills are for a leader or security. Nothing was stopped or planned; ask one of them.' },
  NOT_FOUND: { code: 'NOT_FOUND', text: 'There is no such drill, or plan of drills.' },
  TARGET_UNKNOWN: {
    code: 'NOT_FOUND',
    text: 'There is no such agent or process, so nothing was stopped or planned. Choose it from the list.',
  },
  AGENT_ENDED: { code: 'CONFLICT', text: 'This agent is at its end, so a drill of it would show nothing. Choose another.' },
  ALREADY_STOPPED: {
    code: 'CONFLICT',
    text: 'This agent is stopped now, so nothing can be practised with it. Choose another, or wait until the stop is lifted.',
  },
  NOT_CONFIRMED: {
    code: 'UNPROCESSABLE',
    text: 'This agent is in service: a drill really stops it, for some seconds. Say that you know, or choose the drill agent. Nothing was stopped.',
  },
  NO_WINDOW: {
    code: 'UNPROCESSABLE',
    text: 'This agent is in service and really stops. Say in which hours of the day it may. Nothing was planned.',
  },
  ALREADY_PLANNED: { code: 'CONFLICT', text: 'Drills of this agent are planned already. End that plan first, then plan them anew.' },
  ALREADY_ENDED: { code: 'CONFLICT', text: 'Somebody ended this plan first. Nothing was changed; load the page again.' },
  UNDER_WAY: { code: 'CONFLICT', text: 'A drill of this agent is under way. Wait until it is over; it takes 30 seconds at most.' },
};

/** refusedDrill is the problem of a drill, or of a plan of drills, that was refused. */
export function refusedDrill(refusal: Refusal): Refused {
  const { code, text } = refusals[refusal];
  return new Refused(code, text);
}
