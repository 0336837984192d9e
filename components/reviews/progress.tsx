import { classNames } from '@/components/ui/class-names';

type Props = { total: number; open: number; overdue: number; className?: string };

/** Progress is how much of a campaign is decided or has ended, as a bar and in words. */
export function Progress({ total, open, overdue, className }: Props) {
  const done = total - open;
  const share = total === 0 ? 0 : Math.round((done / total) * 100);
  return (
    <div className={classNames('flex min-w-0 items-center gap-2', className)}>
      <span aria-hidden className="h-1.5 w-24 shrink-0 overflow-hidden rounded-full bg-line-strong max-sm:w-14">
        <span className={classNames('block h-full', overdue > 0 ? 'bg-danger' : 'bg-accent')} style={{ width: `${share}%` }} />
      </span>
      <span className="tabular whitespace-nowrap">
        {done} of {total}
      </span>
    </div>
  );
}
