'use client';

import { useDeferredValue, useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextField, Tick } from '@/components/ui/field';
import { drillAgentId, drillDaysDefault, drillDaysMax, type DrillPage, type DrillTarget, type DrillWindow } from '@/lib/containment/schema';
import { usePlanDrills, useRunDrill } from './drill-queries';
import { hours } from './drill-words';
import { useImpact, useTargets } from './queries';

type Props = { page: DrillPage; close: () => void };

/** The window that is offered: the small hours of Europe, before its morning. */
const windowDefault = { fromHour: 2, toHour: 5 } as const;

/** RunDialog runs one drill now. */
export function RunDialog({ page, close }: Props) {
  const chosen = useChosen(page);
  const run = useRunDrill();
  const ready = chosen.target !== undefined && (chosen.idle || chosen.confirmed) && !run.isPending;
  const send = () => chosen.target && run.mutate({ target: chosen.target, confirmed: chosen.confirmed }, { onSuccess: close });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title="Run a kill drill now"
      description="One agent is really stopped. Once every gateway has acknowledged, or after 30 seconds, the drill lifts its own stop."
    >
      <WhichAgent page={page} chosen={chosen} />
      <ProblemLine error={run.error} />
      <Buttons close={close} send={send} ready={ready} word={run.isPending ? 'Stopping…' : 'Run the drill'} />
    </Dialog>
  );
}

/** PlanDialog has drills run every so many days. */
export function PlanDialog({ page, close }: Props) {
  const chosen = useChosen(page);
  const [everyDays, setEveryDays] = useState(String(drillDaysDefault));
  const [window, setWindow] = useState<DrillWindow>(windowDefault);
  const plan = usePlanDrills();
  const days = Number(everyDays);
  const wellFormed = Number.isInteger(days) && days >= 1 && days <= drillDaysMax && window.fromHour !== window.toHour;
  const ready = chosen.target !== undefined && (chosen.idle || chosen.confirmed) && wellFormed && !plan.isPending;
  const send = () =>
    chosen.target &&
    plan.mutate(
      { target: chosen.target, everyDays: days, window: chosen.idle ? null : window, confirmed: chosen.confirmed },
      { onSuccess: close },
    );
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title="Plan kill drills"
      description="One agent is really stopped every so many days, and every gateway’s acknowledgement is measured."
    >
      <WhichAgent page={page} chosen={chosen} />
      <TextField
        type="number"
        label="Every how many days"
        min={1}
        max={drillDaysMax}
        value={everyDays}
        onChange={(event) => setEveryDays(event.target.value)}
      />
      {chosen.idle ? null : (
        <div className="grid grid-cols-2 gap-3">
          <Choice
            label="Not before (UTC)"
            options={hours}
            value={String(window.fromHour)}
            onChange={(event) => setWindow({ ...window, fromHour: Number(event.target.value) })}
          />
          <Choice
            label="Not after (UTC)"
            options={hours}
            value={String(window.toHour)}
            onChange={(event) => setWindow({ ...window, toHour: Number(event.target.value) })}
          />
        </div>
      )}
      <ProblemLine error={plan.error} />
      <Buttons close={close} send={send} ready={ready} word={plan.isPending ? 'Planning…' : 'Plan them'} />
    </Dialog>
  );
}

type Chosen = {
  which: 'drill' | 'agent';
  choose: (which: 'drill' | 'agent') => void;
  agent: string;
  setAgent: (id: string) => void;
  process: string;
  setProcess: (id: string) => void;
  confirmed: boolean;
  setConfirmed: (confirmed: boolean) => void;
  target: DrillTarget | undefined;
  /** Nothing that is at work stops. */
  idle: boolean;
};

