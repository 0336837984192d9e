import Link from 'next/link';
import { Exact } from '@/components/text/time';
import { groupThousands } from '@/lib/kernel/money';
import type { ReportedOutcome } from '@/lib/check/reading/schema';

const words: Record<ReportedOutcome['status'], string> = {
  succeeded: 'It succeeded',
  failed: 'It failed',
  partial: 'Only part of it was done',
  ambiguous: 'Nobody knows whether it was done',
};

/** Reported says what the agent reported of an action, and what that cost. */
export function Reported({ outcome }: { outcome: ReportedOutcome }) {
  const cost = [
    ...(outcome.tokens === null ? [] : [`${groupThousands(String(outcome.tokens))} tokens`]),
    ...(outcome.costUsd === null ? [] : [`${Number(outcome.costUsd)} USD`]),
  ];
  return (
    <p className="max-w-[72ch]" data-outcome={outcome.status}>
      {words[outcome.status]}
      {outcome.settledBy === null ? ', as the agent reported' : `, as ${outcome.settledBy.name} settled`} (
      <Link href={`/ledger/${outcome.eventId}`} className="text-accent underline-offset-2 hover:underline">
        <Exact at={outcome.reportedAt} />
      </Link>
      ).{cost.length === 0 ? '' : ` It took ${cost.join(' and ')}.`}
    </p>
  );
}
