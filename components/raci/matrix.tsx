import { Pencil, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { holdersIn } from '@/lib/raci/domain';
import { raciRoles, raciRoleTexts, stageTexts, type Gap, type MatrixView, type RaciRole, type Row, type Stage } from '@/lib/raci/schema';
import { GapLines, Holders } from './holders';

const columns = 'md:grid md:grid-cols-[minmax(150px,1.1fr)_minmax(130px,1fr)_repeat(3,minmax(130px,1.3fr))] print:grid print:grid-cols-5';

/** What a matrix needs in order to be edited: which cells differ from what is saved, and what to do when one is to be changed. */
export type MatrixEdit = {
  isChanged: (stage: Stage, role: RaciRole) => boolean;
  onCell: (row: Row, role: RaciRole) => void;
  /** For exceptions, which can be taken back row by row. */
  onTakeBack?: (stage: Stage) => void;
};

type Props = {
  label: string;
  rows: readonly Row[];
  gaps: readonly Gap[];
  names: Pick<MatrixView, 'people' | 'teams'>;
  edit?: MatrixEdit;
};

/** Matrix is stages by roles: a table on a desk and on paper, stages one below the other on a phone. */
export function Matrix({ label, rows, gaps, names, edit }: Props) {
  return (
    <div role="table" aria-label={label} className="text-sm">
      <Head />
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
            {edit?.onTakeBack ? <TakeBack stage={row.stage} onTakeBack={edit.onTakeBack} /> : null}
          </div>
          {raciRoles.map((role) => (
            <Cell
              key={role}
              row={row}
              role={role}
              gaps={gaps.filter((gap) => gap.stage === row.stage && gap.role === role)}
              names={names}
              edit={edit}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function Head() {
  return (
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
  );
}

type CellProps = Pick<Props, 'gaps' | 'names'> & { row: Row; role: RaciRole; edit: MatrixEdit | undefined };

function Cell({ row, role, gaps, names, edit }: CellProps) {
  const holders = holdersIn(row, role);
  return (
    <div
      role="cell"
      data-role={role}
      className={classNames(
        'min-w-0 px-2 py-2 max-md:grid max-md:grid-cols-[104px_minmax(0,1fr)] max-md:gap-2 max-md:px-0 max-md:py-1',
        gaps.length > 0 && 'bg-danger-soft max-md:-mx-2 max-md:rounded-md max-md:px-2',
      )}
    >
      <span className="text-ink-2 md:hidden print:hidden">{raciRoleTexts[role].title}</span>
      <EditFrame row={row} role={role} edit={edit}>
        {holders.length === 0 && gaps.length > 0 ? null : <Holders holders={holders} names={names} />}
        <GapLines gaps={gaps} />
      </EditFrame>
    </div>
  );
}

/** A cell that can be changed has a button beside it, and a bar when it differs from what is saved. */
function EditFrame({ row, role, edit, children }: Pick<CellProps, 'row' | 'role' | 'edit'> & { children: ReactNode }) {
  if (!edit) return <div className="min-w-0">{children}</div>;
  const changed = edit.isChanged(row.stage, role);
  return (
    <div className={classNames('flex items-start gap-1', changed && 'border-l-2 border-accent pl-2')} data-changed={changed}>
      <div className="min-w-0 flex-1">{children}</div>
      <button
        type="button"
        aria-label={`Change ${raciRoleTexts[role].title} for ${stageTexts[row.stage].title}`}
        className="-mt-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
        onClick={() => edit.onCell(row, role)}
      >
        <Pencil size={14} aria-hidden />
      </button>
    </div>
  );
}

function TakeBack({ stage, onTakeBack }: { stage: Stage; onTakeBack: (stage: Stage) => void }) {
  return (
    <Button tone="quiet" className="mt-1 -ml-3" onClick={() => onTakeBack(stage)}>
      <Undo2 size={14} aria-hidden /> Take back<span className="sr-only"> the exception for {stageTexts[stage].title}</span>
    </Button>
  );
}
