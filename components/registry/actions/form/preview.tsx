'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { Reasons } from '@/components/ledger/reasons';
import { apiPost } from '@/components/live/query';
import { sentenceOf as whatWentWrong } from '@/components/live/save';
import { Fact, Facts } from '@/components/text/facts';
import { TierMark, VerdictMark } from '@/components/text/verdict';
import { Verbatim } from '@/components/text/verbatim';
import { classNames } from '@/components/ui/class-names';
import { Notice } from '@/components/ui/page';
import { TextArea } from '@/components/ui/field';
import { formatMoney, moneyArgument, sentenceOf } from '@/lib/approvals/domain/wording';
import type { Json } from '@/lib/kernel/canonical';
import { Preview, type PreviewReading, type PreviewRequest } from '@/lib/policy/schema/preview';
import { readTypedJson, type TypedJson } from '@/lib/registry/domain/arguments/line';
import { ActionName, ActionType } from '@/lib/registry/schema';
import { readRisk } from './read';
import { FormValues } from './values';

/** How long a person must stop typing before the server is asked. */
const restMs = 350;

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

/** requestOf is what the form says so far, as far as it can be used; undefined while schema or sample are not JSON. */
function requestOf(values: FormValues, sample: TypedJson): PreviewRequest | undefined {
  const parameters = readTypedJson(values.parameters);
  if (!sample.ok || !parameters.ok || typeof parameters.value !== 'object' || parameters.value === null || Array.isArray(parameters.value))
    return undefined;
  const name = ActionName.safeParse(values.name.trim());
  const title = ActionType.shape.title.safeParse(values.title);
  return {
    ...(name.success ? { name: name.data } : {}),
    ...(title.success ? { title: title.data } : {}),
    parameters: parameters.value,
    sample: sample.value,
    classification: readRisk(values).said,
  };
}

