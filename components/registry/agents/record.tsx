import Link from 'next/link';
import type { ReactNode } from 'react';
import { Day } from '@/components/text/day';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { TierMark } from '@/components/text/verdict';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { groupThousands } from '@/lib/kernel/money';
import type { AgentAnswer } from '@/lib/registry/reading/schema';
import { environmentLabels, floorWords, riskLabels } from './words';

export type RecordPeople = Readonly<Record<string, { name: string; active: boolean }>>;
type Props = {
  agent: AgentAnswer;
  people: RecordPeople;
  process: { id: string; name: string };
  lastSeenAt: string | null;
  credential: 'own' | 'none';
  today: string;
};

/** Purpose is what an agent is for, in the words of whoever registered it. */
export function Purpose({ text }: { text: string }) {
  return (
    <section className="pt-3">
      <h2 className="sr-only">Purpose</h2>
      <Verbatim text={text} multiline className="block max-w-[72ch]" />
    </section>
  );
}

/** AgentRecordView is the whole record of an agent but its purpose. */
export function AgentRecordView(props: Props) {
  const { agent } = props;
  return (
    <div className="grid gap-x-10 lg:grid-cols-2">
      <div>
        <People {...props} />
        <Section title="What it may do">
          <Facts>
            <Fact name="Autonomy floor">
              <TierMark tier={agent.autonomyFloor} />{' '}
              <span className="text-ink-2">{floorWords[agent.autonomyFloor].replace(/^.*: /, '')}</span>
            </Fact>
            <Fact name="Action types">
              <Link href={`/registry/agents/${agent.id}/permissions`} className={link}>
                {agent.permissions.length === 0 ? 'None yet' : agent.permissions.length}
              </Link>
            </Fact>
            <Fact name="Started by">{lines(agent.record.triggers)}</Fact>
            <Fact name="Credential">{props.credential === 'own' ? 'Its own' : 'None that works'}</Fact>
          </Facts>
        </Section>
        <Dates {...props} />
      </div>
      <div>
        <Made agent={agent} />
        <Section title="Risk and data">
          <Facts>
            <Fact name="EU AI Act">{riskLabels[agent.riskCategory]}</Fact>
            <Fact name="Data classes">{agent.record.dataClasses.length === 0 ? unstated : agent.record.dataClasses.join(', ')}</Fact>
            <Fact name="Declared as normal">{baselineWords(agent)}</Fact>
          </Facts>
        </Section>
        <Section title="Links">
          <Facts>
            <Fact name="Repository">
              <Out href={agent.record.links.repository} />
            </Fact>
            <Fact name="Runbook">
              <Out href={agent.record.links.runbook} />
            </Fact>
            <Fact name="Dashboard">
              <Out href={agent.record.links.dashboard} />
            </Fact>
            <Fact name="A2A card">
              <Out href={agent.record.a2aCard} />
            </Fact>
            <Fact name="MCP servers">
              {agent.record.mcpServers.length === 0
                ? unstated
                : agent.record.mcpServers.map((href) => <Out key={href} href={href} block />)}
            </Fact>
          </Facts>
        </Section>
      </div>
    </div>
  );
}

const unstated = <span className="text-ink-2">Not stated</span>;
const stated = (text: string): ReactNode => (text === '' ? unstated : <Verbatim text={text} />);
const lines = (texts: readonly string[]): ReactNode =>
  texts.length === 0 ? unstated : texts.map((text) => <Verbatim key={text} text={text} className="block font-mono text-[13px]" />);

function People({ agent, people, process }: Props) {
  const person = (id: string | null): ReactNode => {
    if (id === null) return <span className="text-ink-2">Nobody named</span>;
    const known = people[id];
    return (
      <>
        <Verbatim text={known?.name ?? id} />
        {known?.active === false ? <span className="ml-2 text-danger">has left</span> : null}
      </>
    );
  };
  return (
    <Section title="People">
      <Facts>
        <Fact name="Owner, accountable">{person(agent.ownerId)}</Fact>
        <Fact name="Process">
          <Link href={`/raci/${encodeURIComponent(process.id)}`} className={link}>
            <Verbatim text={process.name} />
          </Link>
        </Fact>
        <Fact name="Sponsor, vouches for it">{person(agent.sponsorId)}</Fact>
        <Fact name="Technical owner, runs it">{person(agent.technicalOwnerId)}</Fact>
        <Fact name="Successors, in order">
          {agent.successorIds.length === 0 ? (
            <span className="text-ink-2">Nobody named</span>
          ) : (
            agent.successorIds.map((id, i) => (
              <span key={id} className="block">
                {i + 1}. {person(id)}
              </span>
            ))
          )}
        </Fact>
        <Fact name="Registered by">{agent.registeredBy === null ? 'Countersign, at set-up' : person(agent.registeredBy)}</Fact>
        <Fact name="Reviewed by">
          {agent.reviewedAt === null ? (
            <span className="text-ink-2">Nobody yet</span>
          ) : (
            <>
              {agent.reviewedBy === null ? 'Countersign, at set-up' : person(agent.reviewedBy)}, <Ago at={agent.reviewedAt} />
            </>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

function Dates({ agent, lastSeenAt, today }: Props) {
  return (
    <Section title="Dates">
      <Facts>
        <Fact name="Last heard">{lastSeenAt === null ? <span className="text-ink-2">Never</span> : <Ago at={lastSeenAt} />}</Fact>
        <Fact name="Registered">
          <Ago at={agent.createdAt} />
        </Fact>
        <Fact name="First activated">
          {agent.activatedAt === null ? <span className="text-ink-2">Not yet</span> : <Ago at={agent.activatedAt} />}
        </Fact>
        <Fact name="Next review">
          <Day on={agent.nextReviewOn} today={today} none="No day set" />
        </Fact>
        <Fact name="Project ends">
          <Day on={agent.endsOn} today={today} none="No end set" />
        </Fact>
      </Facts>
    </Section>
  );
}

function Made({ agent }: { agent: AgentAnswer }) {
  const { uri, framework, model } = agent.record;
  return (
    <Section title="What it is made of">
      <Facts>
        <Fact name="Id">
          <span className="font-mono text-[13px]">{agent.id}</span>
        </Fact>
        <Fact name="URI">{uri === '' ? unstated : <Verbatim text={uri} className="font-mono text-[13px]" />}</Fact>
        <Fact name="Environment">{environmentLabels[agent.environment]}</Fact>
        <Fact name="Framework">{stated(framework)}</Fact>
        <Fact name="Model">{stated([model.vendor, model.name, model.version].filter((part) => part !== '').join(' '))}</Fact>
      </Facts>
    </Section>
  );
}

function baselineWords({ record: { baseline } }: AgentAnswer): ReactNode {
  const parts = [
    baseline.callsPerDay === null ? '' : `${groupThousands(String(baseline.callsPerDay))} calls a day`,
    baseline.typicalAmount === '' ? '' : `${groupThousands(baseline.typicalAmount)} ${baseline.currency} a call`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? unstated : parts.join(', ');
}

/** Out is a link that leads away from here: its whole address is shown, and the other side learns nothing of this page. */
function Out({ href, block = false }: { href: string; block?: boolean }) {
  if (href === '') return unstated;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={block ? `${link} block break-all` : `${link} break-all`}>
      <Verbatim text={href} />
    </a>
  );
}
