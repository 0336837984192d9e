import Link from 'next/link';
import type { ReactNode } from 'react';
import { Canonical } from '@/components/text/canonical';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import { canonicalJson } from '@/lib/kernel/canonical';
import { actionPartWords } from '@/lib/registry/domain/classification-changes';
import { classificationWords } from '@/lib/registry/domain/classification-words';
import { actionSlug } from '@/lib/registry/schema';
import { CALLS_COUNTED_DAYS, type ActionHistory, type ActionView } from '@/lib/registry/schema/catalogue';
import { Disable } from './disable';
import { countText, StatusMark, statusWords } from './status';

/** ActionPage is one action type: what it does, how its risk is read, who may ask for it, and what people did about it. */
export function ActionPage({ view, mayClassify }: { view: ActionView; mayClassify: boolean }) {
  const { type, agents } = view;
  const edit = `/registry/actions/${actionSlug(type.name)}/edit`;
  return (
    <Page
      narrow
      up={{ href: '/registry/actions', label: 'Action types' }}
      title={<Verbatim text={type.title} />}
      intro={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <code className="text-sm break-all">{type.name}</code>
          <StatusMark status={type.status} />
        </span>
      }
      actions={
        mayClassify ? (
          <>
            <Link href={edit} className={buttonLook({ tone: type.status === 'approved' ? 'plain' : 'primary' })}>
              {type.status === 'approved' ? 'Edit' : 'Classify'}
            </Link>
            {type.status === 'disabled' ? null : (
              <Disable name={type.name} title={type.title} seen={{ version: type.version, changedAt: view.changedAt }} agents={agents} />
            )}
          </>
        ) : undefined
      }
    >
      <div className="flex flex-col gap-4">
        <OutOfScope view={view} />
        <Facts>
          <Fact name="What it does">
            {type.sentence === undefined ? (
              <span className="text-ink-2">No sentence yet: people see the name and the arguments.</span>
            ) : (
              <Verbatim text={type.sentence} />
            )}
          </Fact>
          <Fact name="System">
            <Link href={`/registry/actions?system=${encodeURIComponent(view.system.id)}`} className={link}>
              <Verbatim text={view.system.name} />
            </Link>
          </Fact>
          <Fact name="Version">
            {type.version}
            <span className="text-ink-2">
              , changed <Ago at={view.changedAt} />
            </span>
          </Fact>
          <Fact name={`Calls, ${CALLS_COUNTED_DAYS} days`}>
            <Link href={`/ledger?action=${encodeURIComponent(type.name)}`} className={`tabular ${link}`}>
              {countText(view.calls, view.callsMax)}
            </Link>
          </Fact>
        </Facts>
        <div>
          <Reading view={view} />
          <Holders agents={agents} status={type.status} />
          <Section title="Parameters" aside="JSON Schema, draft 2020-12">
            <Canonical json={canonicalJson(type.parameters)} label="the parameter schema" />
          </Section>
          <History history={view.history} />
        </div>
      </div>
    </Page>
  );
}

const consequence = {
  unset:
    'Nobody has classified this as it stands, so it is out of everyone’s scope: an agent that asks for it halts, with its whole workflow.',
  disabled: 'This was taken out of use: an agent that asks for it halts, with its whole workflow. Classify it again to bring it back.',
} as const;

function OutOfScope({ view: { type } }: { view: ActionView }) {
  if (type.status === 'approved') return null;
  return <Notice tone={type.status === 'unset' ? 'warn' : 'danger'}>{consequence[type.status]}</Notice>;
}

function Reading({ view: { type, compensation } }: { view: ActionView }) {
  if (type.classification === null)
    return (
      <Section title="How its risk is read">
        <p className="text-ink-2">Nobody has said yet.</p>
      </Section>
    );
  return (
    <Section title="How its risk is read" aside={type.status === 'unset' ? 'a proposal, not in force' : undefined}>
      <Facts>
        {classificationWords(type.classification).map(({ name, text }) => (
          <Fact key={name} name={name}>
            <Verbatim text={text} />
            {name === 'Reversibility' && compensation ? <Undoing compensation={compensation} /> : null}
          </Fact>
        ))}
      </Facts>
    </Section>
  );
}

function Undoing({ compensation }: { compensation: NonNullable<ActionView['compensation']> }): ReactNode {
  if (compensation.status === null)
    return <span className="block text-sm text-ink-2">{compensation.name} is not recorded here, so it cannot be asked for yet.</span>;
  return (
    <Link href={`/registry/actions/${actionSlug(compensation.name)}`} className={`block text-sm ${link}`}>
      {compensation.name}
      {compensation.status === 'approved' ? '' : ` (${statusWords[compensation.status].toLowerCase()})`}
    </Link>
  );
}

function Holders({ agents, status }: { agents: ActionView['agents']; status: ActionView['type']['status'] }) {
  return (
    <Section title="Agents that may ask for it">
      {agents.length === 0 ? (
        <p className="text-ink-2">
          None. {status === 'approved' ? 'Permit it to an agent on the agent’s page.' : 'It can be permitted once it is classified.'}
        </p>
      ) : (
        <ul className="flex flex-col gap-1">
          {agents.map(({ id, name, status: state }) => (
            <li key={id}>
              <Link href={`/registry/agents/${encodeURIComponent(id)}`} className={link}>
                <Verbatim text={name} />
              </Link>
              <span className="text-sm text-ink-2"> {state.replaceAll('_', ' ')}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const told = ({ kind, status, version, changed }: ActionHistory): string => {
  if (kind === 'action_type.disabled') return 'disabled it';
  const words: Readonly<Record<string, string>> = actionPartWords;
  const parts = changed.map((part) => words[part] ?? part);
  const about = parts.length === 0 ? '' : `, changing ${new Intl.ListFormat('en').format(parts)}`;
  return `${status === 'approved' ? 'classified it' : 'proposed it'}${version === null ? '' : ` as version ${version}`}${about}`;
};

function History({ history }: { history: ActionView['history'] }) {
  return (
    <Section title="History" aside="from the ledger">
      {history.length === 0 ? (
        <p className="text-ink-2">The ledger has not been read this far yet.</p>
      ) : (
        <ol className="flex flex-col gap-1.5">
          {history.map((event) => (
            <li key={event.eventId} className="flex flex-wrap items-baseline gap-x-3">
              <Link href={`/ledger/${event.eventId}`} className={`w-28 shrink-0 text-sm ${link}`}>
                <Ago at={event.at} />
              </Link>
              <span className="min-w-0">
                <Verbatim text={event.who} /> {told(event)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
