'use client';

import { Section } from '@/components/text/facts';
import { useNow } from '@/components/text/now';
import { clockTime, exactTime, timeLeft } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import type { Undoing } from '@/lib/check/reading/schema';

/** Undo says until when an action can be undone, and by which action type. */
export function Undo({ undoing: { until, by } }: { undoing: Undoing }) {
  const now = useNow();
  const left = now === null ? null : Date.parse(until) - now;
  const how =
    by === null ? (
      ''
    ) : (
      <>
        {' '}
        by <Verbatim text={by} className="font-mono text-[13px]" />
      </>
    );
  return (
    <Section title="Undoing it">
      <p data-undo={left !== null && left <= 0 ? 'over' : 'open'}>
        {now === null || left === null ? (
          <>
            Until {until.replace('T', ' ').slice(0, 19)} UTC this can be undone{how}.
          </>
        ) : left > 0 ? (
          <>
            Until <time dateTime={until}>{clockTime(until, now)}</time> (<span className="tabular">{timeLeft(left)}</span> left) this can be
            undone
            {how}.
          </>
        ) : (
          <>
            This could be undone{how} until <time dateTime={until}>{exactTime(until)}</time>. That time is over.
          </>
        )}
      </p>
    </Section>
  );
}
