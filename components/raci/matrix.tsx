import type { ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { holdersIn } from '@/lib/raci/domain';
import { raciRoles, raciRoleTexts, stageTexts, type Gap, type MatrixView, type RaciRole, type Row } from '@/lib/raci/schema';
import { GapLines, Holders } from './holders';

const columns = 'md:grid md:grid-cols-[minmax(150px,1.1fr)_minmax(130px,1fr)_repeat(3,minmax(130px,1.3fr))] print:grid print:grid-cols-5';

/** Matrix is stages by roles: a table on a desk and on paper, stages one below the other on a phone. `cell` draws what stands in a cell, for editing. */
export function Matrix({
  label,
  rows,
  gaps,
  names,
  cell,
  aside,
}: {
  label: string;
  rows: readonly Row[];
  gaps: readonly Gap[];
  names: Pick<MatrixView, 'people' | 'teams'>;
  cell?: (row: Row, role: RaciRole, shown: ReactNode) => ReactNode;
  aside?: (row: Row) => ReactNode;
}) {
  return (
    <div role="table" aria-label={label} className="text-sm">
      <div role="row" className={classNames('border-b border-line text-xs text-ink-2 max-md:hidden print:grid', columns)}>
        <div role="columnheader" className="px-2 py-1.5 font-medium">
          Stage
        </div>
        {raciRoles.map((role) => (
          <div key={role} role="columnheader" className="px-2 py-1.5">
            <span className="font-medium text-ink">{raciRoleTexts[role].title}</span>
            <span className="block">{raciRoleTexts[role].about}</span>
          </div>
        ))}
      </div>
      {rows.map((row) => (
        <div
          key={row.stage}
          role="row"
          data-stage={row.stage}
          className={classNames('break-inside-avoid border-b border-line max-md:py-3', columns)}
        >
          <div role="rowheader" className="px-2 py-2 max-md:px-0 max-md:pt-0">
            <span className="font-semibold">{stageTexts[row.stage].title}</span>
            <span className="block text-xs text-ink-2">{stageTexts[row.stage].about}</span>
            {aside?.(row)}
          </div>
          {raciRoles.map((role) => {
            const here = gaps.filter((gap) => gap.stage === row.stage && gap.role === role);
            const holders = holdersIn(row, role);
            const shown = (
              <>
                {holders.length === 0 && here.length > 0 ? null : <Holders holders={holders} names={names} />}
                <GapLines gaps={here} />
              </>
            );
            return (
              <div
                key={role}
                role="cell"
                data-role={role}
                className={classNames(
                  'min-w-0 px-2 py-2 max-md:grid max-md:grid-cols-[104px_minmax(0,1fr)] max-md:gap-2 max-md:px-0 max-md:py-1',
                  here.length > 0 && 'bg-danger-soft max-md:-mx-2 max-md:rounded-md max-md:px-2',
                )}
              >
                <span className="text-ink-2 md:hidden print:hidden">{raciRoleTexts[role].title}</span>
                <div className="min-w-0">{cell ? cell(row, role, shown) : shown}</div>
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
