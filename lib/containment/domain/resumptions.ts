import { samePerson } from '@/lib/people/domain';
import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { Resumption } from '../schema';

type Person = { personId: string; roles: readonly Role[]; status: 'active' | 'deactivated' };

export type SignRefusal = 'NOT_ALLOWED' | 'ALREADY_RESUMED' | 'SAME_PERSON' | 'ASKER_GONE';

/**
 * whyNotResume says why gateways stay locked: it takes two people, whatever accounts they use, and whoever asked must still be one who may. `signed` tells
 * whether some resumption of the same checkpoint was signed before.
 */
export function whyNotResume(
  resumption: Pick<Resumption, 'signedAt'>,
  signed: boolean,
  asker: Person | undefined,
  signer: Person | undefined,
): SignRefusal | undefined {
  if (!signer || !may(signer, 'ledger:resume')) return 'NOT_ALLOWED';
  if (signed || resumption.signedAt !== null) return 'ALREADY_RESUMED';
  if (asker && samePerson(asker, signer)) return 'SAME_PERSON';
  if (asker?.status !== 'active' || !may(asker, 'ledger:resume')) return 'ASKER_GONE';
  return undefined;
}
