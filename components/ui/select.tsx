'use client';

import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { classNames } from './class-names';

export type Option = { value: string; label: string };

/** Select picks one of a few named values; `label` is what a screen reader says, and is shown before the value when `showLabel`. */
export function Select({
  label,
  value,
  onChange,
  options,
  showLabel = true,
  className,
  placeholder,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  showLabel?: boolean;
  className?: string;
  placeholder?: string;
}) {
  return (
    <Base.Root
      items={options}
      value={value === '' && placeholder ? null : value}
      onValueChange={(next) => next !== null && onChange(next)}
      modal={false}
    >
      <Base.Trigger
        aria-label={label}
        className={classNames(
          'inline-flex h-8 max-w-full items-center gap-2 rounded-md border border-line-strong bg-raised px-2.5 text-sm select-none hover:bg-sunken',
          className,
        )}
      >
        {showLabel ? <span className="text-ink-2">{label}</span> : null}
        <Base.Value
          className="truncate font-medium data-placeholder:font-normal data-placeholder:text-ink-2"
          {...(placeholder ? { placeholder } : {})}
        />
        <Base.Icon className="ml-auto text-ink-2">
          <ChevronsUpDown size={13} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-[60] outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-md bg-raised p-1 text-ink shadow-float outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="grid h-9 cursor-default grid-cols-[16px_1fr] items-center gap-2 rounded-[4px] pr-4 pl-2 text-sm outline-none select-none data-highlighted:bg-accent-soft sm:h-8"
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2 truncate">{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
