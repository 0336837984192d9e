import { classNames } from '@/components/ui/class-names';
import type { Severity } from '@/lib/findings/schema';

const looks: Record<Severity, { label: string; look: string }> = {
  critical: { label: 'Critical', look: 'font-semibold text-danger' },
  high: { label: 'High', look: 'font-medium text-danger' },
  medium: { label: 'Medium', look: '' },
  low: { label: 'Low', look: 'text-ink-2' },
};

export const severityLabel = (severity: Severity): string => looks[severity].label;

/** SeverityWord is how grave a finding is, as a word; colour only repeats it. */
export function SeverityWord({ severity }: { severity: Severity }) {
  return <span className={classNames('whitespace-nowrap', looks[severity].look)}>{looks[severity].label}</span>;
}
