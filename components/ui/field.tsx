import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names';

const control =
  'w-full rounded-md border border-control bg-raised px-2.5 text-base text-ink placeholder:text-ink-2 disabled:border-line disabled:bg-sunken aria-invalid:border-danger';

type FieldProps = {
  label: string;
  /** What belongs here, where the label does not say it; stands under the control. */
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  className?: string | undefined;
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
};

/** Field is a labelled control with its hint and, beside it, what is wrong with it. */
export function Field({ label, hint, error, optional = false, className, children }: FieldProps) {
  const id = useId();
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={classNames('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional ? <span className="font-normal text-ink-2"> (optional)</span> : null}
      </label>
      {children({ id, ...(about === '' ? {} : { 'aria-describedby': about }), ...(error ? { 'aria-invalid': true as const } : {}) })}
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-ink-2">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-sm text-danger" data-field-error>
          {error}
        </p>
      ) : null}
    </div>
  );
}

type Labelled = Omit<FieldProps, 'children'>;

/** TextField is one line of text. `ref`, `name` and handlers come from react-hook-form's register(). */
export function TextField({ label, hint, error, optional, className, ...input }: Labelled & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false} className={className}>
      {(given) => <input {...given} {...input} className={classNames(control, 'h-9')} />}
    </Field>
  );
}

/** TextArea is several lines of text; `mono` for JSON and the like. */
export function TextArea({
  label,
  hint,
  error,
  optional,
  className,
  mono = false,
  ...area
}: Labelled & ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false} className={className}>
      {(given) => (
        <textarea rows={3} {...given} {...area} className={classNames(control, 'py-1.5', mono && 'font-mono text-[13px] leading-5')} />
      )}
    </Field>
  );
}

/** Choice is a native select: one of a list, also on a phone. `none` is what no choice is called. */
export function Choice({
  label,
  hint,
  error,
  optional,
  className,
  options,
  none,
  ...select
}: Labelled & ComponentProps<'select'> & { options: readonly { value: string; label: string; disabled?: boolean }[]; none?: string }) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false} className={className}>
      {(given) => (
        <select {...given} {...select} className={classNames(control, 'h-9')}>
          {none === undefined ? null : <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Tick is one box with its sentence. */
export function Tick({ label, hint, className, ...box }: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  return (
    <label className={classNames('flex min-w-0 items-start gap-2 text-base', className)}>
      <input type="checkbox" {...box} className="mt-[3px] size-4 shrink-0 accent-(--accent)" />
      <span className="min-w-0">
        {label}
        {hint ? <span className="block text-sm text-ink-2">{hint}</span> : null}
      </span>
    </label>
  );
}
