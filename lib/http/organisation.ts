import { z } from 'zod';
import type { Problem, ProblemCode } from '@/lib/kernel/problem';
import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { Refused } from './answers';

export const ClaimAnswer = z.object({ email: z.string() });
/** Where the browser goes on once the sample is gone. */
export const LeaveAnswer = z.object({ welcome: z.string() });

type Saying = { code: ProblemCode; detail: string; errors?: NonNullable<Problem['errors']> };

/** One table from a refusal of the organisation's services to its problem. */
const sayings = {
  NOT_FOUND: { code: 'NOT_FOUND', detail: 'There is nothing here that you may see.' },
  TOKEN_WRONG: {
    code: 'FORBIDDEN',
    detail: 'This is not the token of this installation. "npm start" prints it in the terminal; a new start makes a new one.',
    errors: [{ pointer: '/token', detail: 'is not the one in the terminal' }],
  },
  NOT_ALLOWED: { code: 'FORBIDDEN', detail: 'Only an active administrator may do this. Nothing was changed.' },
  EMAIL_TAKEN: { code: 'CONFLICT', detail: 'Somebody here has this e-mail already. Nothing was changed.' },
  OWN_ROLES: { code: 'FORBIDDEN', detail: 'Nobody gives roles to themselves. Nothing was changed.' },
  NOT_A_SAMPLE: { code: 'CONFLICT', detail: 'This is no sample organisation, so there is nothing to leave. Nothing was changed.' },
  LEAVING_ALREADY: { code: 'CONFLICT', detail: 'Somebody has asked for this already: the sample is being left.' },
} as const satisfies Record<string, Saying>;

/** refusedOrganisation puts a refusal of the organisation's services into words. */
export function refusedOrganisation({ code: refusal }: { code: keyof typeof sayings }): Refused {
  const { code, detail, errors }: Saying = sayings[refusal];
  return new Refused(code, detail, errors);
}

/** viewerMayLeave tells whether whoever looks at a sample may leave it. */
export const viewerMayLeave = (person: Pick<User, 'roles'>): boolean => may(person, 'organisation:manage');
