'use client';

import { useId, useMemo, useState } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import type { ActionChoice } from '@/lib/registry/reading/schema';

/** How many matches are shown at once; past it a narrower search is asked for. */
const shownMax = 200;

type Props = {
  choices: readonly ActionChoice[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  error?: string | undefined;
};

/** ActionPicker chooses action types, grouped by system, with search. What is chosen stays in sight whatever is searched for. */
export function ActionPicker({ choices, value, onChange, error }: Props) {
  const [text, setText] = useState('');
  const id = useId();
  const chosen = useMemo(() => new Set(value), [value]);
  const words = text.trim().toLowerCase();
  const matching = choices.filter(
    (choice) => words === '' || `${choice.name} ${choice.title} ${choice.system}`.toLowerCase().includes(words),
  );
  const shown = matching.slice(0, shownMax);
  const systems = [...new Set(shown.map(({ system }) => system))];
  const toggle = (name: string) => onChange(chosen.has(name) ? value.filter((one) => one !== name) : [...value, name]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={error ? `${id}-error` : undefined} data-picker>
      <legend className="mb-1 text-sm font-medium">May ask for</legend>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <input
          type="search"
          aria-label="Search action types"
          placeholder="Search by name, title or system"
          value={text}
          onChange={(event) => setText(event.target.value)}
          // Enter searches here; it must not send the form.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          className="h-9 w-full rounded-md border border-control bg-raised px-2.5 text-base sm:w-80"
        />
        <span className="text-sm text-ink-2" aria-live="polite">
          {value.length} chosen
        </span>
      </div>
      <div className="max-h-80 overflow-y-auto rounded-md border border-line" role="group" aria-label="Action types">
        {choices.length === 0 ? (
          <p className="px-3 py-4 text-sm text-ink-2">No action type is recorded yet. Record them under Actions first.</p>
        ) : null}
        {choices.length > 0 && shown.length === 0 ? <p className="px-3 py-4 text-sm text-ink-2">Nothing matches “{text.trim()}”.</p> : null}
        {systems.map((system) => (
          <div key={system}>
            <p className="sticky top-0 border-b border-line bg-sunken px-3 py-1 text-xs font-medium text-ink-2">
              <Verbatim text={system} />
            </p>
            {shown
              .filter((choice) => choice.system === system)
              .map((choice) => (
                <label key={choice.name} className="flex items-start gap-2.5 px-3 py-1.5 hover:bg-sunken">
                  <input
                    type="checkbox"
                    checked={chosen.has(choice.name)}
                    onChange={() => toggle(choice.name)}
                    className="mt-[3px] size-4 shrink-0 accent-(--accent)"
                  />
                  <span className="min-w-0">
                    <span className="font-mono text-[13px] break-all">{choice.name}</span>{' '}
                    <span className="text-sm text-ink-2">
                      <Verbatim text={choice.title} />
                    </span>
                    {choice.status === 'approved' ? null : (
                      <span className="ml-2 text-sm text-danger">{classificationWords[choice.status]}</span>
                    )}
                  </span>
                </label>
              ))}
          </div>
        ))}
        {matching.length > shownMax ? (
          <p className="px-3 py-2 text-sm text-ink-2">{matching.length - shownMax} more match. Search for a narrower name.</p>
        ) : null}
      </div>
      {error ? (
        <p id={`${id}-error`} className="text-sm text-danger" data-field-error>
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

/** How a classification stands, where it is not approved. */
export const classificationWords = { unset: 'not classified', disabled: 'disabled', approved: 'classified' } as const;
