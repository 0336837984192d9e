import type { ChartUnit } from '@/components/charts/format';
import { chartNumber } from '@/components/charts/format';
import type { CriterionView, MetricView, Standing } from '@/lib/maturity/schema';
import { formatShare } from '@/lib/outcomes/domain/completeness';

/** How a value stands to its band, with a shape that needs no colour. */
export const standings: Record<Standing, { shape: string; word: string; tone: string }> = {
  within: { shape: '●', word: 'Within its band', tone: 'text-live' },
  low: { shape: '▼', word: 'Below its band', tone: 'text-tier-3' },
  high: { shape: '▲', word: 'Above its band', tone: 'text-tier-3' },
  unbanded: { shape: '–', word: 'No band', tone: 'text-ink-2' },
  none: { shape: '○', word: 'Nothing to measure', tone: 'text-ink-2' },
};

/** valueText writes a metric's value; a share is whole only when all of it is. */
export function valueText({ value, unit, id }: Pick<MetricView, 'value' | 'unit' | 'id'>): string {
  if (value === null) return '–';
  return id === 'audit-completeness' ? formatShare(value) : chartNumber(value, unit satisfies ChartUnit);
}

/** measuredText writes what a criterion read. */
export const measuredText = ({ unit, value, n }: CriterionView): string =>
  n === 0 ? 'no records' : unit === 'share' ? `${formatShare(value)} of ${n.toLocaleString('en')}` : value.toLocaleString('en');
export const targetText = ({ unit, target }: CriterionView): string =>
  unit === 'share' ? `at least ${chartNumber(target, 'share')}` : target === 0 ? 'at least 1' : target.toLocaleString('en');
