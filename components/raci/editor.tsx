'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Choice } from '@/components/ui/field';
import { Notice } from '@/components/ui/page';
import { applyTemplate, changesBetween, gapsOf, problemsOf } from '@/lib/raci/domain';
import { stages, stageTexts, type CellChange, type MatrixView, type RaciRole, type Row, type RuleProblem } from '@/lib/raci/schema';
import { CellDialog } from './cell-dialog';
import { Matrix, type MatrixEdit } from './matrix';
import { Review } from './review';

type Props = {
  view: MatrixView;
  /** Whose exceptions these are; null: the matrix of the process. */
  agent: { id: string; name: string } | null;
  rows: readonly Row[];
  /** Where the page goes when this is over. */
  back: string;
};

const inOrder = (rows: readonly Row[]): Row[] => stages.flatMap((stage) => rows.filter((row) => row.stage === stage));

/** What is being edited, what it was when it was shown, and what the rules say of it now: the same functions that the server asks. */
function useDraft(view: MatrixView, agentId: string | null, initial: readonly Row[]) {
  const [base, setBase] = useState({ view, shown: initial });
  const [rows, setRows] = useState<Row[]>([...initial]);
  const { shown } = base;
  const changes = useMemo(() => changesBetween(shown, rows), [shown, rows]);
  const gaps = useMemo(() => gapsOf(agentId, rows, base.view), [agentId, rows, base.view]);
  const problems = useMemo(() => problemsOf(agentId, rows, shown, base.view), [agentId, rows, shown, base.view]);
  return { view: base.view, shown, rows, setRows, setBase, changes, gaps, problems };
}

/** Editor edits a whole matrix, or an agent's exceptions: cells are chosen one by one, and saved together after all changes were shown. */
export function Editor({ view: initialView, agent, rows: initial, back }: Props) {
  const router = useRouter();
  const agentId = agent?.id ?? null;
  const { view, shown, rows, setRows, setBase, changes, gaps, problems } = useDraft(initialView, agentId, initial);
  const [cell, setCell] = useState<{ row: Row; role: RaciRole }>();
  const [reviewing, setReviewing] = useState(false);
  const label = agent ? `Exceptions for ${agent.name}` : 'Who does what';

  const edit: MatrixEdit = {
    isChanged: (stage, role) => changes.some((change) => change.stage === stage && change.role === role),
    onCell: (row, role) => setCell({ row, role }),
    ...(agent ? { onTakeBack: (stage) => setRows(rows.filter((row) => row.stage !== stage)) } : {}),
  };
  const leave = (): void => {
    router.push(back);
    router.refresh();
  };

  return (
    <section aria-label={label} data-editing>
      <Bar
        changes={changes}
        onLeave={leave}
        onReview={() => setReviewing(true)}
        onTemplate={agent ? undefined : () => setRows(applyTemplate(rows, view.teams))}
      />
      <Problems problems={problems} />
      {rows.length === 0 ? (
        <p className="py-3 text-ink-2">This agent follows the matrix of its process in every stage.</p>
      ) : (
        <Matrix label={label} rows={rows} gaps={gaps} names={view} edit={edit} />
      )}
      {agent ? <AddException view={view} rows={rows} onAdd={(row) => setRows(inOrder([...rows, row]))} /> : null}
      {cell ? (
        <CellDialog
          row={cell.row}
          role={cell.role}
          names={view}
          onChoose={(row) => setRows(rows.map((other) => (other.stage === row.stage ? row : other)))}
          onClose={() => setCell(undefined)}
        />
      ) : null}
      {reviewing ? (
        <Review
          processId={view.process.id}
          agentId={agentId}
          shown={shown}
          rows={rows}
          names={view}
          problems={problems}
          onClose={() => setReviewing(false)}
          onSaved={leave}
          onRebased={(next) => {
            setBase({ view: next.view, shown: next.shown });
            setRows(next.rows);
          }}
        />
      ) : null}
    </section>
  );
}

type BarProps = { changes: readonly CellChange[]; onLeave: () => void; onReview: () => void; onTemplate: (() => void) | undefined };

/** The bar above the matrix, in reach wherever one has scrolled to: what is not saved yet, and the way out. */
function Bar({ changes, onLeave, onReview, onTemplate }: BarProps) {
  const none = changes.length === 0;
  return (
    <div className="sticky top-0 z-10 -mx-4 mb-3 flex flex-wrap items-center gap-2 border-b border-line bg-ground px-4 py-2 md:-mx-6 md:px-6">
      <p className="mr-auto text-sm text-ink-2" aria-live="polite">
        {none ? 'Nothing changed yet.' : `${changes.length} ${changes.length === 1 ? 'cell' : 'cells'} changed, not saved.`}
      </p>
      {onTemplate ? (
        <Button onClick={onTemplate} title="Gives empty Responsible cells to teams of the usual names">
          Fill from the template
        </Button>
      ) : null}
      <Button onClick={onLeave}>{none ? 'Stop editing' : 'Discard changes'}</Button>
      <Button tone="primary" disabled={none} onClick={onReview}>
        Review changes
      </Button>
    </div>
  );
}

function Problems({ problems }: { problems: readonly RuleProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="mb-3">
      <Notice tone="danger">
        <p className="font-medium">It cannot be saved like this.</p>
        <ul className="mt-1 list-disc pl-5">
          {problems.map((problem) => (
            <li key={`${problem.stage} ${problem.role} ${problem.text}`} data-rule={problem.code}>
              {problem.text}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

/** A stage in which the agent shall differ begins as its process has it. */
function AddException({ view, rows, onAdd }: { view: MatrixView; rows: readonly Row[]; onAdd: (row: Row) => void }) {
  const free = view.rows.filter(({ stage }) => !rows.some((row) => row.stage === stage));
  if (free.length === 0) return null;
  return (
    <Choice
      label="Add an exception"
      hint="It begins as the process has it, and holds for this agent alone."
      className="mt-4 max-w-72"
      value=""
      none="Choose a stage"
      options={free.map(({ stage }) => ({ value: stage, label: stageTexts[stage].title }))}
      onChange={(event) => {
        const row = free.find(({ stage }) => stage === event.target.value);
        if (row) onAdd(row);
      }}
    />
  );
}
