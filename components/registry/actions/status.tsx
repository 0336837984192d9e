import { classNames } from '@/components/ui/class-names';
import type { ClassificationStatus } from '@/lib/registry/schema';

const statuses = {
  unset: { shape: '◇', word: 'Not classified', colour: 'text-tier-3' },
  approved: { shape: '●', word: 'Classified', colour: 'text-tier-1' },
  disabled: { shape: '✕', word: 'Disabled', colour: 'text-danger' },
} as const satisfies Record<ClassificationStatus, { shape: string; word: string; colour: string }>;

export const statusWords: Record<ClassificationStatus, string> = {
  unset: statuses.unset.word,
  approved: statuses.approved.word,
  disabled: statuses.disabled.word,
};

/** StatusMark is shape, colour and word of where an action type stands. */
export function StatusMark({ status }: { status: ClassificationStatus }) {
  const { shape, word, colour } = statuses[status];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" data-status={status}>
      <span aria-hidden className={classNames('inline-block w-4 text-center text-[15px] leading-none', colour)}>
        {shape}
      </span>
      {word}
    </span>
  );
}

/** countText writes a number of calls, with a plus where counting stopped. */
export const countText = (count: number, most: number): string => `${new Intl.NumberFormat('en').format(count)}${count >= most ? '+' : ''}`;
