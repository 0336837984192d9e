import Link from 'next/link';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago, Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import type { ApprovalCard } from '@/lib/check/reading/schema';

/** Who names everybody a request concerns: the agent, who answers for it, whom it is brought to and who has seen it. */
export function Who({ card }: { card: ApprovalCard }) {
  const { execution, escalation } = card.accountable;
  return (
    <Section title="Who">
      <Facts>
        <Fact name="Agent">
          <Link className={link} href={`/registry/agents/${card.agent.id}`}>
            {card.agent.name}
          </Link>
        </Fact>
        <Fact name="Accountable">
          {execution.name}
          {execution.id === escalation.id ? null : (
            <span className="text-ink-2">
              {' '}
              for the action, <span className="text-ink">{escalation.name}</span> for its escalation
            </span>
          )}
        </Fact>
        <Fact name="On behalf of">
          {card.asker === null ? <span className="text-ink-2">nobody named</span> : <Verbatim text={card.asker} />}
        </Fact>
        <Fact name="May decide">
          <MayDecide routed={card.routed} />
        </Fact>
        {card.calls.length === 0 && card.step < 2 ? null : (
          <Fact name="Called">
            <Calls card={card} />
          </Fact>
        )}
        <Fact name="Seen by">
          {card.views.length === 0 ? (
            <span className="text-ink-2">nobody of them yet</span>
          ) : (
            <ul data-views>
              {card.views.map(({ person, at }) => (
                <li key={person.id}>
                  {person.name}{' '}
                  <span className="text-ink-2">
                    <Ago at={at} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact name="Process">
          <Link className={link} href={`/raci/${card.process.id}`}>
            {card.process.name}
          </Link>
        </Fact>
        <Fact name="Workflow">
          <Link className={link} href={`/ledger?workflow=${encodeURIComponent(card.workflow)}`}>
            what else it did
          </Link>
        </Fact>
        <Fact name="Asked">
          <Exact at={card.requestedAt} />{' '}
          <Link className={link} href={`/ledger/${card.decisionId}`}>
            in the ledger
          </Link>
        </Fact>
      </Facts>
    </Section>
  );
}

type Routed = ApprovalCard['routed'][number];
const hows = {
  accountable: 'Accountable',
  responsible: 'Responsible',
  backup: 'called as backup',
  owner: 'called as the agent’s owner',
} as const satisfies Record<Routed['how'], string>;
const howOf = ({ how, team }: Routed): string => `${hows[how]}${team === null ? '' : `, with ${team}`}`;

const stepWords = { 1: 'Reminded', 2: 'Backups called', 3: 'Accountable owner called' } as const;

/** What was done as the deadline came near: step by step, when, and who was called. */
function Calls({ card }: { card: ApprovalCard }) {
  return (
    <ol data-calls>
      {([1, 2, 3] as const).map((step) => {
        const call = card.calls.find((one) => one.step === step);
        if (call)
          return (
            <li key={step}>
              {stepWords[step]} <Ago at={call.at} className="text-ink-2" />: {call.people.map(({ name }) => name).join(', ')}
            </li>
          );
        // A reminder that was passed over is not made up; the other steps always call whoever there is.
        return step > 1 && card.step >= step ? (
          <li key={step} className="text-ink-2">
            {step === 2 ? 'No backup could be called: no successor or manager may sign this.' : 'Nobody accountable for it may sign this.'}
          </li>
        ) : null;
      })}
    </ol>
  );
}

/** Whom the Escalation row names, and who was called; those who may not sign this one are said too, so that nobody waits for them. */
function MayDecide({ routed }: { routed: readonly Routed[] }) {
  const [signing, others] = [routed.filter(({ may }) => may), routed.filter(({ may }) => !may)];
  return (
    <>
      {signing.length === 0 ? <span className="text-danger">nobody now: risk or an administrator can name somebody who may</span> : null}
      <ul data-deciders>
        {signing.map((person) => (
          <li key={person.id}>
            {person.name} <span className="text-ink-2">{howOf(person)}</span>
          </li>
        ))}
      </ul>
      {others.length === 0 ? null : (
        <p className="text-sm text-ink-2">Named there too, but may not sign this: {others.map(({ name }) => name).join(', ')}.</p>
      )}
    </>
  );
}
