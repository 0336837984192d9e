import Link from 'next/link';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { VerdictMark } from '@/components/text/verdict';
import { classNames } from '@/components/ui/class-names';
import { link } from '@/components/ui/link';
import type { ToldEntry } from '@/lib/check/reading/schema';

/** Related lists the other events of the same approval, oldest first. */
export function Related({ entries }: { entries: readonly ToldEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <Section title="The same approval">
      <ol className="flex flex-col gap-1 text-sm">
        {entries.map((entry) => (
          <li key={entry.seq} className="flex flex-wrap justify-between gap-x-4">
            <Link href={`/ledger/${entry.kind === 'decision.made' ? entry.eventId : entry.seq}`} className={classNames('min-w-0', link)}>
              {entry.verdict === null ? <Verbatim text={entry.words} /> : <VerdictMark verdict={entry.verdict} tier={entry.tier} />}
            </Link>
            <span className="text-ink-2">
              <Exact at={entry.at} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
