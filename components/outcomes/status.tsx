import { classNames } from '@/components/ui/class-names';
import type { OutcomeStatus } from '@/lib/outcomes/schema';

const marks: Record<OutcomeStatus, { shape: string; word: string; colour: string }> = {
  succeeded: { shape: '●', word: 'Succeeded', colour: 'text-tier-1' },
  failed: { shape: '✕', word: 'Failed', colour: 'text-danger' },
  partial: { shape: '◐', word: 'Partly done', colour: 'text-tier-3' },
  ambiguous: { shape: '?', word: 'Nobody knows', colour: 'text-tier-3' },
};

/** What each final outcome means, for whoever has to choose one. */
export const settleChoices = [
  { value: 'succeeded', label: 'It was done', hint: 'All of it took effect, once.' },
  { value: 'failed', label: 'It was not done', hint: 'Nothing took effect, so trying again is safe.' },
  { value: 'partial', label: 'Part of it was done', hint: 'Say below which part; a retry would do that part twice.' },
] as const;

/** OutcomeMark is an outcome as shape and word. */
export function OutcomeMark({ status }: { status: OutcomeStatus }) {
  const { shape, word, colour } = marks[status];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" data-outcome={status}>
      <span aria-hidden className={classNames('inline-block w-4 text-center font-semibold', colour)}>
        {shape}
      </span>
      {word}
    </span>
  );
}
