import { cancelApprovalsOfAgent, cancelApprovalsOfPerson } from '@/lib/approvals/service/cancel';
import { releaseFindings } from '@/lib/findings/service/release';
import { revokeWithAgent } from '@/lib/identity/service';
import type { EventKind } from '@/lib/ledger/schema';
import type { Reaction } from '@/lib/ledger/service';
import { closeRequestsOfAgent, closeRequestsOfPerson } from '@/lib/lifecycle/service/change-requests/close';
import { applySuccession, settleOrphans, welcomeBack } from '@/lib/lifecycle/service/succession';
import { giveTemplate, moveToNewOwner } from '@/lib/raci/service';
import { followOwner, voidReviewsOfAgent, voidReviewsOfPolicy } from '@/lib/reviews/service/reactions';

/**
 * What an event of an earlier feature causes in a later one, in the same transaction: the one place where features are joined against their order.
 * What need not share the commit follows the ledger by cursor instead.
 */
export const reactions: Partial<Record<EventKind, readonly Reaction[]>> = {
  'process.created': [giveTemplate],
  'process.changed': [moveToNewOwner, settleOrphans],
  'raci.changed': [settleOrphans],
  'agent.changed': [settleOrphans, followOwner],
  'ownership.reassigned': [settleOrphans, followOwner],
  'ownership.restored': [followOwner],
  'user.changed': [welcomeBack],
  // Cancelling approvals holds the order lock to the commit, so it stays the last.
  'user.deactivated': [closeRequestsOfPerson, applySuccession, releaseFindings, cancelApprovalsOfPerson],
  'agent.reopened': [closeRequestsOfAgent],
  'agent.decommissioned': [revokeWithAgent, closeRequestsOfAgent, voidReviewsOfAgent, settleOrphans, cancelApprovalsOfAgent],
  'policy.retired': [voidReviewsOfPolicy],
};
