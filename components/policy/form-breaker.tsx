'use client';

import type { UseFormReturn } from 'react-hook-form';
import { Section } from '@/components/text/facts';
import { Choice, TextField } from '@/components/ui/field';
import { breakerSentences } from '@/lib/policy/domain/breaker-words';
import type { DraftForm } from '@/lib/policy/domain/form';
import { breakerAsTyped, type FormBreaker } from '@/lib/policy/domain/form-breaker';
import { DURATION_UNITS } from '@/lib/policy/domain/form-duration';
import { BREAKER_DEFAULTS } from '@/lib/policy/schema';

const units = DURATION_UNITS.filter((unit) => unit !== 'days').map((value) => ({ value, label: value }));
const pauseUnits = DURATION_UNITS.map((value) => ({ value, label: value }));
const modes = [
  { value: 'unsaid', label: 'as said elsewhere' },
  { value: 'opens', label: 'opens at' },
  { value: 'never', label: 'never opens' },
];

const parts = [
  { part: 'errors', label: 'Outcomes that did not succeed', of: 'outcomes' },
  { part: 'refusals', label: 'Checks that were refused', of: 'checks' },
  { part: 'spend', label: 'Money that went ahead', of: 'checks' },
] as const;

type Props = { form: UseFormReturn<DraftForm>; typed: FormBreaker; guardrail: boolean };

/** BreakerFields edits when the circuit breaker of what the policy covers opens, and says it as it is typed. */
export function BreakerFields({ form, typed, guardrail }: Props) {
  const { register, formState } = form;
  const errors = formState.errors.breaker;
  const { probes, pauseSeconds } = BREAKER_DEFAULTS;
  const section = breakerAsTyped(typed, guardrail ? 'guardrail' : 'default');
  return (
    <Section title="Circuit breaker" aside="pauses one action of one agent by itself, and tries again">
      <div className="flex flex-col gap-4">
        {parts.map(({ part, label, of }) => (
          <Limit key={part} form={form} typed={typed} part={part} label={label} of={of} guardrail={guardrail} />
        ))}
        <div className="grid gap-4 sm:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)_120px] items-start gap-2">
            <TextField
              label="Stays open"
              inputMode="numeric"
              hint={`Twice as long each time it opens again. Empty: ${pauseSeconds} seconds.`}
              error={errors?.pause?.value?.message}
              {...register('breaker.pause.value')}
            />
            <Choice label="Unit" aria-label="Unit of stays open" options={pauseUnits} {...register('breaker.pause.unit')} />
          </div>
          <TextField
            label="Probes before it closes"
            inputMode="numeric"
            hint={`Actions that go ahead, over all gateways. Empty: ${probes}.`}
            error={errors?.probes?.message}
            {...register('breaker.probes')}
          />
        </div>
        {section === undefined ? null : (
          <ul aria-live="polite" className="flex flex-col gap-1 text-sm" data-breaker-says>
            {breakerSentences(section).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

type LimitProps = Props & { part: 'errors' | 'refusals' | 'spend'; label: string; of: string };

function Limit({ form, typed, part, label, of, guardrail }: LimitProps) {
  const { register, formState } = form;
  const errors = formState.errors.breaker?.[part];
  const money = formState.errors.breaker?.spend;
  return (
    <fieldset className="grid grid-cols-2 items-start gap-3 sm:grid-cols-[minmax(130px,1.2fr)_repeat(2,minmax(0,1fr))_minmax(0,1.6fr)]">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <Choice
        label="Breaker"
        className="max-sm:col-span-2"
        options={guardrail ? modes.filter(({ value }) => value !== 'never' || typed[part].mode === 'never') : modes}
        error={errors?.mode?.message}
        {...register(`breaker.${part}.mode`)}
      />
      {typed[part].mode !== 'opens' ? null : (
        <>
          {part === 'spend' ? (
            <div className="grid grid-cols-[minmax(0,1fr)_76px] gap-2">
              <TextField label="From" inputMode="decimal" error={money?.amount?.message} {...register('breaker.spend.amount')} />
              <TextField label="Currency" spellCheck={false} error={money?.currency?.message} {...register('breaker.spend.currency')} />
            </div>
          ) : (
            <TextField
              label="From percent"
              inputMode="numeric"
              error={formState.errors.breaker?.[part]?.percent?.message}
              {...register(`breaker.${part}.percent`)}
            />
          )}
          <TextField
            label="Of at least"
            inputMode="numeric"
            hint={of}
            error={errors?.atLeast?.message}
            {...register(`breaker.${part}.atLeast`)}
          />
          <div className="grid grid-cols-[minmax(0,1fr)_110px] gap-2 max-sm:col-span-2">
            <TextField
              label="Within"
              inputMode="numeric"
              error={errors?.within?.value?.message}
              {...register(`breaker.${part}.within.value`)}
            />
            <Choice
              label="Unit"
              aria-label={`Unit of within: ${label.toLowerCase()}`}
              options={units}
              {...register(`breaker.${part}.within.unit`)}
            />
          </div>
        </>
      )}
    </fieldset>
  );
}
