'use client';

import { get, useFormContext, useWatch, type FieldPath } from 'react-hook-form';
import type { ReactNode } from 'react';
import { Choice, TextField } from '@/components/ui/field';
import { AUDIENCES, SENSITIVITIES } from '@/lib/registry/schema';
import type { FormValues } from './values';

/** The id of the list of pointers that every pointer field offers. */
export const placesList = 'places-of-the-sample';

/** useTrouble answers what is wrong with one field. */
export function useTrouble(): (path: FieldPath<FormValues>) => string | undefined {
  const { formState } = useFormContext<FormValues>();
  return (path) => {
    const error: unknown = get(formState.errors, path);
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
    return typeof message === 'string' ? message : undefined;
  };
}

function Dimension({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <fieldset className="border-t border-line py-3">
      <legend className="float-left w-full text-sm font-semibold">{title}</legend>
      <p className="clear-both mb-2 text-sm text-ink-2">{about}</p>
      <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">{children}</div>
    </fieldset>
  );
}

const options = <Value extends string>(words: Record<Value, string>) =>
  Object.entries<string>(words).map(([value, label]) => ({ value, label }));

function PointerField({ path, label, each = false }: { path: FieldPath<FormValues>; label: string; each?: boolean }) {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  return (
    <TextField
      label={label}
      list={placesList}
      autoComplete="off"
      spellCheck={false}
      placeholder={each ? '/lines/*/amount' : '/amount'}
      error={trouble(path)}
      className="[&_input]:font-mono [&_input]:text-[13px]"
      {...register(path)}
    />
  );
}

const moneyWays = {
  none: 'It moves no money',
  pointer: 'Read from an argument',
  sum: 'The sum over a list',
  constant: 'Always the same amount',
  declared: 'The agent declares it, with a floor',
} as const;

export function MoneyDimension() {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const [from, currencyFrom] = useWatch<FormValues, ['money.from', 'money.currencyFrom']>({ name: ['money.from', 'money.currencyFrom'] });
  const fixed = from === 'constant' || from === 'declared';
  const read = from === 'pointer' || from === 'sum';
  return (
    <Dimension title="Money" about="How much one such action moves. What is missing or not a number is refused, never taken for zero.">
      <Choice label="Money is" options={options(moneyWays)} {...register('money.from')} />
      {read ? <PointerField path="money.pointer" label="Amount at" each={from === 'sum'} /> : null}
      {fixed ? (
        <TextField
          label={from === 'declared' ? 'At least' : 'Amount'}
          inputMode="decimal"
          placeholder="500.00"
          error={trouble('money.amount')}
          {...register('money.amount')}
        />
      ) : null}
      {read ? (
        <Choice
          label="Currency is"
          options={[
            { value: 'pointer', label: 'Read from an argument' },
            { value: 'constant', label: 'Always the same' },
          ]}
          {...register('money.currencyFrom')}
        />
      ) : null}
      {read && currencyFrom === 'pointer' ? <PointerField path="money.currencyPointer" label="Currency at" /> : null}
      {fixed || (read && currencyFrom === 'constant') ? (
        <TextField label="Currency" placeholder="USD" maxLength={3} error={trouble('money.currency')} {...register('money.currency')} />
      ) : null}
    </Dimension>
  );
}

const recordWays = {
  none: 'Not counted',
  constant: 'Always the same number',
  pointer: 'Read from an argument',
  count: 'The length of a list',
  sum: 'The sum over a list',
  declared: 'The agent declares it, with a floor',
} as const;

export function RecordsDimension() {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const from = useWatch<FormValues, 'records.from'>({ name: 'records.from' });
  const labels = { pointer: 'Number at', count: 'List at', sum: 'Numbers at' } as const;
  return (
    <Dimension title="Records" about="How many records one such action touches.">
      <Choice label="Records are" options={options(recordWays)} {...register('records.from')} />
      {from === 'constant' || from === 'declared' ? (
        <TextField
          label={from === 'declared' ? 'At least' : 'Number'}
          inputMode="numeric"
          placeholder="1"
          error={trouble('records.count')}
          {...register('records.count')}
        />
      ) : null}
      {from === 'pointer' || from === 'count' || from === 'sum' ? (
        <PointerField path="records.pointer" label={labels[from]} each={from === 'sum'} />
      ) : null}
    </Dimension>
  );
}

const levelWays = {
  constant: 'Always the same',
  pointer: 'Read from an argument',
  declared: 'The agent declares it, with a floor',
} as const;

const levels = {
  sensitivity: { title: 'Sensitivity', about: 'Of the data it reads or writes.', values: SENSITIVITIES },
  audience: { title: 'Audience', about: 'Who gets to see what it does.', values: AUDIENCES },
} as const;

export function LevelDimension({ name }: { name: 'sensitivity' | 'audience' }) {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const from = useWatch<FormValues, `${typeof name}.from`>({ name: `${name}.from` });
  const { title, about, values } = levels[name];
  return (
    <Dimension title={title} about={about}>
      <Choice label={`${title} is`} options={options(levelWays)} {...register(`${name}.from`)} />
      {from === 'pointer' ? (
        <PointerField path={`${name}.pointer`} label={`${title} at`} />
      ) : (
        <Choice
          label={from === 'declared' ? `${title} at least` : `${title} level`}
          none="Choose…"
          options={values.map((value) => ({ value, label: value }))}
          error={trouble(`${name}.level`)}
          {...register(`${name}.level`)}
        />
      )}
    </Dimension>
  );
}

const labelWays = {
  none: 'None',
  constant: 'Always these',
  pointer: 'Read from an argument',
  declared: 'The agent declares them, at least these',
} as const;

const labelled = {
  categories: { title: 'Data categories', about: 'Such as pii, phi, pci, credentials, legal.' },
  regimes: { title: 'Regimes', about: 'Such as gdpr, sox, hipaa, regulatory-filing, system-configuration.' },
} as const;

export function LabelsDimension({ name }: { name: 'categories' | 'regimes' }) {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const from = useWatch<FormValues, `${typeof name}.from`>({ name: `${name}.from` });
  const { title, about } = labelled[name];
  return (
    <Dimension title={title} about={about}>
      <Choice label={`${title} are`} options={options(labelWays)} {...register(`${name}.from`)} />
      {from === 'pointer' ? <PointerField path={`${name}.pointer`} label="List at" /> : null}
      {from === 'constant' || from === 'declared' ? (
        <TextField
          label="Which"
          placeholder="pii, legal"
          spellCheck={false}
          error={trouble(`${name}.labels`)}
          {...register(`${name}.labels`)}
        />
      ) : null}
    </Dimension>
  );
}

export function CounterpartyDimension() {
  return (
    <Dimension title="Counterparty" about="Who is paid, credited or written to: sums are kept for each of them.">
      <PointerField path="counterparty" label="Counterparty at (optional)" />
    </Dimension>
  );
}
