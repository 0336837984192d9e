import { Mark, type MarkLook } from '@/components/text/mark';
import type { ApprovalState } from '@/lib/approvals/schema';

const states: Record<ApprovalState, MarkLook> = {
  waiting: { shape: '◷', word: 'Waiting', colour: 'text-tier-3' },
  approved: { shape: '✓', word: 'Approved', colour: 'text-tier-1' },
  used: { shape: '●', word: 'Approved and used', colour: 'text-tier-1' },
  unused: { shape: '○', word: 'Approved, never used', colour: 'text-ink-2' },
  rejected: { shape: '✕', word: 'Rejected', colour: 'text-danger' },
  cancelled: { shape: '○', word: 'Cancelled', colour: 'text-ink-2' },
  expired: { shape: '✕', word: 'Refused by deadline', colour: 'text-danger' },
};

/** StateMark is a request's state as shape and word. */
export const StateMark = ({ state }: { state: ApprovalState }) => <Mark {...states[state]} />;
