import { cancelApprovalsOfAgent, cancelApprovalsOfPerson } from '@/lib/approvals/service/cancel';
import { revokeWithAgent } from '@/lib/identity/service';
import type { EventKind } from '@/lib/ledger/schema';
import type { Reaction } from '@/lib/ledger/service';
import { giveTemplate, moveToNewOwner } from '@/lib/raci/service';

/**
 * What an event of an earlier feature causes in a later one, in the same transaction: the one place where features are joined against their order.
 * What need not share the commit follows the ledger by cursor instead.
 */
export const reactions: Partial<Record<EventKind, readonly Reaction[]>> = {
  'process.created': [giveTemplate],
  'process.changed': [moveToNewOwner],
  'user.deactivated': [cancelApprovalsOfPerson],
  'agent.decommissioned': [revokeWithAgent, cancelApprovalsOfAgent],
};
