'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { FormProvider, useForm, useFormContext } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost, apiPut, ApiProblem } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Section } from '@/components/text/facts';
import { Button } from '@/components/ui/button';
import { Choice, TextField } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { readTypedJson } from '@/lib/registry/domain/arguments/line';
import { placesOf, type Place } from '@/lib/registry/domain/arguments/pointers';
import { actionSlug, type ActionType, type SeenActionType } from '@/lib/registry/schema';
import type { FormOptions } from '@/lib/registry/schema/catalogue';
import {
  CounterpartyDimension,
  LabelsDimension,
  LevelDimension,
  MoneyDimension,
  placesList,
  RecordsDimension,
  useTrouble,
} from './dimensions';
import { EffectFields } from './effects';
import { LivePreview } from './preview';
import { FormShape, readForm } from './read';
import { SchemaField } from './schema-field';
import { SentenceField } from './sentence-field';
import { Stale } from './stale';
import { emptyValues, sampleTextOf, valuesOf, type FormValues } from './values';

type Props = { options: FormOptions; recorded?: { type: ActionType; changedAt: string }; system?: string };

const Answer = z.object({ name: z.string(), status: z.string(), version: z.int() });
const emptySample = '{\n  "invoice": "INV-2291",\n  "vendor": "V-88",\n  "amount": "62000.00",\n  "currency": "EUR"\n}';

type Sent = { values: FormValues; seen: SeenActionType };
type Intent = FormValues['intent'];

async function send({ values, seen }: Sent): Promise<z.infer<typeof Answer>> {
  const read = readForm(values);
  // The resolver has asked the same function before.
  if (!read.ok) throw new ApiProblem('UNPROCESSABLE', 'Some fields cannot be used as they are.', '');
  const body = { record: read.record, seen };
  const address = `/api/v1/registry/actions/${actionSlug(read.record.name)}`;
  if (values.intent === 'classify') return apiPost(`${address}/classify`, body, Answer);
  return seen === null ? apiPost('/api/v1/registry/actions', body, Answer) : apiPut(address, body, Answer);
}

/** Where the server's pointers are on the form. */
function onForm(error: unknown): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({
    pointer: pointer
      .replace(/^\/record/, '')
      .replace(/^\/classification\/reversal/, '/window')
      .replace(/^\/classification/, ''),
    detail,
  }));
  return new ApiProblem(error.code, error.message, error.requestId, errors);
}

const fields = [
  'name',
  'title',
  'system',
  'sentence',
  'parameters',
  'effect',
  'reversibility',
  'compensation',
  'window',
  'counterparty',
] as const;

/** ActionForm records an action type or changes one: as a proposal, which is out of everyone's scope, or classified, which is in force at once. */
export function ActionForm({ options, recorded, system }: Props) {
  const router = useRouter();
  const [seen, setSeen] = useState<SeenActionType>(recorded ? { version: recorded.type.version, changedAt: recorded.changedAt } : null);
  const [sample, setSample] = useState(recorded ? sampleTextOf(recorded.type) : emptySample);
  const form = useForm<FormValues>({
    resolver: zodResolver(FormShape),
    defaultValues: recorded ? valuesOf(recorded.type) : { ...emptyValues, system: system ?? '' },
  });
  const save = useSave(send, ['registry']);
  useLeaveWarning(form.formState.isDirty && !save.isSuccess);
  const given = readTypedJson(sample);
  const places = given.ok ? placesOf(given.value) : [];
  const submit = (wanted: Intent) => {
    form.setValue('intent', wanted);
    return form.handleSubmit((values) =>
      save.mutate(
        { values, seen },
        {
          onSuccess: ({ name }) => router.push(`/registry/actions/${actionSlug(name)}`),
          onError: (error) => placeErrors(onForm(error), form.setError, fields),
        },
      ),
    )();
  };
  const takeOver = (next: NonNullable<SeenActionType>) => {
    setSeen(next);
    save.reset();
  };
  const stale = recorded !== undefined && save.error instanceof ApiProblem && save.error.code === 'CONFLICT';
  return (
    <FormProvider {...form}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit('propose');
        }}
        className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,7fr)_minmax(320px,5fr)]"
      >
        <Places places={places} />
        <div className="min-w-0">
          <What options={options} known={recorded !== undefined} places={places} />
          <Section title="Arguments">
            <SchemaField sample={sample} />
          </Section>
          <Section title="What it does">
            <EffectFields names={options.names} />
          </Section>
          <Section title="How its risk is read">
            <Dimensions />
          </Section>
        </div>
        <aside
          aria-label="Preview"
          className="min-w-0 lg:sticky lg:row-span-2 lg:top-4 lg:max-h-[calc(100dvh-96px)] lg:self-start lg:overflow-y-auto lg:pr-1"
        >
          <Section title="Preview">
            <LivePreview sample={sample} setSample={setSample} />
          </Section>
        </aside>
        <div className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
          <ProblemLine error={save.error} />
          {stale && recorded ? <Stale before={recorded.type} takeOver={takeOver} /> : null}
          <Buttons pending={save.isPending || save.isSuccess} submit={submit} />
        </div>
      </form>
    </FormProvider>
  );
}

