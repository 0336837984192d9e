'use client';

import { useFormContext, useWatch } from 'react-hook-form';
import { Choice, TextField } from '@/components/ui/field';
import { useTrouble } from './dimensions';
import { isUndoableWords } from './undoable';
import type { FormValues } from './values';

const effects = [
  { value: 'read', label: 'Reads, and changes nothing' },
  { value: 'write', label: 'Writes: makes or changes something' },
  { value: 'delete', label: 'Deletes something' },
  { value: 'send', label: 'Sends something to somebody' },
  { value: 'execute', label: 'Executes: carries something out' },
];

const reversibilities = [
  { value: 'reversible', label: 'Reversible: as if it had not been' },
  { value: 'compensable', label: 'Compensable: can be made good' },
  { value: 'irreversible', label: 'Irreversible' },
];

/** EffectFields say what the action does and whether and how it is undone. */
export function EffectFields({ names }: { names: readonly string[] }) {
  const { register } = useFormContext<FormValues>();
  const trouble = useTrouble();
  const [effect, reversibility, compensation] = useWatch<FormValues, ['effect', 'reversibility', 'compensation']>({
    name: ['effect', 'reversibility', 'compensation'],
  });
  const undoable = isUndoableWords({ effect, reversibility });
  const unknown = compensation.trim() !== '' && !names.includes(compensation.trim());
  return (
    <div className="grid gap-x-3 gap-y-3 sm:grid-cols-2">
      <Choice label="Effect" none="Choose…" options={effects} error={trouble('effect')} {...register('effect')} />
      <Choice
        label="Reversibility"
        none={effect === 'read' ? 'A read leaves nothing to undo' : 'Choose…'}
        options={reversibilities}
        error={trouble('reversibility')}
        {...register('reversibility')}
      />
      {undoable ? (
        <>
          <TextField
            label="Undone by"
            list="action-type-names"
            autoComplete="off"
            spellCheck={false}
            placeholder="payments.cancel"
            hint={unknown ? 'Not recorded here yet: it can be recorded later.' : 'The action type that undoes this one.'}
            error={trouble('compensation')}
            className="sm:col-span-2 [&_input]:font-mono [&_input]:text-[13px]"
            {...register('compensation')}
          />
          <datalist id="action-type-names">
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </datalist>
          <div className="flex items-start gap-2">
            <TextField
              label="Can be undone for"
              optional
              inputMode="numeric"
              className="flex-1"
              placeholder="24"
              error={trouble('window')}
              {...register('window')}
            />
            <Choice
              label="Unit"
              className="w-28"
              options={[
                { value: 'minute', label: 'minutes' },
                { value: 'hour', label: 'hours' },
                { value: 'day', label: 'days' },
              ]}
              {...register('windowUnit')}
            />
          </div>
          <Choice
            label="At most until"
            options={[
              { value: '', label: 'Nothing else ends it' },
              { value: 'settlement', label: 'Settlement' },
              { value: 'posting', label: 'Posting' },
            ]}
            {...register('until')}
          />
        </>
      ) : null}
    </div>
  );
}
