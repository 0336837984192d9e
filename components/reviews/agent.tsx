import Link from 'next/link';
import type { ReactNode } from 'react';
import { ledgerQuery } from '@/components/ledger/address';
import { outcomesQuery } from '@/components/outcomes/address';
import { agentHref } from '@/components/registry/agents/address';
import { riskLabels } from '@/components/registry/agents/words';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { classNames } from '@/components/ui/class-names';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import { RiskCategory } from '@/lib/registry/schema';
import { missingDays, usageDays, type Numbers, type PermissionUse, type ReviewedAgent } from '@/lib/reviews/reading/schema';

type Shown = { id: string; agent: ReviewedAgent };

/** AgentRecord is what the agent is for and who stands for it. */
export function AgentRecord({ id, agent }: Shown) {
  const risk = RiskCategory.safeParse(agent.riskCategory);
  return (
    <Section
      title="What it is"
      aside={
        <Link href={agentHref(id)} className={link}>
          Its whole record
        </Link>
      }
    >
      <Facts>
        <Fact name="Purpose">
          <Verbatim text={agent.purpose} multiline className="block max-w-[72ch]" />
        </Fact>
        <Fact name="Owner">
          <Person person={agent.owner} />
        </Fact>
        <Fact name="Sponsor">
          <Person person={agent.sponsor} />
        </Fact>
        <Fact name="Technical owner">
          <Person person={agent.technicalOwner} />
        </Fact>
        <Fact name="Risk">{risk.success ? riskLabels[risk.data] : agent.riskCategory}</Fact>
        <Fact name="Active since">{agent.activatedAt === null ? 'Not yet' : <Ago at={agent.activatedAt} />}</Fact>
        <Fact name="Last seen">
          {agent.lastSeenAt === null ? <span className="text-danger">Never</span> : <Ago at={agent.lastSeenAt} />}
        </Fact>
      </Facts>
    </Section>
  );
}

function Person({ person }: { person: ReviewedAgent['sponsor'] }) {
  if (person === null) return <span className="text-ink-2">Nobody</span>;
  return person.active ? person.name : <span className="text-danger">{person.name}, no longer here</span>;
}

const columns = (id: string, from: string): Column<PermissionUse>[] => [
  {
    key: 'action',
    title: 'It may ask for',
    cell: ({ action, title }) => (
      <>
        <Verbatim text={title} className="font-medium" />
        <code className="block text-xs break-all text-ink-2">{action}</code>
      </>
    ),
  },
  {
    key: 'uses',
    title: `Asked in ${usageDays} days`,
    align: 'right',
    className: 'tabular',
    cell: ({ action, uses }) =>
      uses === 0 ? (
        <span className="font-medium text-tier-3">Never</span>
      ) : (
        <Link href={`/ledger${ledgerQuery({ agent: id, action, from })}`} prefetch={false} className={link}>
          {uses.toLocaleString('en')}
        </Link>
      ),
  },
  {
    key: 'last',
    title: 'Last',
    align: 'right',
    hide: 'phone',
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? '–' : <Ago at={lastUsedAt} />),
  },
  { key: 'granted', title: 'Granted', align: 'right', hide: 'phone', cell: ({ grantedAt }) => <Ago at={grantedAt} /> },
];

/** AgentUse is what the agent may ask for and what it asked for, unused permissions first. */
export function AgentUse({ id, agent }: Shown) {
  const unused = agent.permissions.filter(({ uses }) => uses === 0);
  const rows = [...unused, ...agent.permissions.filter(({ uses }) => uses > 0)];
  return (
    <Section
      title="Permissions"
      aside={
        unused.length === 0 ? (
          'All of them are used'
        ) : (
          <span data-unused={unused.length}>{unused.length.toLocaleString('en')} never used</span>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="text-ink-2">It may ask for nothing.</p>
      ) : (
        <Table caption="What it may ask for" columns={columns(id, agent.numbers.from)} rows={rows} keyOf={({ action }) => action} />
      )}
    </Section>
  );
}

/** AgentNumbers is how its last days went; each number opens its rows. */
export function AgentNumbers({ id, agent: { numbers } }: Shown) {
  const { from } = numbers;
  const rows = (verdict?: 'allow_reversible' | 'deny' | 'halt' | 'approval_required') =>
    `/ledger${ledgerQuery({ agent: id, verdict, from })}`;
  const shown: { name: string; value: number; href: string; more?: string; bad?: boolean }[] = [
    { name: 'Actions asked for', value: numbers.decisions, href: rows() },
    {
      name: 'Went ahead, to be undone in a window',
      value: numbers.supervised,
      href: rows('allow_reversible'),
      more: 'reversals are not in this version yet',
    },
    { name: 'Denied', value: numbers.denied, href: rows('deny') },
    { name: 'Halted', value: numbers.halted, href: rows('halt') },
    { name: 'Had to be approved', value: numbers.asked, href: rows('approval_required'), more: answers(numbers) },
    {
      name: `Outcomes missing in ${missingDays} days`,
      value: numbers.missing,
      href: `/outcomes${outcomesQuery({ list: 'missing', range: 'month', agent: id, process: undefined })}`,
      bad: numbers.missing > 0,
    },
  ];
  return (
    <Section title={`The last ${usageDays} days`}>
      <Facts>
        {shown.map(({ name, value, href, more, bad }) => (
          <Fact key={name} name={name}>
            <Link href={href} prefetch={false} className={classNames('tabular', link, bad && 'text-danger')}>
              {value.toLocaleString('en')}
            </Link>
            {more === undefined || value === 0 ? null : <span className="text-ink-2"> · {more}</span>}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

const answers = ({ approved, rejected, expired }: Numbers): string =>
  `${approved} approved, ${rejected} rejected, ${expired} not answered in time`;

/** AgentChanges is what people did about the agent since its last review, newest first. */
export function AgentChanges({ id, agent, since }: Shown & { since: ReactNode }) {
  return (
    <Section
      title="Changes since its last review"
      aside={
        <Link href={agentHref(id, 'history')} className={link}>
          Its whole history
        </Link>
      }
    >
      <p className="mb-2 text-sm text-ink-2">{since}</p>
      {agent.changes.length === 0 ? <p>Nobody changed anything about it.</p> : null}
      <ol className="flex flex-col gap-1.5" data-changes>
        {agent.changes.map(({ seq, at, actor, words }) => (
          <li key={seq} className="grid gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)_auto]">
            <Ago at={at} className="text-sm text-ink-2" />
            <span className="min-w-0">
              <Verbatim text={actor} className="font-medium" /> <Verbatim text={words} />
            </span>
            <Link href={`/ledger/${seq}`} prefetch={false} className={`text-sm ${link}`}>
              Row {seq}
            </Link>
          </li>
        ))}
      </ol>
      {agent.moreChanges ? <p className="mt-2 text-sm text-ink-2">There are more; its history has all of them.</p> : null}
    </Section>
  );
}

/** AgentFindings is what detectors found about it and nobody closed. */
export function AgentFindings({ agent: { findings } }: Pick<Shown, 'agent'>) {
  return (
    <Section title="Open findings">
      {findings.length === 0 ? <p className="text-ink-2">Nothing is open about it.</p> : null}
      <ul className="flex flex-col gap-1.5">
        {findings.map(({ id, sentence, severity }) => (
          <li key={id}>
            <Link href={`/findings/${id}`} prefetch={false} className={link}>
              <Verbatim text={sentence} />
            </Link>{' '}
            <span className={severity === 'critical' || severity === 'high' ? 'text-sm text-danger' : 'text-sm text-ink-2'}>
              {severity}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
