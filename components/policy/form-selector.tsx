'use client';

import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useFieldArray, type UseFormReturn } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Choice, TextField } from '@/components/ui/field';
import type { DraftForm } from '@/lib/policy/domain/form';
import { matchesPattern } from '@/lib/policy/domain/warnings';
import type { FormOptions } from '@/lib/policy/reading/schema';

const levels = [
  { value: 'organisation', label: 'The whole organisation' },
  { value: 'process', label: 'One process' },
  { value: 'agent', label: 'One agent' },
];
const named = (list: readonly { id: string; name: string }[]) => list.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));

/** SelectorFields edits for whom a policy is and what it covers, with how many action types each pattern matches today. */
export function SelectorFields({
  form,
  typed,
  options,
  baseline,
}: {
  form: UseFormReturn<DraftForm>;
  typed: DraftForm;
  options: FormOptions;
  baseline: boolean;
}) {
  const { register, formState } = form;
  const { errors } = formState;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Choice
          label="For"
          options={levels.map((level) => ({ ...level, disabled: baseline && level.value !== 'organisation' }))}
          {...(baseline ? { hint: 'The baseline is for the whole organisation.' } : {})}
          {...register('level')}
        />
        {typed.level === 'process' ? (
          <Choice
            label="Process"
            none="Choose one"
            options={named(options.processes)}
            error={errors.process?.message}
            {...register('process')}
          />
        ) : null}
        {typed.level === 'agent' ? (
          <Choice label="Agent" none="Choose one" options={named(options.agents)} error={errors.agent?.message} {...register('agent')} />
        ) : null}
      </div>
      <Patterns form={form} typed={typed} options={options} />
    </div>
  );
}

function Patterns({ form, typed, options }: { form: UseFormReturn<DraftForm>; typed: DraftForm; options: FormOptions }) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'actions' });
  const listId = useId();
  const names = options.actions.map(({ id }) => id);
  const prefixes = [...new Set(names.flatMap((name) => (name.includes('.') ? [`${name.slice(0, name.lastIndexOf('.'))}.*`] : [])))];
  const errors = form.formState.errors.actions;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Actions it covers</legend>
      <datalist id={listId}>
        {['*', ...prefixes, ...names].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      {fields.map((field, index) => {
        const pattern = typed.actions[index]?.pattern.trim() ?? '';
        return (
          <div key={field.id} className="flex items-start gap-2">
            <TextField
              label={`Action or prefix ${index + 1}`}
              className="w-full max-w-sm [&>label]:sr-only"
              list={listId}
              spellCheck={false}
              autoComplete="off"
              error={errors?.[index]?.pattern?.message}
              hint={matchWords(pattern, names)}
              {...form.register(`actions.${index}.pattern`)}
            />
            {fields.length > 1 ? (
              <Button tone="quiet" size="icon" aria-label={`Remove action ${index + 1}`} onClick={() => remove(index)} className="mt-0.5">
                <X size={15} aria-hidden />
              </Button>
            ) : null}
          </div>
        );
      })}
      {(errors?.root?.message ?? errors?.message) ? <p className="text-sm text-danger">{errors.root?.message ?? errors.message}</p> : null}
      <Button tone="quiet" className="w-fit" onClick={() => append({ pattern: '' })}>
        <Plus size={15} aria-hidden /> Cover another action
      </Button>
    </fieldset>
  );
}

const namedMax = 3;

function matchWords(pattern: string, names: readonly string[]): string {
  if (pattern === '') return 'An action name, a prefix such as payments.*, or * for everything';
  const matched = names.filter((name) => matchesPattern(pattern, name));
  if (pattern === '*') return `Every action: ${matched.length} action types today`;
  if (matched.length === 0) return 'Matches no action type today';
  const shown = matched.slice(0, namedMax).join(', ');
  return `Matches ${matched.length}: ${shown}${matched.length > namedMax ? ' and others' : ''}`;
}
