import { raciRoles, stages, type Cell, type CellChange, type Holder, type RaciRole, type Row } from '../schema';

/** sameHolder tells whether two cells name the same person or team. */
export const sameHolder = (a: Holder, b: Holder): boolean => a.type === b.type && a.id === b.id;

/** rowsOf reads cells (of a process, or of one agent's exceptions) as rows in the order of stages; a stage without an Accountable is left out. */
export function rowsOf(cells: readonly Cell[]): Row[] {
  return stages.flatMap((stage): Row[] => {
    const here = cells.filter((cell) => cell.stage === stage);
    const held = (role: RaciRole): Holder[] => here.filter((cell) => cell.role === role).map((cell) => cell.holder);
    const accountable = held('accountable').at(0);
    if (!accountable) return [];
    return [
      { stage, accountable: accountable.id, responsible: held('responsible'), consulted: held('consulted'), informed: held('informed') },
    ];
  });
}

/** holdersIn lists who stands in one cell of a row. */
export const holdersIn = (row: Row | undefined, role: RaciRole): Holder[] =>
  row === undefined ? [] : role === 'accountable' ? [{ type: 'user', id: row.accountable }] : row[role];

/** changesBetween lists, cell by cell, who left and who came; empty when both say the same, in whatever order. */
export function changesBetween(before: readonly Row[], after: readonly Row[]): CellChange[] {
  return stages.flatMap((stage) =>
    raciRoles.flatMap((role): CellChange[] => {
      const was = holdersIn(
        before.find((row) => row.stage === stage),
        role,
      );
      const is = holdersIn(
        after.find((row) => row.stage === stage),
        role,
      );
      const removed = was.filter((holder) => !is.some((other) => sameHolder(holder, other)));
      const added = is.filter((holder) => !was.some((other) => sameHolder(holder, other)));
      return removed.length + added.length === 0 ? [] : [{ stage, role, removed, added }];
    }),
  );
}

/** effectiveRows is the matrix as it holds for one agent: its exceptions in place of the process's rows. */
export const effectiveRows = (rows: readonly Row[], exceptions: readonly Row[]): Row[] =>
  rows.map((row) => exceptions.find((exception) => exception.stage === row.stage) ?? row);

/** rebase puts an edit that was begun on `shown` onto what stands there now: cells left alone follow the newer matrix, cells that were edited stay as edited. */
export function rebase(shown: readonly Row[], mine: readonly Row[], current: readonly Row[]): Row[] {
  return stages.flatMap((stage): Row[] => {
    const at = (rows: readonly Row[]) => rows.find((row) => row.stage === stage);
    const [was, edited, now] = [at(shown), at(mine), at(current)];
    if (!edited || !was || !now) {
      const untouched =
        (was === undefined) === (edited === undefined) && changesBetween(was ? [was] : [], edited ? [edited] : []).length === 0;
      const kept = untouched ? now : edited;
      return kept ? [kept] : [];
    }
    const touched = new Set(changesBetween([was], [edited]).map(({ role }) => role));
    const cell = (role: 'responsible' | 'consulted' | 'informed') => (touched.has(role) ? edited[role] : now[role]);
    return [
      {
        stage,
        accountable: touched.has('accountable') ? edited.accountable : now.accountable,
        responsible: cell('responsible'),
        consulted: cell('consulted'),
        informed: cell('informed'),
      },
    ];
  });
}
