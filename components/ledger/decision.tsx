import Link from 'next/link';
import type { ReactNode } from 'react';
import { HaltSection } from '@/components/containment/halt';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { dimensionWord, TierMark, VerdictMark, type VerdictName } from '@/components/text/verdict';
import { link } from '@/components/ui/link';
import { Up } from '@/components/ui/page';
import { amountOf, undoingOf } from '@/lib/approvals/domain/wording';
import type { DecisionView } from '@/lib/check/reading/schema';
import { Arguments } from './arguments';
import { Reasons } from './reasons';
import { Related } from './related';
import { Risk } from './risk';
import { RowFacts } from './row-facts';
import { Said } from './said';
import { Undo } from './undo';

const outcomes: Record<VerdictName, string> = {
  allow: 'The agent could act.',
  allow_reversible: 'The agent could act, and undertook to report what came of it.',
  approval_required: 'The agent had to wait for a person.',
  halt: 'The agent had to stop, and with it everything in this workflow.',
  deny: 'The agent could not act.',
};

type Props = {
  view: DecisionView;
  /** What came of it; null when nothing went ahead. */
  outcome: ReactNode;
  /** The link above it: to the ledger, unless it stands in a panel. */
  up?: ReactNode;
};

/** Decision is one answer of the gateway with all that led to it. */
export function Decision({ view, outcome, up }: Props) {
  const { payload, row } = view;
  const amount = amountOf(payload.risk);
  return (
    <article className="mx-auto max-w-[1440px] px-4 pt-4 pb-8 *:max-w-[880px] md:px-6" data-event={payload.id}>
      {up ?? <Up href="/ledger" label="Ledger" />}
      <header className="pb-4">
        <h1 className="max-w-[60ch]">
          <Verbatim text={view.sentence} />
        </h1>
        <p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-sm text-ink-2">
          <VerdictMark verdict={payload.verdict} tier={payload.tier} className="text-ink" />
          <TierMark tier={payload.tier} />
          {amount === null ? null : <span className="tabular font-medium text-ink">{amount}</span>}
          <Verbatim text={payload.action} className="font-mono text-[13px]" />
          <Exact at={row.at} />
        </p>
        <p className="mt-1 text-sm text-ink-2">{outcomes[payload.verdict]}</p>
      </header>
      {view.halt === null ? null : <HaltSection halt={view.halt} shown={view.arguments} sentence={view.sentence} />}
      {view.undoing === null ? null : <Undo undoing={view.undoing} />}
      {outcome === null ? null : <Section title="What came of it">{outcome}</Section>}
      <Section title="Why" aside={payload.deciding.length > 0 ? `decided by ${payload.deciding.map(dimensionWord).join(', ')}` : undefined}>
        <Reasons reasons={view.reasons} deciding={payload.deciding} />
        <Policies payload={payload} />
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
      <Who view={view} />
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

function Policies({ payload: { policies, epoch } }: Pick<DecisionView, 'payload'>) {
  if (policies.length === 0) return null;
  return (
    <p className="mt-3 text-sm text-ink-2">
      Policies that had a say:{' '}
      {policies.map(({ id, version }, i) => (
        <span key={`${id} ${version}`}>
          {i > 0 ? ', ' : ''}
          <Link href={`/policy/${id}`} className={link}>
            <code className="text-xs">{id}</code> v{version}
          </Link>
        </span>
      ))}{' '}
      · policy epoch <span className="tabular">{epoch}</span>
    </p>
  );
}

function Who({ view }: { view: DecisionView }) {
  const { payload } = view;
  const approval = payload.used_approval ?? payload.approval;
  const { execution, escalation } = view.accountable;
  return (
    <Section title="Who">
      <Facts>
        <Fact name="Agent">
          <Link href={`/registry/agents/${encodeURIComponent(payload.agent)}`} className={link}>
            {view.agent.name}
          </Link>
        </Fact>
        <Fact name="Accountable">
          {execution.name}
          {execution.id === escalation.id ? null : (
            <span className="text-ink-2"> for the action, {escalation.name} for its escalation</span>
          )}
        </Fact>
        <Fact name="Process">
          <Link href={`/raci/${encodeURIComponent(payload.process)}`} className={link}>
            {view.process.name}
          </Link>
        </Fact>
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
  );
}