function useChosen({ drillAgent, processes }: DrillPage): Chosen {
  const [which, choose] = useState<'drill' | 'agent'>('drill');
  const [agent, setAgent] = useState('');
  const [process, setProcess] = useState(processes[0]?.id ?? '');
  const [confirmed, setConfirmed] = useState(false);
  const made = drillAgent === null ? undefined : { agent: drillAgentId };
  const ofDrill = made ?? (process === '' ? undefined : { process });
  return {
    which,
    choose: (next) => {
      choose(next);
      setConfirmed(false);
    },
    agent,
    setAgent: (id) => {
      setAgent(id);
      setConfirmed(false);
    },
    process,
    setProcess,
    confirmed,
    setConfirmed,
    target: which === 'drill' ? ofDrill : agent === '' ? undefined : { agent },
    idle: which === 'drill',
  };
}

function WhichAgent({ page, chosen }: { page: DrillPage; chosen: Chosen }) {
  return (
    <>
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm font-medium">What is stopped</legend>
        <label className="flex items-start gap-2">
          <input type="radio" name="which" className="mt-1" checked={chosen.which === 'drill'} onChange={() => chosen.choose('drill')} />
          <span>
            The drill agent
            <span className="block text-sm text-ink-2">It does nothing, so nothing else is held up.</span>
          </span>
        </label>
        <label className="flex items-start gap-2">
          <input type="radio" name="which" className="mt-1" checked={chosen.which === 'agent'} onChange={() => chosen.choose('agent')} />
          <span>
            An agent of the inventory
            <span className="block text-sm text-ink-2">It really stops until every gateway has acknowledged: seconds, 30 at most.</span>
          </span>
        </label>
      </fieldset>
      {chosen.which === 'agent' ? <Agent chosen={chosen} /> : page.drillAgent === null ? <Process page={page} chosen={chosen} /> : null}
    </>
  );
}

function Process({ page, chosen }: { page: DrillPage; chosen: Chosen }) {
  if (page.processes.length === 0)
    return <p className="text-sm text-danger">The drill agent belongs to a process, and there is none yet. An administrator makes one.</p>;
  return (
    <Choice
      label="Process"
      hint="The drill agent is registered in it, as a draft that never acts; its owner answers for it."
      options={page.processes.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen.process}
      onChange={(event) => chosen.setProcess(event.target.value)}
    />
  );
}

function Agent({ chosen }: { chosen: Chosen }) {
  const [search, setSearch] = useState('');
  const { data } = useTargets('agent', useDeferredValue(search.trim()));
  const impact = useImpact('agent', chosen.agent);
  const name = impact.data?.target.name ?? chosen.agent;
  if (chosen.agent === '')
    return (
      <div className="flex flex-col gap-1.5">
        <TextField
          type="search"
          label="Which agent"
          placeholder="Name or id"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <ul className="max-h-44 overflow-y-auto rounded-md border border-line" aria-label="Found">
          {(data?.targets ?? []).map((found) => (
            <li key={found.id}>
              <button
                type="button"
                className="flex w-full flex-wrap items-baseline gap-x-3 px-3 py-1.5 text-left hover:bg-sunken"
                onClick={() => chosen.setAgent(found.id)}
              >
                <span className="font-medium">{found.name}</span>
                <code className="text-xs break-all text-ink-2">{found.id}</code>
              </button>
            </li>
          ))}
          {data?.targets.length === 0 ? <li className="px-3 py-2 text-sm text-ink-2">No agent has such a name.</li> : null}
        </ul>
      </div>
    );
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{name}</span>
        <Button tone="quiet" onClick={() => chosen.setAgent('')}>
          Another
        </Button>
      </p>
      <Tick
        label={`I know that ${name} really stops.`}
        hint="What it asks meanwhile is denied; it goes on by itself when the drill is over."
        checked={chosen.confirmed}
        onChange={(event) => chosen.setConfirmed(event.target.checked)}
      />
    </>
  );
}

function Buttons({ close, send, ready, word }: { close: () => void; send: () => void; ready: boolean; word: string }) {
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button size="lg" onClick={close}>
        Not now
      </Button>
      <Button tone="primary" size="lg" disabled={!ready} onClick={send}>
        {word}
      </Button>
    </div>
  );
}
