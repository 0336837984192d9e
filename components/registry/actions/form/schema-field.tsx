'use client';

import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { inferSchema } from '@/lib/registry/domain/arguments/infer';
import { readTypedJson } from '@/lib/registry/domain/arguments/line';
import { useTrouble } from './dimensions';
import type { FormValues } from './values';

/** SchemaField is the parameter schema as text, with a proposal made from the sample arguments and a way back from it. */
export function SchemaField({ sample }: { sample: string }) {
  const { register, getValues, setValue, watch } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const [before, setBefore] = useState<string | null>(null);
  const typed = readTypedJson(watch('parameters'));
  const given = readTypedJson(sample);
  const put = (text: string) => setValue('parameters', text, { shouldDirty: true, shouldValidate: false });
  const infer = () => {
    if (!given.ok) return;
    setBefore(getValues('parameters'));
    put(JSON.stringify(inferSchema(given.value), null, 2));
  };
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        mono
        rows={14}
        label="Parameter schema"
        hint="JSON Schema, draft 2020-12. Arguments that do not match it are refused. Patterns cannot look ahead or back."
        spellCheck={false}
        error={typed.ok ? trouble('parameters') : typed.text}
        {...register('parameters')}
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={infer} disabled={!given.ok}>
          Infer from the sample arguments
        </Button>
        {typed.ok ? (
          <Button tone="quiet" onClick={() => put(JSON.stringify(typed.value, null, 2))}>
            Tidy
          </Button>
        ) : null}
        {before === null ? null : (
          <Button
            tone="quiet"
            onClick={() => {
              put(before);
              setBefore(null);
            }}
          >
            Bring the former schema back
          </Button>
        )}
      </div>
    </div>
  );
}
