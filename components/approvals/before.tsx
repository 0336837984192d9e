import Link from 'next/link';
import { Section } from '@/components/text/facts';
import { duration } from '@/components/text/duration';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { VerdictMark } from '@/components/text/verdict';
import { link } from '@/components/ui/link';
import type { ApprovalCard } from '@/lib/check/reading/schema';
import { StateMark } from './state';

/** Alike says how the last requests of the same kind by the same agent ended, with who decided. */
export function Alike({ card }: { card: ApprovalCard }) {
  const { rows, approved, rejected, expired, cancelled, secondsMedian } = card.alike;
  const list = `/approvals?${new URLSearchParams({ tab: 'decided', agent: card.agent.id, action: card.action }).toString()}`;
  const counts = [
    `${approved} approved`,
    `${rejected} rejected`,
    ...(expired > 0 ? [`${expired} ran out of time`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  return (
    <Section
      title={rows.length === 0 ? 'Ones like it' : rows.length === 1 ? 'The last one like it' : `The last ${rows.length} like it`}
      aside={
        rows.length === 0 ? undefined : (
          <Link href={list} className={link}>
            all of them
          </Link>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="text-ink-2">This is the first time that this agent asks for this.</p>
      ) : (
        <>
          <p data-alike>
            {counts.join(', ')}
            {secondsMedian === null ? '' : `; median time to decide ${duration(secondsMedian)}`}.
          </p>
          <ul className="mt-2 grid grid-cols-[max-content_minmax(0,1fr)_max-content] gap-x-4 gap-y-1 text-sm">
            {rows.map((row) => (
              <li key={row.id} className="contents">
                <Link href={`/approvals/${row.id}`} className={link} prefetch={false}>
                  <StateMark state={row.state} />
                </Link>
                <span className="truncate text-ink-2">{row.decidedBy?.name ?? ''}</span>
                <Ago at={row.decidedAt ?? row.requestedAt} className="text-right text-ink-2" />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

/** Earlier lists what the agent did just before, as the ledger has it. */
export function Earlier({ card }: { card: ApprovalCard }) {
  const all = `/ledger?agent=${encodeURIComponent(card.agent.id)}`;
  return (
    <Section
      title="What this agent did just before"
      aside={
        <Link href={all} className={link}>
          all it did
        </Link>
      }
    >
      {card.earlier.length === 0 ? (
        <p className="text-ink-2">Nothing: this is the first thing it asked for.</p>
      ) : (
        <ul className="flex flex-col gap-1.5 text-sm" data-earlier>
          {card.earlier.map((action) => (
            <li
              key={action.decisionId}
              className="grid grid-cols-[minmax(0,1fr)_max-content] gap-x-4 sm:grid-cols-[110px_minmax(0,1fr)_max-content]"
            >
              <VerdictMark verdict={action.verdict} tier={action.tier} className="max-sm:col-span-full" />
              <Link href={`/ledger/${action.decisionId}`} className={link} prefetch={false}>
                <Verbatim text={action.sentence} />
              </Link>
              <Ago at={action.at} className="text-right text-ink-2" />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
