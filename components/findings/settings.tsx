'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { ChangeFindingSettings, findingBounds, findingSettings, FindingSettings, type FindingSetting } from '@/lib/findings/schema';

type Word = { label: string; unit: string; means: string };
const words: Record<FindingSetting, Word> = {
  silentDays: { label: 'Silent after', unit: 'days', means: 'An agent that may act and asked for nothing.' },
  neverSeenDays: { label: 'Never seen after', unit: 'days', means: 'An agent that was activated and never asked.' },
  rotationDays: { label: 'Rotate credentials within', unit: 'days', means: 'A credential that is older is a finding.' },
  unusedDays: { label: 'Permission unused after', unit: 'days', means: 'Granted, and not asked for since.' },
  graceDays: { label: 'Grace of an orphan', unit: 'days', means: 'Then its agent is suspended. Graces that run already keep their day.' },
  driftDays: { label: 'Look back for drift', unit: 'days', means: 'Halts of actions outside an agent’s permissions.' },
  sightingDays: { label: 'Remember sightings for', unit: 'days', means: 'Unknown clients, calls past the gate, other models.' },
  outcomeDays: { label: 'Look back for outcomes', unit: 'days', means: 'Allowed actions of which nobody said what came of them.' },
  policyReviewDays: { label: 'Review policies within', unit: 'days', means: 'A policy nobody looked at for longer is a finding.' },
  manyWorkloads: { label: 'A credential is shared from', unit: 'workloads', means: 'How many places it is used from.' },
};

/** Settings says after how long something is a finding; who may, changes it. */
export function Settings({ settings, mayChange }: { settings: FindingSettings; mayChange: boolean }) {
  const [editing, setEditing] = useState(false);
  return (
    <section aria-labelledby="settings" className="mt-8 max-w-[72rem]">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 id="settings" className="text-md font-semibold">
          After how long
        </h2>
        {mayChange && !editing ? <Button onClick={() => setEditing(true)}>Change</Button> : null}
        {mayChange ? null : <p className="text-sm text-ink-2">An administrator changes these.</p>}
      </div>
      {editing ? <Form settings={settings} close={() => setEditing(false)} /> : <Numbers settings={settings} />}
    </section>
  );
}

const grid = 'grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-3';

function Numbers({ settings }: { settings: FindingSettings }) {
  return (
    <dl className={grid}>
      {findingSettings.map((setting) => (
        <div key={setting}>
          <dt className="text-sm">{words[setting].label}</dt>
          <dd>
            <span className="tabular font-medium">
              {settings[setting].toLocaleString('en')} {words[setting].unit}
            </span>
            <span className="block text-sm text-ink-2">{words[setting].means}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Form({ settings, close }: { settings: FindingSettings; close: () => void }) {
  const router = useRouter();
  const { register, handleSubmit, setError, formState } = useForm({
    resolver: zodResolver(ChangeFindingSettings),
    defaultValues: settings,
  });
  const save = useSave(
    (change: ChangeFindingSettings) => apiPost('/api/v1/findings/settings', change, FindingSettings),
    ['findings', 'ledger'],
  );
  const { errors, dirtyFields } = formState;
  const send = (values: ChangeFindingSettings) => {
    const changed = findingSettings.filter((setting) => dirtyFields[setting]);
    if (changed.length === 0) return close();
    save.mutate(Object.fromEntries(changed.map((setting) => [setting, values[setting]])), {
      onSuccess: () => {
        close();
        router.refresh();
      },
      onError: (error) => placeErrors(error, setError, findingSettings),
    });
  };
  return (
    <form onSubmit={(event) => void handleSubmit(send)(event)} noValidate className="flex flex-col gap-4">
      <div className={grid}>
        {findingSettings.map((setting) => (
          <TextField
            key={setting}
            type="number"
            inputMode="numeric"
            min={findingBounds[setting].least}
            max={findingBounds[setting].most}
            label={`${words[setting].label} (${words[setting].unit})`}
            hint={`${words[setting].means} Usually ${findingBounds[setting].standard}.`}
            error={errors[setting]?.message}
            {...register(setting, { valueAsNumber: true })}
          />
        ))}
      </div>
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
        <Button size="lg" disabled={save.isPending} onClick={close}>
          Leave as it was
        </Button>
      </div>
    </form>
  );
}
