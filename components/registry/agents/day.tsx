import { classNames } from '@/components/ui/class-names';

/** Day is a day of the calendar, the same wherever it is read; one that has passed stands out. */
export function Day({ on, today, none = '–' }: { on: string | null; today: string; none?: string }) {
  if (on === null) return <span className="text-ink-2">{none}</span>;
  const past = on < today;
  return (
    <time
      dateTime={on}
      title={past ? 'This day has passed' : undefined}
      className={classNames('whitespace-nowrap', past && 'font-medium text-danger')}
    >
      {new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
        new Date(`${on}T00:00:00Z`),
      )}
    </time>
  );
}
