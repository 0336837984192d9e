import { classNames } from '@/components/ui/class-names';
import type { ApprovalState } from '@/lib/approvals/schema';

const states: Record<ApprovalState, { shape: string; word: string; colour: string }> = {
  waiting: { shape: '◷', word: 'Waiting', colour: 'text-tier-3' },
  approved: { shape: '✓', word: 'Approved', colour: 'text-tier-1' },
  used: { shape: '●', word: 'Approved and used', colour: 'text-tier-1' },
  unused: { shape: '○', word: 'Approved, never used', colour: 'text-ink-2' },
  rejected: { shape: '✕', word: 'Rejected', colour: 'text-danger' },
  cancelled: { shape: '○', word: 'Cancelled', colour: 'text-ink-2' },
  expired: { shape: '✕', word: 'Refused by deadline', colour: 'text-danger' },
};

/** StateMark is a request's state as shape and word. */
export function StateMark({ state }: { state: ApprovalState }) {
  const { shape, word, colour } = states[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classNames('inline-block w-4 text-center', colour)}>
        {shape}
      </span>
      {word}
    </span>
  );
}
