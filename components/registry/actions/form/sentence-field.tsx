'use client';

import { useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import { TextField } from '@/components/ui/field';
import { SENTENCE_LENGTH_MAX } from '@/lib/registry/schema';
import { useTrouble } from './dimensions';
import type { FormValues } from './values';

/** SentenceField is what people read before they sign; the names of the arguments can be put where the cursor is. */
export function SentenceField({ names }: { names: readonly string[] }) {
  const { register, getValues, setValue } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const input = useRef<HTMLInputElement | null>(null);
  const { ref, ...field } = register('sentence');
  const insert = (name: string) => {
    const text = getValues('sentence');
    const at = input.current?.selectionStart ?? text.length;
    setValue('sentence', `${text.slice(0, at)}{${name}}${text.slice(input.current?.selectionEnd ?? at)}`, { shouldDirty: true });
    input.current?.focus();
    const cursor = at + name.length + 2;
    requestAnimationFrame(() => input.current?.setSelectionRange(cursor, cursor));
  };
  return (
    <div className="flex flex-col gap-1">
      <TextField
        label="Sentence"
        optional
        maxLength={SENTENCE_LENGTH_MAX}
        placeholder="Pay {amount} {currency} to vendor {vendor}"
        hint="What one such action does, as people read it. Braces name arguments."
        error={trouble('sentence')}
        {...field}
        ref={(element) => {
          ref(element);
          input.current = element;
        }}
      />
      {names.length === 0 ? null : (
        <p className="flex flex-wrap items-center gap-1 text-sm text-ink-2">
          Put in
          {names.map((name) => (
            <button
              key={name}
              type="button"
              onClick={() => insert(name)}
              className="rounded-[4px] border border-line px-1.5 py-1 font-mono text-xs text-ink hover:bg-sunken"
            >
              {`{${name}}`}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
