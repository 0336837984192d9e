'use client';

import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Select, type Option } from '@/components/ui/select';
import { FindingFilter, Severity, type FacetCount, type FindingPage } from '@/lib/findings/schema';
import { findingsHref } from './address';
import { severityLabel } from './severity';

const any = 'any';

/** Filters hold their state in the address; each value says how many findings it would leave. */
export function Filters({ view, page }: { view: FindingFilter; page: FindingPage }) {
  const router = useRouter();
  const [pending, begin] = useTransition();
  const go = (change: Parameters<typeof findingsHref>[1]) => begin(() => router.replace(findingsHref(view, change), { scroll: false }));
  const chosen = (value: string): string | undefined => (value === any ? undefined : value);
  const narrowed = [view.detector, view.severity, view.process, view.subject, view.mine].some((value) => value !== undefined);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2" role="group" aria-label="Filters" aria-busy={pending}>
      <Select
        label="Found"
        value={view.detector ?? any}
        options={optionsOf(page.detectors, view.detector)}
        onChange={(value) => go({ detector: chosen(value) })}
      />
      <Select
        label="Severity"
        value={view.severity ?? any}
        options={optionsOf(
          page.severities.map((row) => ({ ...row, label: severityLabel(Severity.parse(row.value)) })),
          view.severity,
        )}
        onChange={(value) => go({ severity: Severity.optional().parse(chosen(value)) })}
      />
      <Select
        label="Process"
        value={view.process ?? any}
        options={optionsOf(page.processes, view.process)}
        onChange={(value) => go({ process: chosen(value) })}
      />
      <Select
        label="Given to"
        value={view.mine ?? any}
        options={[
          { value: any, label: 'Anyone' },
          { value: 'yes', label: `Me (${page.mine})` },
          { value: 'waits', label: `Me, or nobody and mine to close (${page.waits})` },
        ]}
        onChange={(value) => go({ mine: FindingFilter.shape.mine.parse(chosen(value)) })}
      />
      {narrowed ? (
        <Button
          tone="quiet"
          onClick={() => go({ detector: undefined, severity: undefined, process: undefined, subject: undefined, mine: undefined })}
        >
          Clear
        </Button>
      ) : null}
    </div>
  );
}

function optionsOf(values: readonly FacetCount[], chosen: string | undefined): Option[] {
  const options = values.map(({ value, label, count }) => ({ value, label: `${label} (${count})` }));
  // What was asked for by address stays visible, even where it leaves nothing.
  if (chosen !== undefined && !options.some(({ value }) => value === chosen)) options.push({ value: chosen, label: `${chosen} (0)` });
  return [{ value: any, label: 'Any' }, ...options];
}
