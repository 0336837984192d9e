'use client';

import { Chart } from '@/components/charts/chart';
import { drillFailMs, drillPassMs, type DrillView } from '@/lib/containment/schema';

const marks = [
  { value: drillFailMs / 1_000, name: 'Fails after 30 s' },
  { value: drillPassMs / 1_000, name: 'Passes within 1 s' },
];

/** A drill with a silent gateway has no time. What a clock of milliseconds calls nothing is drawn as one. */
const seconds = ({ lastMs, silent }: DrillView): number | null =>
  lastMs === null || silent.length > 0 ? null : Math.max(1, lastMs) / 1_000;

/** DrillChart is how long each drill took, oldest first, beside what passes and what fails. */
export function DrillChart({ drills }: { drills: readonly DrillView[] }) {
  const measured = drills.filter(({ outcome }) => outcome !== null && outcome !== 'aborted').toReversed();
  if (measured.length === 0) return null;
  const silent = measured.filter((drill) => drill.silent.length > 0).length;
  return (
    <section aria-label="Chart" className="mt-6">
      <h2 className="mb-2">From the press to the last acknowledgement</h2>
      <Chart
        title="Kill drills"
        summary={`${measured.length} ${measured.length === 1 ? 'drill' : 'drills'}, in steps of ten times as much.${
          silent === 0 ? '' : ` In ${silent} of them a gateway stayed silent: they have no time and are not drawn.`
        }`}
        xLabel="Pressed (UTC)"
        series={[
          { key: 'seconds', label: 'Last acknowledgement', unit: 'seconds', drawn: true },
          { key: 'gateways', label: 'Gateways', unit: 'number', drawn: false },
          { key: 'silent', label: 'Silent', unit: 'number', drawn: false },
        ]}
        rows={measured.map((drill) => ({
          x: drill.askedAt,
          values: { seconds: seconds(drill), gateways: drill.gateways.length, silent: drill.silent.length },
        }))}
        marks={marks}
        logarithmic
      />
    </section>
  );
}
