'use client';

import { Trash2 } from 'lucide-react';
import type { FieldErrors, UseFormReturn } from 'react-hook-form';
import { dimensionWord } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Choice, TextField } from '@/components/ui/field';
import type { DraftForm } from '@/lib/policy/domain/form';
import { FORM_DIMENSIONS, LEVELS, readLadder, type FormLadder } from '@/lib/policy/domain/form-ladder';
import { ladderSentence } from '@/lib/policy/domain/sentences';
import { RAISED_TIERS } from '@/lib/policy/schema';
import { capitalised } from './words';

export const dimensionOptions = FORM_DIMENSIONS.map((value) => ({ value, label: capitalised(dimensionWord(value)) }));
const effectOptions = [
  { value: 'above_read', label: 'all but reads' },
  { value: 'write', label: 'only writes' },
  { value: 'delete', label: 'only deletions' },
  { value: 'send', label: 'only what is sent' },
  { value: 'execute', label: 'only executions' },
];
const audienceOptions = [
  { value: 'external', label: 'external or wider' },
  { value: 'public', label: 'public' },
];
const hints = {
  categories: 'Any of these, such as pii, phi, pci',
  regimes: 'Any of these, such as sox, gdpr',
  confidence: 'From 0 to 1',
  records: 'How many',
} as const;

type Props = {
  form: UseFormReturn<DraftForm>;
  index: number;
  typed: FormLadder;
  subject: string;
  warnings: readonly string[];
  onRemove: () => void;
};

const withCurrency = 'sm:grid-cols-[minmax(120px,1.2fr)_84px_repeat(3,minmax(0,1fr))_auto]';
const withoutCurrency = 'sm:grid-cols-[minmax(120px,1.2fr)_repeat(3,minmax(0,1fr))_auto]';

/** LadderFields edits one ladder and says, as it is typed, what it means. */
export function LadderFields({ form, index, typed, subject, warnings, onRemove }: Props) {
  const { register, setValue, formState } = form;
  const errors: FieldErrors<FormLadder> = formState.errors.ladders?.[index] ?? {};
  const { ladder } = readLadder(typed);
  const name = `ladders.${index}` as const;
  const emptyTiers = () => {
    for (const tier of RAISED_TIERS) setValue(`${name}.tier${tier}`, '', { shouldDirty: true });
  };
  return (
    <li className="flex flex-col gap-3 border-t border-line py-4 first:border-t-0 first:pt-0" data-ladder={index}>
      <div className={classNames('grid grid-cols-2 items-start gap-3', typed.dimension === 'money' ? withCurrency : withoutCurrency)}>
        <Choice
          label="Look at"
          className={typed.dimension === 'money' ? undefined : 'max-sm:col-span-2'}
          options={dimensionOptions}
          error={errors.dimension?.message}
          {...register(`${name}.dimension`, { onChange: emptyTiers })}
        />
        {typed.dimension === 'money' ? (
          <TextField
            label="Currency"
            spellCheck={false}
            autoComplete="off"
            error={errors.currency?.message}
            {...register(`${name}.currency`)}
          />
        ) : null}
        {typed.dimension === 'scope' ? (
          <p className="col-span-2 self-center text-sm text-ink-2 sm:col-span-3 sm:pt-6">
            Always Tier 4, for what is outside the agent’s scope.
          </p>
        ) : (
          RAISED_TIERS.map((tier) => (
            <TierField key={tier} form={form} index={index} tier={tier} typed={typed} error={errors[`tier${tier}`]?.message} />
          ))
        )}
        <Button
          tone="quiet"
          size="icon"
          aria-label={`Remove ladder ${index + 1}`}
          onClick={onRemove}
          className="justify-self-end sm:mt-[22px]"
        >
          <Trash2 size={15} aria-hidden />
        </Button>
      </div>
      {typed.dimension === 'scope' ? null : <Circumstances form={form} index={index} typed={typed} errors={errors} />}
      <div aria-live="polite" className="flex flex-col gap-1 text-sm">
        {ladder === null ? null : <p data-sentence>{ladderSentence(subject, ladder)}</p>}
        {warnings.map((warning) => (
          <p key={warning} className="text-tier-3" data-warning>
            {warning}
          </p>
        ))}
      </div>
    </li>
  );
}

type TierFieldProps = { form: UseFormReturn<DraftForm>; index: number; tier: 2 | 3 | 4; typed: FormLadder; error: string | undefined };

function TierField({ form, index, tier, typed, error }: TierFieldProps) {
  const field = form.register(`ladders.${index}.tier${tier}`);
  const { dimension } = typed;
  if (dimension === 'sensitivity' || dimension === 'reversibility' || dimension === 'audience') {
    const options = LEVELS[dimension].map((value) => ({ value, label: value }));
    return <Choice label={`Tier ${tier} from`} none="never" options={options} error={error} {...field} />;
  }
  const label =
    dimension === 'confidence'
      ? `Tier ${tier} below`
      : dimension === 'categories' || dimension === 'regimes'
        ? `Tier ${tier} with`
        : `Tier ${tier} from`;
  const numeric = dimension === 'money' || dimension === 'records' || dimension === 'confidence';
  return (
    <TextField
      label={label}
      inputMode={numeric ? (dimension === 'records' ? 'numeric' : 'decimal') : 'text'}
      placeholder="never"
      spellCheck={false}
      autoComplete="off"
      error={error}
      {...(tier === 2 && dimension !== 'money' && dimension !== 'scope' ? { hint: hints[dimension] } : {})}
      {...field}
    />
  );
}

type CircumstancesProps = { form: UseFormReturn<DraftForm>; index: number; typed: FormLadder; errors: FieldErrors<FormLadder> };

function Circumstances({ form, index, typed, errors }: CircumstancesProps) {
  const { register } = form;
  const name = `ladders.${index}` as const;
  const narrowed = typed.effect !== '' || typed.categories !== '' || typed.regimes !== '' || typed.audience !== '';
  const wrong = errors.categories ?? errors.regimes;
  return (
    <details className="text-sm" open={narrowed || wrong !== undefined ? true : undefined}>
      <summary className="w-fit text-ink-2 hover:text-ink">Only under certain circumstances</summary>
      <div className="mt-2 grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Choice label="Which actions" none="all of them" options={effectOptions} {...register(`${name}.effect`)} />
        <TextField
          label="With all these data categories"
          spellCheck={false}
          error={errors.categories?.message}
          {...register(`${name}.categories`)}
        />
        <TextField label="Under all these regimes" spellCheck={false} error={errors.regimes?.message} {...register(`${name}.regimes`)} />
        <Choice label="To an audience" none="any" options={audienceOptions} {...register(`${name}.audience`)} />
      </div>
    </details>
  );
}
