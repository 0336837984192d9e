'use client';

import { useState } from 'react';
import { useFieldArray, type UseFormReturn } from 'react-hook-form';
import { Section } from '@/components/text/facts';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { readForm, type DraftForm, type FixedParts } from '@/lib/policy/domain/form';
import { emptyLadder, FORM_DIMENSIONS } from '@/lib/policy/domain/form-ladder';
import { selectorSubject } from '@/lib/policy/domain/sentences';
import { policyWarnings } from '@/lib/policy/domain/warnings';
import type { FormOptions } from '@/lib/policy/reading/schema';
import { dimensionOptions, LadderFields } from './form-ladder';

type Props = { form: UseFormReturn<DraftForm>; typed: DraftForm; fixed: FixedParts; options: FormOptions };

/** LaddersFields edits all ladders of a policy. */
export function LaddersFields({ form, typed, fixed, options }: Props) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'ladders' });
  const [dimension, setDimension] = useState<string>('money');
  const titles = new Map(options.actions.map(({ id, name }) => [id, name]));
  const subject = selectorSubject(
    typed.actions.map(({ pattern }) => pattern.trim()).filter((pattern) => pattern !== ''),
    titles,
  );
  const { policy } = readForm(typed, fixed);
  const known = { guardrails: options.guardrails, rates: options.rates, actions: options.actions.map(({ id }) => id) };
  const warnings = policy === null ? [] : policyWarnings(policy, known);
  const add = () => {
    const chosen = FORM_DIMENSIONS.find((one) => one === dimension) ?? 'money';
    append(emptyLadder(chosen, chosen === 'money' ? options.rates.base : ''));
  };
  return (
    <Section title="Ladders" aside="the value at which each tier begins; empty: that tier never begins here">
      <ul className="flex flex-col">
        {fields.map((field, index) => {
          const ladder = typed.ladders[index];
          return ladder === undefined ? null : (
            <LadderFields
              key={field.id}
              form={form}
              index={index}
              typed={ladder}
              subject={subject}
              warnings={warnings.filter((warning) => warning.ladder === index).map(({ text }) => text)}
              onRemove={() => remove(index)}
            />
          );
        })}
      </ul>
      {fields.length === 0 ? (
        <p className="mb-3 text-ink-2">No ladder yet: the policy would cover its actions and ask for nothing.</p>
      ) : null}
      <div className="mt-2 flex flex-wrap gap-2">
        <Select label="What a new ladder looks at" showLabel={false} value={dimension} onChange={setDimension} options={dimensionOptions} />
        <Button onClick={add}>Add a ladder</Button>
      </div>
    </Section>
  );
}
