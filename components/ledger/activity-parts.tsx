import Link from 'next/link';
import { duration, within } from '@/components/text/duration';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { dimensionWord, VerdictMark } from '@/components/text/verdict';
import { link } from '@/components/ui/link';
import type { Activity } from '@/lib/check/reading/schema';
import { groupThousands } from '@/lib/kernel/money';
import { Count } from './activity-actions';
import type { ActivityLinks } from './activity-links';
import { costWord, countWord, moneyWord } from './activity-words';

type Part = { activity: Activity; links: ActivityLinks };

/** Waits says why actions waited, most often first, and how long people took. */
export function Waits({ activity, links }: Part) {
  const { total, waits } = activity;
  if (total.asked === 0) return null;
  return (
    <Section
      title="Why they waited"
      aside={
        total.secondsMedian === null || total.secondsP95 === null
          ? undefined
          : `half were decided within ${within(total.secondsMedian)}, 95 of 100 within ${within(total.secondsP95)}`
      }
    >
      <ul className="flex flex-col divide-y divide-line">
        {waits.map((wait) => (
          <li key={`${wait.action} ${wait.deciding.join(' ')}`} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-3 py-1.5">
            <span className="text-right">
              <Count count={wait.count} href={links.ledger({ action: wait.action, verdict: 'approval_required' })} />
            </span>
            <span>
              <Verbatim text={wait.text === '' ? wait.title : wait.text} />
              <span className="block text-sm text-ink-2">
                <Verbatim text={wait.title} />
                {wait.deciding.length === 0 ? '' : ` · ${wait.deciding.map(dimensionWord).join(', ')}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Stops lists what was halted or denied. */
export function Stops({ activity, links }: Part) {
  if (activity.stops.length === 0) return null;
  return (
    <Section title="What was halted or denied">
      <ul className="flex flex-col divide-y divide-line">
        {activity.stops.map((stop) => (
          <li key={`${stop.action} ${stop.verdict}`} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-3 py-1.5">
            <span className="text-right">
              <Count count={stop.count} href={links.ledger({ action: stop.action, verdict: stop.verdict })} />
            </span>
            <span>
              <VerdictMark verdict={stop.verdict} tier={stop.verdict === 'halt' ? 4 : null} />{' '}
              <Verbatim text={stop.title} className="font-medium" />
              <Link
                href={`/ledger/${stop.newest}`}
                prefetch={false}
                className="block text-sm text-ink-2 underline-offset-2 hover:underline"
              >
                The last one: <Verbatim text={stop.text} />
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Biggest lists the actions that moved the most money. */
export function Biggest({ activity }: Pick<Part, 'activity'>) {
  if (activity.biggest.length === 0) return null;
  return (
    <Section title="The biggest amounts">
      <ul className="flex flex-col divide-y divide-line">
        {activity.biggest.map((one) => (
          <li key={one.decisionId} className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 py-1.5 max-sm:grid-cols-1">
            <span className="tabular font-medium sm:text-right">{moneyWord(one.money, activity.currency)}</span>
            <span className="min-w-0">
              <Link href={`/ledger/${one.decisionId}`} prefetch={false} className={link}>
                <Verbatim text={one.sentence} />
              </Link>
              <span className="block text-sm text-ink-2">
                {one.signed ? 'with a signature' : one.verdict === 'allow_reversible' ? 'under supervision' : 'alone'} · <Ago at={one.at} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Deciders lists who decided, how often and how fast. */
export function Deciders({ activity }: Pick<Part, 'activity'>) {
  if (activity.deciders.length === 0) return null;
  return (
    <Section title="Who decided">
      <ul className="flex flex-col gap-1">
        {activity.deciders.map(({ person, approved, rejected, secondsMedian }) => (
          <li key={person.id}>
            {person.name}{' '}
            <span className="tabular text-ink-2">
              approved {countWord(approved)}, rejected {countWord(rejected)}
              {secondsMedian === null ? '' : `, median ${duration(secondsMedian)}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Outcomes says what was reported of what went ahead, and what it cost. */
export function Outcomes({ activity: { outcomes }, links }: Part) {
  const all = outcomes.reported + outcomes.missing;
  if (all === 0) return null;
  const reported = (['succeeded', 'failed', 'partial', 'ambiguous'] as const).filter((status) => outcomes[status] > 0);
  return (
    <Section title="What came of it, and what it cost">
      <Facts>
        <Fact name="Went ahead">
          <span className="tabular">{countWord(all)}</span>
        </Fact>
        <Fact name="Reported">
          <span className="tabular">
            {countWord(outcomes.reported)} of {countWord(all)}
            {reported.length === 0 ? '' : `: ${reported.map((status) => `${countWord(outcomes[status])} ${status}`).join(', ')}`}
          </span>
          {outcomes.missing === 0 ? null : (
            <span className="block text-sm text-ink-2">
              <Link href={links.missing} className={link}>
                {countWord(outcomes.missing)} went ahead and nothing was reported
              </Link>
            </span>
          )}
        </Fact>
        <Fact name="Tokens">
          {outcomes.tokens === '0' ? <span className="text-ink-2">none reported</span> : groupThousands(outcomes.tokens)}
        </Fact>
        <Fact name="Cost">
          {outcomes.costed === 0 ? (
            <span className="text-ink-2">none reported</span>
          ) : (
            <span className="tabular">
              {costWord(outcomes.costUsd)} <span className="text-ink-2">as reported for {countWord(outcomes.costed)}</span>
            </span>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}
