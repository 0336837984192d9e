import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Section } from '@/components/text/facts';
import { link } from '@/components/ui/link';
import type { FindingItem } from '@/lib/findings/schema';
import { findingHref, findingsHref } from './address';
import { SeverityWord } from './severity';

/** OfAgent lists what is open or put off about one agent, worst first; nothing when there is none. */
export function OfAgent({ agent, findings }: { agent: string; findings: readonly FindingItem[] }) {
  if (findings.length === 0) return null;
  return (
    <Section
      title="Findings"
      aside={
        <Link href={findingsHref({ subject: agent })} className={link}>
          All findings about it
        </Link>
      }
    >
      <ul className="flex flex-col gap-2" data-findings>
        {findings.map((item) => (
          <li key={item.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
            <SeverityWord severity={item.severity} />
            <Link href={findingHref(item.id)} prefetch={false} className={link}>
              <Verbatim text={item.sentence} />
            </Link>
            <span className="text-sm text-ink-2">
              {item.status === 'snoozed' ? (
                `put off until ${item.snoozedUntil?.slice(0, 10) ?? ''}`
              ) : (
                <>
                  since <Ago at={item.openedAt} />
                </>
              )}
              {item.assignedTo === null ? '' : `, with ${item.assignedTo.name}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
