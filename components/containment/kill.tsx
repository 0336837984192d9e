'use client';

import Link from 'next/link';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import type { KillView } from '@/lib/containment/schema';
import { LiftForm } from './lift';
import { useKill } from './queries';
import { Reach, Silence } from './reach';
import { scopeWords, took, whatIs } from './words';

/** Kill is one stop: what it stops, who set it and why, how far it came, and how it ends. */
export function Kill({ initial }: { initial: KillView }) {
  const { data: kill } = useKill(initial);
  const { reach, lifted, source } = kill;
  return (
    <Page
      narrow
      title={lifted ? `Was stopped: ${whatIs(kill)}` : `Stopped: ${whatIs(kill)}`}
      intro={lifted ? 'This stop was lifted.' : scopeWords[kill.scope].means}
      up={{ href: '/containment', label: 'Containment' }}
    >
      <Section title="The stop">
        <Facts>
          <Fact name="Stopped">
            <Where kill={kill} />
          </Fact>
          <Fact name="Set">
            <Exact at={kill.setAt} /> by {kill.setBy.name}
          </Fact>
          <Fact name="Reason">
            {kill.reason === null ? (
              <span className="text-ink-2">For people who read arguments.</span>
            ) : (
              <>
                “<Verbatim text={kill.reason} multiline />”
              </>
            )}
          </Fact>
          {source === null ? null : (
            <Fact name="First known">
              <Exact at={source.at} /> <Source source={source} />
            </Fact>
          )}
          {kill.drill === null ? null : (
            <Fact name="Drill">
              <Link className={link} href={`/containment/drills/${kill.drill}`}>
                {kill.drill}
              </Link>
            </Fact>
          )}
        </Facts>
      </Section>
      <Section
        title="Acknowledged"
        aside={
          reach.all && reach.lastMs !== null ? (
            <span className="tabular" data-last-ms={reach.lastMs}>
              {took(reach.lastMs)} from the press to the last
              {reach.detectedMs === null ? '' : `, ${took(reach.detectedMs)} from when it was first known`}
            </span>
          ) : null
        }
      >
        <div className="flex flex-col gap-3" aria-live="polite">
          <Reach reach={reach} />
          <Silence reach={reach} />
        </div>
      </Section>
      <Section title={lifted ? 'Lifted' : 'Lift it'}>
        {lifted ? (
          <p>
            <Exact at={lifted.at} /> by {lifted.by.name}
            {lifted.reason === null ? (
              '.'
            ) : (
              <>
                : “<Verbatim text={lifted.reason} multiline />”
              </>
            )}
          </p>
        ) : (
          <LiftForm kill={kill} />
        )}
      </Section>
    </Page>
  );
}

const places: Partial<Record<KillView['scope'], (id: string) => string>> = {
  agent: (id) => `/registry/agents/${id}`,
  process: (id) => `/raci/${id}`,
  system: (id) => `/registry/systems/${id}`,
  action_type: (id) => `/registry/actions/${encodeURIComponent(id)}`,
};

function Where({ kill: { scope, target } }: { kill: KillView }) {
  const place = places[scope];
  if (!place) return <>The whole organisation</>;
  return (
    <>
      <Link className={link} href={place(target.id)}>
        {target.name}
      </Link>{' '}
      <code className="text-xs text-ink-2">{target.id}</code>
    </>
  );
}

function Source({ source: { type, id } }: { source: NonNullable<KillView['source']> }) {
  if (type === 'report' || id === null) return <>by a report</>;
  return (
    <>
      by{' '}
      <Link className={link} href={type === 'finding' ? `/findings/${id}` : `/ledger/${id}`}>
        {type === 'finding' ? 'a finding' : 'a decision'}
      </Link>
    </>
  );
}
