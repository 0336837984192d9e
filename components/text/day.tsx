'use client';

import { classNames } from '@/components/ui/class-names';
import { useAwake } from './awake';

const localDay = (on: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${on}T00:00:00Z`));

type Props = {
  on: string | null;
  /** Given, a day before it stands out. */
  today?: string;
  none?: string;
};

/** Day is a day of the calendar, the same day wherever it is read, written as the viewer writes days. */
export function Day({ on, today, none = '–' }: Props) {
  const awake = useAwake();
  if (on === null) return <span className="text-ink-2">{none}</span>;
  const past = today !== undefined && on < today;
  return (
    <time
      dateTime={on}
      title={past ? 'This day has passed' : undefined}
      className={classNames('whitespace-nowrap', past && 'font-medium text-danger')}
    >
      {awake ? localDay(on) : on}
    </time>
  );
}
