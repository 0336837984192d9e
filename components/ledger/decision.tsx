import Link from 'next/link';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { dimensionWord, TierMark, VerdictMark, type VerdictName } from '@/components/text/verdict';
import { amountOf, undoingOf } from '@/lib/approvals/domain/wording';
import type { DecisionView } from '@/lib/check/reading/schema';
import { Arguments } from './arguments';
import { Reasons } from './reasons';
import { Related } from './related';
import { Risk } from './risk';
import { RowFacts } from './row-facts';
import { Said } from './said';

const link = 'text-accent underline-offset-2 hover:underline';

const outcomes: Record<VerdictName, string> = {
  allow: 'The agent could act.',
  allow_reversible: 'The agent could act, and undertook to report what came of it.',
  approval_required: 'The agent had to wait for a person.',
  halt: 'The agent had to stop, and with it everything in this workflow.',
  deny: 'The agent could not act.',
};

/** Decision is one answer of the gateway with all that led to it. */
export function Decision({ view }: { view: DecisionView }) {
  const { payload, row } = view;
  const approval = payload.used_approval ?? payload.approval;
  const amount = amountOf(payload.risk);
  return (
    <article className="mx-auto max-w-[960px] px-4 pt-4 pb-8 md:px-6" data-event={payload.id}>
      <p className="mb-3 text-sm">
        <Link href="/ledger" className={link}>
          Ledger
        </Link>
      </p>
      <header className="pb-4">
        <h1 className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <VerdictMark verdict={payload.verdict} tier={payload.tier} />
          <Verbatim text={payload.action} className="min-w-0 font-mono text-lg" />
          {amount === null ? null : <span className="tabular">{amount}</span>}
        </h1>
        <p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-sm text-ink-2">
          <TierMark tier={payload.tier} />
          <span>{outcomes[payload.verdict]}</span>
          <Exact at={row.at} />
        </p>
      </header>
      <Section title="Why" aside={payload.deciding.length > 0 ? `decided by ${payload.deciding.map(dimensionWord).join(', ')}` : undefined}>
        <Reasons reasons={view.reasons} deciding={payload.deciding} />
        {payload.policies.length === 0 ? null : (
          <p className="mt-3 text-sm text-ink-2">
            Policies that had a say:{' '}
            {payload.policies.map(({ id, version }, i) => (
              <span key={`${id} ${version}`}>
                {i > 0 ? ', ' : ''}
                <code className="text-xs">{id}</code> v{version}
              </span>
            ))}{' '}
            · policy epoch <span className="tabular">{payload.epoch}</span>
          </p>
        )}
      </Section>
      <Section title="Exactly what it asked for">
        <Arguments shown={view.arguments} />
      </Section>
      {payload.risk === null ? null : (
        <Section title="Risk, as read from the arguments">
          <Risk risk={payload.risk} />
          <p className="mt-2 text-sm text-ink-2">{undoingOf(view.classification)}</p>
        </Section>
      )}
      <Section title="Who">
        <Facts>
          <Fact name="Agent">
            <Link href={`/ledger?agent=${encodeURIComponent(payload.agent)}`} className={link}>
              {view.agent.name}
            </Link>
          </Fact>
          <Fact name="Accountable">{view.owner.name}</Fact>
          <Fact name="Process">{view.process.name}</Fact>
          <Fact name="Workflow">
            <Link href={`/ledger?workflow=${encodeURIComponent(payload.workflow)}`} className={link}>
              <code className="text-xs">{payload.workflow}</code>
            </Link>
          </Fact>
          {payload.task === undefined ? null : (
            <Fact name="Task">
              <Verbatim text={payload.task} />
            </Fact>
          )}
          <Fact name="Credential">
            <code className="text-xs">{payload.credential}</code>
          </Fact>
          {approval === undefined ? null : (
            <Fact name={payload.used_approval === undefined ? 'Asked for' : 'Used'}>
              <Link href={`/approvals/${approval}`} className={link}>
                this approval
              </Link>
            </Fact>
          )}
        </Facts>
      </Section>
      {view.said === null ? null : (
        <Section title="What the agent says">
          <Said said={view.said} />
        </Section>
      )}
      <Related entries={view.related} />
      <RowFacts row={row} />
    </article>
  );
}
