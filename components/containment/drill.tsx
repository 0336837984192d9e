'use client';

import Link from 'next/link';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import type { DrillView } from '@/lib/containment/schema';
import { useDrill } from './drill-queries';
import { Outcome } from './drills';
import { whatItShowed } from './drill-words';
import { took } from './words';

/** Drill is one kill drill: what was stopped for practice, and what it showed. */
export function Drill({ initial }: { initial: DrillView }) {
  const { data: drill } = useDrill(initial);
  return (
    <Page
      narrow
      title={`Kill drill: ${drill.agent.name}`}
      intro="A real stop of one agent, for practice. It lifts itself, and nothing else."
      up={{ href: '/containment/drills', label: 'Drills' }}
    >
      <Section title="The drill">
        <Facts>
          <Fact name="Agent">
            <Link className={link} href={`/registry/agents/${drill.agent.id}`}>
              {drill.agent.name}
            </Link>
          </Fact>
          <Fact name="Begun">
            <Exact at={drill.askedAt} /> {drill.plan === null ? `by ${drill.askedBy.name}` : `by the plan of ${drill.askedBy.name}`}
          </Fact>
          <Fact name="Outcome">
            <Outcome drill={drill} /> {whatItShowed(drill)}
          </Fact>
          {drill.finishedAt === null ? null : (
            <Fact name="Over">
              <Exact at={drill.finishedAt} />
            </Fact>
          )}
          {drill.kill === null ? null : (
            <Fact name="Its stop">
              <Link className={link} href={`/containment/${drill.kill}`}>
                the stop and its record
              </Link>
            </Fact>
          )}
        </Facts>
      </Section>
      {drill.gateways.length === 0 ? null : (
        <Section title="Gateways" aside="from the press to the acknowledgement">
          <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
            {drill.gateways.map(({ id, name, ms }) => (
              <li key={id} className="flex flex-wrap gap-x-3 px-3 py-1.5">
                <span className="min-w-0 font-mono text-[13px] break-all">{name}</span>
                <span className="tabular ml-auto text-sm">
                  {ms === null ? <span className="font-medium text-danger">silent</span> : took(ms)}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}