function Places({ places }: { places: readonly Place[] }) {
  return (
    <datalist id={placesList}>
      {places.map(({ pointer, example }) => (
        <option key={pointer} value={pointer}>
          {example}
        </option>
      ))}
    </datalist>
  );
}

const nameable = /^\/([A-Za-z0-9_]+)$/;

function What({ options, known, places }: { options: FormOptions; known: boolean; places: readonly Place[] }) {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const names = places.flatMap(({ pointer, kind }) =>
    kind === 'text' || kind === 'number' || kind === 'boolean' ? (nameable.exec(pointer)?.[1] ?? []) : [],
  );
  return (
    <div className="flex flex-col gap-3 pb-4">
      <TextField
        label="Name"
        placeholder="payments.schedule"
        autoComplete="off"
        spellCheck={false}
        readOnly={known}
        hint={known ? 'The name is what agents ask for, so it cannot be changed.' : 'As agents ask for it.'}
        error={trouble('name')}
        className="[&_input]:font-mono [&_input]:text-[13px]"
        {...register('name')}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Title"
          placeholder="Vendor payments"
          hint="A plural: sentences begin with it."
          error={trouble('title')}
          {...register('title')}
        />
        <Choice
          label="System"
          none="Choose…"
          options={options.systems.map(({ id, name }) => ({ value: id, label: name }))}
          error={trouble('system')}
          hint={
            options.systems.length === 0 ? (
              <Link href="/registry/systems" className={link}>
                Add a system first
              </Link>
            ) : undefined
          }
          {...register('system')}
        />
      </div>
      <SentenceField names={names} />
    </div>
  );
}

function Dimensions() {
  return (
    <div className="-mt-2">
      <MoneyDimension />
      <RecordsDimension />
      <LevelDimension name="sensitivity" />
      <LevelDimension name="audience" />
      <LabelsDimension name="categories" />
      <LabelsDimension name="regimes" />
      <CounterpartyDimension />
    </div>
  );
}

function Buttons({ pending, submit }: { pending: boolean; submit: (intent: Intent) => Promise<void> }) {
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" size="lg" disabled={pending} onClick={() => void submit('classify')}>
          {pending ? 'Saving…' : 'Classify'}
        </Button>
        <Button size="lg" disabled={pending} type="submit">
          Save as a proposal
        </Button>
      </div>
      <p className="max-w-[64ch] text-sm text-ink-2">
        Classified, it is in force with the next check. As a proposal it stays out of everyone’s scope until somebody classifies it; so does
        a known one whose schema or reading is changed.
      </p>
    </>
  );
}

/** useLeaveWarning asks before the browser throws away what was typed. */
function useLeaveWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
}
