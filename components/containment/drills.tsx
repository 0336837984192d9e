'use client';

import Link from 'next/link';
import { useState } from 'react';
import { More } from '@/components/approvals/more';
import { ProblemLine } from '@/components/live/problem';
import { Section } from '@/components/text/facts';
import { Ago, Exact } from '@/components/text/time';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { DrillPage, DrillPlanView, DrillView } from '@/lib/containment/schema';
import { DrillChart } from './drill-chart';
import { PlanDialog, RunDialog } from './drill-dialogs';
import { useDrills, useEndPlan } from './drill-queries';
import { everyWords, outcomeWords, whatItShowed } from './drill-words';

/** Drills is which agents are stopped for practice and when, and what every drill so far has shown. */
export function Drills({ initial }: { initial: DrillPage }) {
  const query = useDrills(initial);
  const [first] = query.data.pages;
  const drills = query.data.pages.flatMap((page) => page.drills);
  const [dialog, setDialog] = useState<'plan' | 'run'>();
  const page = first ?? initial;
  const actions = page.mayManage ? (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setDialog('plan')}>Plan drills…</Button>
      <Button tone="danger" onClick={() => setDialog('run')}>
        Run one now…
      </Button>
    </div>
  ) : null;
  return (
    <>
      <Section title="Planned" aside={actions}>
        {page.plans.length === 0 ? (
          <Empty title="No drill is planned">
            A drill really stops one agent, measures how long it takes until every gateway has acknowledged, and lifts its stop again. The
            drill agent exists for nothing else. {page.mayManage ? '' : 'A leader or security plans one.'}
          </Empty>
        ) : (
          <Table
            caption="Plans"
            columns={[...planColumns, ...(page.mayManage ? [endColumn] : [])]}
            rows={page.plans}
            keyOf={({ id }) => id}
          />
        )}
      </Section>
      <DrillChart drills={drills} />
      <div className="mt-6">
        <Section
          title="Past drills"
          aside={
            <Link className={link} href="/maturity/metrics/time-to-kill">
              Time to kill, stops and drills
            </Link>
          }
        >
          {drills.length === 0 ? (
            <Empty title="There was no drill yet">
              Every drill stands here with its measured time, and with the gateways that stayed silent.
            </Empty>
          ) : (
            <Table caption="Drills" columns={columns} rows={drills} keyOf={({ id }) => id} />
          )}
          <More query={query} />
        </Section>
      </div>
      {dialog === 'plan' ? <PlanDialog page={page} close={() => setDialog(undefined)} /> : null}
      {dialog === 'run' ? <RunDialog page={page} close={() => setDialog(undefined)} /> : null}
    </>
  );
}

/** Outcome is how a drill ended, in a shape and a word. */
export function Outcome({ drill: { outcome } }: { drill: Pick<DrillView, 'outcome'> }) {
  if (outcome === null) return <span className="text-ink-2">◌ Under way</span>;
  const { shape, word, tone } = outcomeWords[outcome];
  return (
    <span className={`${tone} font-medium whitespace-nowrap`} data-outcome={outcome}>
      {shape} {word}
    </span>
  );
}

const columns: readonly Column<DrillView>[] = [
  {
    key: 'what',
    title: 'Drill',
    cell: ({ id, agent, plan, askedBy }) => (
      <>
        <Link href={`/containment/drills/${id}`} className={`${link} font-medium`} prefetch={false}>
          {agent.name}
        </Link>
        <span className="block text-ink-2">{plan === null ? `by ${askedBy.name}` : 'planned'}</span>
      </>
    ),
  },
  { key: 'when', title: 'When', cell: ({ askedAt }) => <Ago at={askedAt} className="whitespace-nowrap" /> },
  {
    key: 'outcome',
    title: 'Outcome',
    cell: (drill) => (
      <>
        <Outcome drill={drill} />
        <span className="tabular block text-ink-2">{whatItShowed(drill)}</span>
      </>
    ),
  },
  {
    key: 'stop',
    title: 'Stop',
    hide: 'phone',
    cell: ({ kill }) =>
      kill === null ? (
        <span className="text-ink-2">–</span>
      ) : (
        <Link href={`/containment/${kill}`} className={link} prefetch={false}>
          its record
        </Link>
      ),
  },
];

const planColumns: readonly Column<DrillPlanView>[] = [
  {
    key: 'agent',
    title: 'Agent',
    cell: ({ agent, inService }) => (
      <>
        <Link href={`/registry/agents/${agent.id}`} className={`${link} font-medium`} prefetch={false}>
          {agent.name}
        </Link>
        {inService ? <span className="block text-tier-3">in service: it really stops</span> : null}
      </>
    ),
  },
  {
    key: 'every',
    title: 'How often',
    cell: (plan) => (
      <>
        {everyWords(plan)}
        <span className="block text-ink-2">planned by {plan.madeBy.name}</span>
        <span className="block md:hidden">
          next: <Exact at={plan.nextAt} />
        </span>
      </>
    ),
  },
  { key: 'next', title: 'Next', hide: 'phone', cell: ({ nextAt }) => <Exact at={nextAt} /> },
];

const endColumn: Column<DrillPlanView> = {
  key: 'end',
  title: <span className="sr-only">End it</span>,
  align: 'right',
  cell: ({ id }) => <EndPlan id={id} />,
};

function EndPlan({ id }: { id: string }) {
  const end = useEndPlan();
  return (
    <>
      <Button tone="quiet" disabled={end.isPending} onClick={() => end.mutate(id)}>
        End this plan
      </Button>
      <ProblemLine error={end.error} />
    </>
  );
}
