'use client';

import { classNames } from '@/components/ui/class-names';
import { useLive, type LiveState } from './provider';

const words: Record<LiveState, { word: string; title: string; dot: string }> = {
  connecting: { word: 'connecting', title: 'Waiting for the first word from the server', dot: 'border border-ink-2' },
  live: { word: 'live', title: 'What you see is current', dot: 'bg-live' },
  behind: {
    word: 'behind',
    title: 'New rows are committed faster than the list takes them in, or the jobs process is not running',
    dot: 'border-2 border-tier-3',
  },
  stale: {
    word: 'stale',
    title: 'The server cannot be reached, or cannot read the ledger: what you see may be old',
    dot: 'border-2 border-danger',
  },
};

/** LiveDot tells whether the page follows the ledger. */
export function LiveDot() {
  const { state, head } = useLive();
  const { word, title, dot } = words[state];
  return (
    <span
      role="status"
      title={title}
      data-live={state}
      className={classNames('inline-flex items-center gap-1.5 text-sm text-ink-2', state === 'stale' && 'text-danger')}
    >
      <span aria-hidden className={classNames('inline-block size-2 rounded-full', dot)} />
      {word}
      {state === 'behind' && head ? ` ${head.behind}` : ''}
    </span>
  );
}