/** LivePreview shows what the form makes of sample arguments, as it is typed. Nothing of it is recorded. */
export function LivePreview({ sample, setSample }: { sample: string; setSample: (text: string) => void }) {
  const { control } = useFormContext<FormValues>();
  const values = FormValues.parse(useWatch({ control }));
  const typed = readTypedJson(sample);
  const request = requestOf(values, typed);
  const wanted = request === undefined ? '' : JSON.stringify(request);
  const body = useRested(wanted);
  const preview = useQuery({
    queryKey: ['action-preview', body],
    queryFn: () => apiPost('/api/v1/registry/actions/preview', JSON.parse(body), Preview),
    enabled: body !== '',
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    retry: false,
  });
  // What is shown is of before the last key until the answer to it is here.
  const waiting = wanted !== '' && !preview.isError && (wanted !== body || preview.isPlaceholderData || preview.isPending);
  return (
    <div className="flex flex-col gap-4" data-preview={waiting ? 'waiting' : 'current'}>
      <TextArea
        mono
        rows={8}
        label="Sample arguments"
        hint="Only for looking: they are not kept."
        spellCheck={false}
        value={sample}
        onChange={(event) => setSample(event.target.value)}
        error={typed.ok ? undefined : typed.text}
      />
      {typed.ok ? <SaidToPeople values={values} given={typed.value} /> : null}
      <div aria-live="polite" aria-busy={preview.isFetching} className="flex flex-col gap-4">
        {waiting ? <p className="text-sm text-ink-2">Reading what you typed…</p> : null}
        {preview.error ? <Notice tone="danger">{whatWentWrong(preview.error)}</Notice> : null}
        {preview.data ? (
          <div className={classNames('flex flex-col gap-4', waiting && 'opacity-60')}>
            <Shown preview={preview.data} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

const isRecord = (value: Json): value is { [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

function SaidToPeople({ values, given }: { values: FormValues; given: Json }) {
  const { money } = readRisk(values).said;
  const argument = money === undefined ? undefined : moneyArgument({ money });
  const text = sentenceOf(
    values.name.trim() === '' ? 'This action' : values.name.trim(),
    { arguments: isRecord(given) ? given : {} },
    {
      ...(values.sentence.trim() === '' ? {} : { template: values.sentence.trim() }),
      ...(argument === undefined ? {} : { money: argument }),
    },
  );
  return (
    <div>
      <p className="text-sm text-ink-2">What people would read</p>
      <p className="font-medium" data-preview-sentence>
        <Verbatim text={text} />
      </p>
    </div>
  );
}

function Shown({ preview }: { preview: Preview }) {
  return (
    <>
      <Matching preview={preview} />
      <Decided preview={preview} />
      {preview.readings.length === 0 ? null : (
        <div data-preview-readings>
          <h3 className="mb-1 text-sm font-semibold">What is read</h3>
          <Facts>
            {preview.readings.map((reading) => (
              <Fact key={reading.dimension} name={dimensionNames[reading.dimension]}>
                <Read reading={reading} />
              </Fact>
            ))}
          </Facts>
        </div>
      )}
    </>
  );
}

function Matching({ preview }: { preview: Preview }) {
  if (preview.schemaProblem !== null)
    return (
      <Notice tone="danger">
        <Verbatim text={preview.schemaProblem} />
      </Notice>
    );
  if (preview.mismatches.length === 0) return <p className="text-sm text-ink-2">The sample matches the schema.</p>;
  return (
    <div data-preview-mismatches>
      <h3 className="mb-1 text-sm font-semibold text-danger">The sample does not match the schema</h3>
      <ul className="flex flex-col gap-0.5 text-sm">
        {preview.mismatches.map(({ pointer, text }) => (
          <li key={`${pointer} ${text}`}>
            <code className="text-xs">
              <Verbatim text={pointer === '' ? '/' : pointer} />
            </code>{' '}
            <Verbatim text={text} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const partWords = {
  effect: 'its effect',
  reversibility: 'its reversibility',
  sensitivity: 'the sensitivity',
  audience: 'the audience',
} as const;

function Decided({ preview: { decision, unsaid, gaps } }: { preview: Preview }) {
  return (
    <div data-preview-decision className="border-t border-line pt-3">
      <h3 className="mb-1 text-sm font-semibold">Under today’s policies</h3>
      {unsaid.length > 0 ? (
        <p className="text-sm text-ink-2">Say {new Intl.ListFormat('en').format(unsaid.map((part) => partWords[part]))} to see the tier.</p>
      ) : null}
      {decision === null ? null : (
        <>
          <p className="mb-1 flex flex-wrap items-center gap-x-4 text-base">
            <VerdictMark verdict={decision.verdict} tier={decision.tier} />
            <TierMark tier={decision.tier} />
          </p>
          <Reasons reasons={decision.reasons} deciding={decision.deciding} />
          <p className="mt-1 text-sm text-ink-2">
            For an agent that is held back by nothing but the action itself, once this is classified.
          </p>
        </>
      )}
      {gaps.length === 0 ? null : (
        <ul className="mt-2 flex flex-col gap-0.5 text-sm text-danger">
          {gaps.map((gap) => (
            <li key={gap}>
              <Verbatim text={gap} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const dimensionNames: Record<PreviewReading['dimension'], string> = {
  money: 'Money',
  records: 'Records',
  sensitivity: 'Sensitivity',
  audience: 'Audience',
  categories: 'Data categories',
  regimes: 'Regimes',
  counterparty: 'Counterparty',
};

function Read({ reading: { value, money, problem } }: { reading: PreviewReading }) {
  if (problem !== null)
    return (
      <span className="text-danger">
        <Verbatim text={problem} />
      </span>
    );
  if (money === null) return <Verbatim text={value ?? ''} className="tabular" />;
  return (
    <span className="tabular">
      {formatMoney(money.amount, money.currency)}
      {money.base === null ? null : (
        <span className="text-ink-2">
          {' '}
          = {formatMoney(money.base.amount, money.base.currency)} at the rates of{' '}
          <span className="whitespace-nowrap">{money.base.asOf}</span>
        </span>
      )}
    </span>
  );
}
