'use client';

import type { ReactNode } from 'react';
import { Controller, get, type FieldErrors, type UseFormReturn } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Choice, TextArea, TextField } from '@/components/ui/field';
import type { AgentField, EditedPart } from '@/lib/registry/domain/lifecycle';
import { environments, PURPOSE_LENGTH_MAX, riskCategories, SUCCESSORS_MAX } from '@/lib/registry/schema';
import type { ActionChoice } from '@/lib/registry/reading/schema';
import type { FormBody, FormValues } from './form-values';
import { ActionPicker } from './picker';
import { environmentLabels, floorWords, riskLabels } from './words';

export type FormOptions = {
  people: readonly { value: string; label: string }[];
  processes: readonly { value: string; label: string }[];
  choices: readonly ActionChoice[];
};
export type AgentFormState = UseFormReturn<FormValues, unknown, FormBody>;
/** `asks`: fields that change once another person approves it. */
type Props = { form: AgentFormState; options: FormOptions; isNew: boolean; asks?: readonly EditedPart[] };

/** Hints says under a field what belongs there, and whether another person has to agree to a change of it. */
type Hints = (field: AgentField, hint?: string) => ReactNode;
const hintsFor =
  (asks: readonly EditedPart[]): Hints =>
  (field, hint) => {
    const later = field === 'nextReviewOn' && asks.includes('later review');
    if (!later && !asks.includes(field)) return hint;
    return (
      <>
        {hint} <span data-second-person={field}>{later ? 'A later day by request.' : 'By request.'}</span>
      </>
    );
  };

/** messageOf is what is wrong with a field, or the first of its lines that is. */
function messageOf(errors: FieldErrors<FormValues>, name: string): string | undefined {
  const error: unknown = get(errors, name);
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string' && error.message !== '') return error.message;
  for (const [index, line] of Object.entries(error))
    if (typeof line === 'object' && line !== null && 'message' in line && typeof line.message === 'string')
      return `Line ${Number(index) + 1}: ${line.message}`;
  return undefined;
}

/** AgentFields is every part of a record, in the order in which a person thinks of it. */
export function AgentFormFields({ form, options, isNew, asks = [] }: Props) {
  const { register, formState } = form;
  const error = (name: string) => messageOf(formState.errors, name);
  const hint = hintsFor(asks);
  return (
    <>
      <Part title="Who it is" intro="One purpose for one agent. Whatever goes beyond it is another agent, or a change that is reviewed.">
        <TextField label="Name" error={error('name')} {...register('name')} />
        {isNew ? (
          <TextField
            label="Id"
            optional
            hint="agt_ and small letters, such as agt_invoices. Made for you when it is empty; it never changes."
            error={error('id')}
            {...register('id')}
          />
        ) : null}
        <TextArea
          label="Purpose"
          rows={3}
          hint={hint('purpose', 'What it does, for whom, and where it stops.')}
          maxLength={PURPOSE_LENGTH_MAX}
          error={error('purpose')}
          {...register('purpose')}
          className="sm:col-span-2"
        />
        <Choice
          label="Environment"
          hint={hint('environment')}
          options={environments.map((value) => ({ value, label: environmentLabels[value] }))}
          error={error('environment')}
          {...register('environment')}
        />
        <TextField
          label="URI"
          optional
          hint="Its name in your identity system, such as spiffe://example.org/invoices."
          error={error('record.uri')}
          {...register('record.uri')}
        />
      </Part>
      <Part title="Who answers for it" intro="The owner is accountable for what it does, and never a person who writes this record.">
        <Choice
          label="Process"
          none="Choose a process"
          hint={hint('processId')}
          options={options.processes}
          error={error('processId')}
          {...register('processId')}
        />
        <Choice
          label="Owner"
          hint={hint('ownerId')}
          none={isNew ? 'The owner of its process' : 'Choose a person'}
          options={options.people}
          error={error('ownerId')}
          {...register('ownerId')}
        />
        <Choice
          label="Sponsor"
          none="Nobody yet"
          hint={hint('sponsorId', 'Who vouches for it. It cannot be activated without one.')}
          options={options.people}
          error={error('sponsorId')}
          {...register('sponsorId')}
        />
        <Choice
          label="Technical owner"
          optional
          none="Nobody yet"
          hint="Who runs it."
          options={options.people}
          error={error('technicalOwnerId')}
          {...register('technicalOwnerId')}
        />
        <Successors
          form={form}
          options={options}
          hint={hint('successorIds', 'When the owner leaves, the first active one answers for it.')}
          error={error('successorIds')}
        />
      </Part>
      <Part title="What it may do" intro="Everything else it asks for is halted. Policy still decides each single call.">
        <Choice
          label="Autonomy floor"
          options={([1, 2, 3, 4] as const).map((value) => ({ value: String(value), label: floorWords[value] }))}
          hint={hint('autonomyFloor', 'A new agent begins at 2; a review promotes it.')}
          error={error('autonomyFloor')}
          {...register('autonomyFloor')}
          className="sm:col-span-2"
        />
        <div className="flex flex-col gap-1 sm:col-span-2">
          <Controller
            control={form.control}
            name="permissions"
            render={({ field }) => (
              <ActionPicker choices={options.choices} value={field.value} onChange={field.onChange} error={error('permissions')} />
            )}
          />
          {asks.includes('permissions') ? <p className="text-sm text-ink-2">{hint('permissions')}</p> : null}
        </div>
        <TextArea
          label="Started by"
          optional
          mono
          hint={hint('triggers', 'One trigger a line: schedule:nightly, email:invoices.')}
          error={error('record.triggers')}
          {...register('record.triggers')}
          className="sm:col-span-2"
        />
      </Part>
      <MoreFields form={form} error={error} hint={hint} />
    </>
  );
}

