'use client';

import { Pencil, Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Choice } from '@/components/ui/field';
import { Notice } from '@/components/ui/page';
import { applyTemplate, changesBetween, gapsOf, problemsOf } from '@/lib/raci/domain';
import { raciRoleTexts, stages, stageTexts, type MatrixView, type RaciRole, type Row, type Stage } from '@/lib/raci/schema';
import { CellDialog } from './cell-dialog';
import { Matrix } from './matrix';
import { Review } from './review';

type Props = {
  view: MatrixView;
  /** Whose exceptions these are; null: the matrix of the process. */
  agent: { id: string; name: string } | null;
  rows: readonly Row[];
  /** Where the page goes when this is over. */
  back: string;
};

/** Editor edits a whole matrix, or an agent's exceptions: cells are chosen one by one, and saved together after all changes were shown. */
export function Editor({ view, agent, rows: initial, back }: Props) {
  const router = useRouter();
  const agentId = agent?.id ?? null;
  const [shown, setShown] = useState(initial);
  const [names, setNames] = useState(view);
  const [rows, setRows] = useState<Row[]>([...initial]);
  const [cell, setCell] = useState<{ row: Row; role: RaciRole }>();
  const [reviewing, setReviewing] = useState(false);

  const changes = useMemo(() => changesBetween(shown, rows), [shown, rows]);
  const gaps = useMemo(() => gapsOf(agentId, rows, names), [agentId, rows, names]);
  const problems = useMemo(() => problemsOf(agentId, rows, shown, names), [agentId, rows, shown, names]);
  const replace = (row: Row): void => setRows(rows.map((other) => (other.stage === row.stage ? row : other)));
  const isChanged = (stage: Stage, role: RaciRole): boolean => changes.some((change) => change.stage === stage && change.role === role);

  const leave = (): void => {
    router.push(back);
    router.refresh();
  };

  return (
    <section aria-label={agent ? `Exceptions for ${agent.name}` : 'Edit the matrix'} data-editing>
      <div className="sticky top-0 z-10 -mx-4 mb-3 flex flex-wrap items-center gap-2 border-b border-line bg-ground px-4 py-2 md:-mx-6 md:px-6">
        <p className="mr-auto text-sm text-ink-2" aria-live="polite">
          {changes.length === 0
            ? 'Nothing changed yet.'
            : `${changes.length} ${changes.length === 1 ? 'cell' : 'cells'} changed, not saved.`}
        </p>
        {agent ? null : (
          <Button
            onClick={() => setRows(applyTemplate(rows, names.teams))}
            title="Gives empty Responsible cells to teams of the usual names"
          >
            Fill from the template
          </Button>
        )}
        <Button onClick={leave}>{changes.length === 0 ? 'Stop editing' : 'Discard changes'}</Button>
        <Button tone="primary" disabled={changes.length === 0} onClick={() => setReviewing(true)}>
          Review changes
        </Button>
      </div>
      {problems.length > 0 ? (
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
      ) : null}
      {rows.length === 0 ? (
        <p className="py-3 text-ink-2">This agent follows the matrix of its process in every stage.</p>
      ) : (
        <Matrix
          label={agent ? `Exceptions for ${agent.name}` : 'Who does what'}
          rows={rows}
          gaps={gaps}
          names={names}
          cell={(row, role, content) => (
            <div className={isChanged(row.stage, role) ? 'flex items-start gap-1 border-l-2 border-accent pl-2' : 'flex items-start gap-1'}>
              <div className="min-w-0 flex-1">{content}</div>
              <button
                type="button"
                aria-label={`Change ${raciRoleTexts[role].title} for ${stageTexts[row.stage].title}`}
                className="grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
                onClick={() => setCell({ row, role })}
              >
                <Pencil size={14} aria-hidden />
              </button>
            </div>
          )}
          {...(agent
            ? {
                aside: (row: Row) => (
                  <Button
                    size="md"
                    tone="quiet"
                    className="mt-1 -ml-3"
                    onClick={() => setRows(rows.filter(({ stage }) => stage !== row.stage))}
                  >
                    <Undo2 size={14} aria-hidden /> Take back
                  </Button>
                ),
              }
            : {})}
        />
      )}
      {agent ? <AddException view={names} rows={rows} onAdd={(row) => setRows(inOrder([...rows, row]))} /> : null}
      {cell ? <CellDialog row={cell.row} role={cell.role} names={names} onChoose={replace} onClose={() => setCell(undefined)} /> : null}
      {reviewing ? (
        <Review
          processId={view.process.id}
          agentId={agentId}
          shown={shown}
          rows={rows}
          names={names}
          problems={problems}
          onClose={() => setReviewing(false)}
          onSaved={leave}
          onRebased={(next) => {
            setNames(next.view);
            setShown(next.shown);
            setRows(next.rows);
          }}
        />
      ) : null}
    </section>
  );
}

const inOrder = (rows: readonly Row[]): Row[] => stages.flatMap((stage) => rows.filter((row) => row.stage === stage));

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
