import { samePerson } from '@/lib/people/domain';
import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { Resumption } from '../schema';

type Person = { personId: string; roles: readonly Role[]; status: 'active' | 'deactivated' };

export type SignRefusal = 'NOT_ALLOWED' | 'ALREADY_RESUMED' | 'SAME_PERSON' | 'ASKER_GONE' | 'OPERATOR_TWICE';

/**
 * whyNotResume says why gateways stay locked: it takes two people, whatever accounts they use, and whoever asked must still be one who may. At the
 * command line nobody signs in, so one of the two words comes from the console. `signed` tells whether some resumption of the same checkpoint was signed
 * before.
 */
export function whyNotResume(
  resumption: Pick<Resumption, 'signedAt' | 'askedAsOperator'>,
  signed: boolean,
  asker: Person | undefined,
  signer: (Person & { asOperator: boolean }) | undefined,
): SignRefusal | undefined {
  if (!signer || !may(signer, 'ledger:resume')) return 'NOT_ALLOWED';
  if (signed || resumption.signedAt !== null) return 'ALREADY_RESUMED';
  if (asker && samePerson(asker, signer)) return 'SAME_PERSON';
  if (asker?.status !== 'active' || !may(asker, 'ledger:resume')) return 'ASKER_GONE';
  if (resumption.askedAsOperator && signer.asOperator) return 'OPERATOR_TWICE';
  return undefined;
}
