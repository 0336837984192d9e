import Link from 'next/link';
import { Fragment } from 'react';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { VerdictMark } from '@/components/text/verdict';
import type { Entry } from '@/lib/ledger/reading/schema';

/** Related lists the other events of the same approval, oldest first. */
export function Related({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <Section title="The same approval">
      <ol className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {entries.map((entry) => (
          <Fragment key={entry.seq}>
            <li className="contents">
              <span>
                <Link
                  href={`/ledger/${entry.kind === 'decision.made' ? entry.eventId : entry.seq}`}
                  className="text-accent underline-offset-2 hover:underline"
                >
                  {entry.verdict === null ? entry.kind.replaceAll(/[._]/g, ' ') : <VerdictMark verdict={entry.verdict} tier={entry.tier} />}
                </Link>
              </span>
              <span className="text-ink-2">
                <Exact at={entry.at} />
              </span>
            </li>
          </Fragment>
        ))}
      </ol>
    </Section>
  );
}
