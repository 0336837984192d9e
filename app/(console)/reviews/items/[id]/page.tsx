import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { EffectiveTable } from '@/components/policy/effective';
import { Says } from '@/components/policy/says';
import { aloneWords } from '@/components/registry/agents/alone';
import { Day } from '@/components/text/day';
import { statusMeaning } from '@/components/registry/agents/words';
import { campaignHref, itemHref } from '@/components/reviews/address';
import { AgentChanges, AgentFindings, AgentNumbers, AgentRecord, AgentUse } from '@/components/reviews/agent';
import { Beside, Decision } from '@/components/reviews/decide';
import { GiveReviewButton } from '@/components/reviews/give';
import { ReviewOutcome } from '@/components/reviews/outcome';
import { changeWords } from '@/components/reviews/words';
import { Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import type { User } from '@/lib/people/service';
import { readEffectiveTiers, readPolicy, type AgentTiers } from '@/lib/policy/reading';
import { AgentStatus } from '@/lib/registry/schema';
import { readItem } from '@/lib/reviews/reading';
import type { ItemView } from '@/lib/reviews/reading/schema';
import { ItemId } from '@/lib/reviews/schema';

export const metadata: Metadata = { title: 'Review' };

export default async function ReviewItemPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('reviews:read');
  const id = ItemId.safeParse((await params).id);
  const view = id.success ? await readItem(person, id.data) : undefined;
  if (!view) notFound();
  const { item, agent } = view;
  const tiers = agent ? await readEffectiveTiers(item.subject.id) : undefined;
  return (
    <Page
      title={<Verbatim text={item.subject.name} />}
      up={{ href: campaignHref(item.campaign.id), label: item.campaign.name }}
      intro={
        agent ? <WhoLine agent={agent} tiers={tiers} /> : 'A policy: it holds for whatever it covers until another version is in force.'
      }
      actions={view.reviewers.length > 0 ? <GiveReviewButton id={item.id} name={item.subject.name} /> : null}
    >
      {/* Where the decision stands below all that it is about, there is a way to it. */}
      {view.may.length > 0 ? (
        <p className="mb-3 lg:hidden">
          <a href="#decide" className={link}>
            Go to the decision
          </a>
        </p>
      ) : null}
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0">
          {agent ? <AgentParts view={view} agent={agent} tiers={tiers} /> : <PolicyParts person={person} view={view} />}
        </div>
        <aside id="decide" aria-label="The review" className="flex flex-col gap-4 lg:sticky lg:top-4 lg:self-start">
          <Standing view={view} />
          <ReviewOutcome view={view} />
          {view.may.length > 0 ? (
            <Decision key={item.id} view={view} />
          ) : view.whyNot === null ? null : (
            <p className="text-ink-2">{view.whyNot}</p>
          )}
          <Beside previous={view.previous} next={view.next} />
        </aside>
      </div>
    </Page>
  );
}

type Agent = NonNullable<ItemView['agent']>;

/** Who answers for it, in which process, may it run, what may it do alone. */
function WhoLine({ agent, tiers }: { agent: Agent; tiers: AgentTiers | undefined }) {
  const status = AgentStatus.safeParse(agent.status);
  return (
    <p data-who-line>
      <Verbatim text={agent.owner.name} /> accountable · <Verbatim text={agent.process.name} /> ·{' '}
      {status.success ? statusMeaning[status.data] : agent.status} · alone:{' '}
      {tiers === undefined || agent.permissions.length === 0
        ? 'nothing, it has no permission'
        : aloneWords(agent.autonomyFloor, tiers.tiers)}
    </p>
  );
}

function Standing({ view: { item, today } }: { view: ItemView }) {
  if (item.status !== 'open') return null;
  return (
    <p>
      {item.overdue ? <span className="font-medium text-danger">Overdue: it was due </span> : 'Due '}
      <Day on={item.dueOn} today={today} /> ·{' '}
      {item.reviewer === null ? <span className="text-danger">nobody can review it</span> : `${item.reviewer.name} reviews it`}
      {item.escalatedTo === null ? null : `, and ${item.escalatedTo.name} was called`}
    </p>
  );
}

function AgentParts({ view: { item, last }, agent, tiers }: { view: ItemView; agent: Agent; tiers: AgentTiers | undefined }) {
  const { id } = item.subject;
  return (
    <>
      <AgentRecord id={id} agent={agent} />
      <AgentUse id={id} agent={agent} />
      <AgentNumbers id={id} agent={agent} />
      <AgentChanges id={id} agent={agent} since={<LastReview last={last} />} />
      <AgentFindings agent={agent} />
      <Section title="What policy asks of it">
        <EffectiveTable tiers={tiers?.tiers ?? []} policies={tiers?.policies ?? {}} />
      </Section>
    </>
  );
}

function LastReview({ last }: Pick<ItemView, 'last'>) {
  if (last === null) return 'It was never reviewed before, so this is everything there is.';
  return (
    <>
      <Link href={itemHref(last.id)} prefetch={false} className={link}>
        Last reviewed
      </Link>{' '}
      {last.decidedAt === null ? null : <Ago at={last.decidedAt} />} by {last.decidedBy?.name ?? 'somebody'}:{' '}
      {changeWords(last).toLowerCase()}.
    </>
  );
}

async function PolicyParts({ person, view: { item, policy, last } }: { person: User; view: ItemView }) {
  const page = await readPolicy(person, item.subject.id);
  return (
    <>
      <Section
        title={policy?.version == null ? 'No version is in force' : `Version ${policy.version}`}
        aside={
          <Link href={`/policy/${item.subject.id}`} className={link}>
            The policy and its versions
          </Link>
        }
      >
        {page?.latest ? <Says policy={page.latest.document} naming={page.naming} /> : <p className="text-ink-2">Nothing is in force.</p>}
        <p className="mt-3 text-sm text-ink-2">
          {policy?.since == null ? null : (
            <>
              In force since <Ago at={policy.since} />.{' '}
            </>
          )}
          {policy?.draft == null ? 'No other version is being written.' : `Version ${policy.draft} is being written.`}
        </p>
      </Section>
      {last === null ? null : (
        <Section title="Its last review">
          <p>
            <LastReview last={last} />
          </p>
        </Section>
      )}
    </>
  );
}