type MoreProps = { form: AgentFormState; error: (name: string) => string | undefined; hint: Hints };

function MoreFields({ form: { register }, error, hint }: MoreProps) {
  return (
    <>
      <Part title="Risk and data">
        <Choice
          label="EU AI Act category"
          hint={hint('riskCategory')}
          options={riskCategories.map((value) => ({ value, label: riskLabels[value] }))}
          error={error('riskCategory')}
          {...register('riskCategory')}
        />
        <TextField
          label="Data classes"
          optional
          hint={hint('dataClasses', 'Separated by commas: pii, pci, legal.')}
          error={error('record.dataClasses')}
          {...register('record.dataClasses')}
        />
        <TextField
          type="date"
          label="Next review"
          optional
          hint={hint('nextReviewOn')}
          error={error('nextReviewOn')}
          {...register('nextReviewOn')}
        />
        <TextField type="date" label="End of the project" optional hint={hint('endsOn')} error={error('endsOn')} {...register('endsOn')} />
      </Part>
      <Part title="What it is made of" intro="The model is compared with what the agent reports when it runs.">
        <TextField label="Framework" optional error={error('record.framework')} {...register('record.framework')} />
        <TextField
          label="Model vendor"
          optional
          hint={hint('model')}
          error={error('record.model.vendor')}
          {...register('record.model.vendor')}
        />
        <TextField label="Model" optional hint={hint('model')} error={error('record.model.name')} {...register('record.model.name')} />
        <TextField
          label="Model version"
          optional
          hint={hint('model')}
          error={error('record.model.version')}
          {...register('record.model.version')}
        />
        <TextField label="A2A card" optional hint="A web address." error={error('record.a2aCard')} {...register('record.a2aCard')} />
        <TextArea
          label="MCP servers"
          optional
          mono
          hint={hint('mcpServers', 'One web address a line.')}
          error={error('record.mcpServers')}
          {...register('record.mcpServers')}
        />
      </Part>
      <Part title="Links">
        <TextField label="Repository" optional error={error('record.links.repository')} {...register('record.links.repository')} />
        <TextField label="Runbook" optional error={error('record.links.runbook')} {...register('record.links.runbook')} />
        <TextField label="Dashboard" optional error={error('record.links.dashboard')} {...register('record.links.dashboard')} />
      </Part>
      <Part title="What is normal for it" intro="Declared, for people; nothing is decided by it.">
        <TextField
          inputMode="numeric"
          label="Calls a day"
          optional
          error={error('record.baseline.callsPerDay')}
          {...register('record.baseline.callsPerDay')}
        />
        <TextField
          inputMode="decimal"
          label="Typical amount of a call"
          optional
          error={error('record.baseline.typicalAmount')}
          {...register('record.baseline.typicalAmount')}
        />
        <TextField
          label="Its currency"
          optional
          placeholder="EUR"
          maxLength={3}
          error={error('record.baseline.currency')}
          {...register('record.baseline.currency')}
        />
      </Part>
    </>
  );
}

type SuccessorsProps = { form: AgentFormState; options: FormOptions; hint: ReactNode; error: string | undefined };

/** People who inherit it, in order. An empty place is no successor. */
function Successors({ form, options, hint, error }: SuccessorsProps) {
  return (
    <Controller
      control={form.control}
      name="successorIds"
      render={({ field: { value, onChange } }) => (
        <div className="flex flex-col gap-2 sm:col-span-2">
          {value.map((chosen, i) => (
            <div key={i} className="flex items-end gap-2">
              <Choice
                className="flex-1"
                label={`Successor ${i + 1}`}
                none="Nobody"
                options={options.people}
                value={chosen}
                onChange={(event) => onChange(value.with(i, event.target.value))}
              />
              <Button tone="quiet" className="h-9" onClick={() => onChange(value.toSpliced(i, 1))} aria-label={`Remove successor ${i + 1}`}>
                Remove
              </Button>
            </div>
          ))}
          <div className="flex flex-wrap items-center gap-3">
            <Button disabled={value.length >= SUCCESSORS_MAX} onClick={() => onChange([...value, ''])}>
              Add a successor
            </Button>
            <span className="text-sm text-ink-2">{hint}</span>
          </div>
          {error ? (
            <p className="text-sm text-danger" data-field-error>
              {error}
            </p>
          ) : null}
        </div>
      )}
    />
  );
}

function Part({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  return (
    <section className="border-t border-line py-5">
      <h2 className="text-base font-semibold">{title}</h2>
      {intro ? <p className="mt-0.5 max-w-[72ch] text-sm text-ink-2">{intro}</p> : null}
      <div className="mt-3 grid grid-cols-1 items-start gap-4 sm:grid-cols-2">{children}</div>
    </section>
  );
}
