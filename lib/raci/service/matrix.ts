import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { lockProcess } from '@/lib/registry/service';
import { changesBetween, problemsOf, rowsOf } from '../domain';
import { MatrixChange, type CellChange, type RuleProblem } from '../schema';
import * as store from '../store';
import { factsOf } from './facts';

export type MatrixOutcome =
  | { ok: true; changes: CellChange[] }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND'>
  | (Refused<'CHANGED_MEANWHILE'> & { changes: CellChange[] })
  | (Refused<'RULES'> & { problems: RuleProblem[] });

/**
 * changeMatrix makes the matrix of a process (or the exceptions of one agent in it) what `rows` say, in one commit with its event, if it is still as
 * it was shown: CHANGED_MEANWHILE lists what somebody else changed. RULES lists every rule it would break. Gateways name the new Accountable, and
 * requests are routed anew, from this commit on. Throws when `input` is not a MatrixChange.
 */
export function changeMatrix(actor: Actor, processId: string, input: MatrixChange): Promise<MatrixOutcome> {
  const { agentId, shown, rows } = MatrixChange.parse(input);
  return actAs(actor, 'raci:manage', async (tx): Promise<MatrixOutcome> => {
    // One editor at a time; a verdict that is just being given keeps the row until it commits.
    if (!(await lockProcess(tx, processId))) return { ok: false, code: 'NOT_FOUND' };
    const cells = (await store.listCells(tx, processId)).filter((cell) => cell.agentId === agentId);
    const current = rowsOf(cells);
    const since = changesBetween(shown, current);
    if (since.length > 0) return { ok: false, code: 'CHANGED_MEANWHILE', changes: since };
    const changes = changesBetween(current, rows);
    await store.lockPeople(tx, [
      ...new Set(changes.flatMap(({ added }) => added.flatMap(({ type, id }) => (type === 'user' ? [id] : [])))),
    ]);
    const facts = await factsOf(tx, processId);
    if (agentId !== null && !facts.agents.some(({ id }) => id === agentId)) return { ok: false, code: 'NOT_FOUND' };
    const problems = problemsOf(agentId, rows, current, facts);
    if (problems.length > 0) return { ok: false, code: 'RULES', problems };
    if (changes.length === 0) return { ok: true, changes };
    await store.writeChanges(tx, processId, agentId, changes);
    await appendEvent(tx, {
      kind: 'raci.changed',
      actor,
      subject: { type: 'process', id: processId },
      data: { agent: agentId, changes },
    });
    return { ok: true, changes };
  });
}
