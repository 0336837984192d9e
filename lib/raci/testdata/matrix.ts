import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { inTransaction } from '@/lib/people/service';
import { setup } from '@/lib/people/testdata/people';
import { readMatrix } from '../reading';
import type { Holder, MatrixView, Row, Stage } from '../schema';
import { changeMatrix, type MatrixOutcome } from '../service';
import { withRow } from './rows';

export { team, user, withRow } from './rows';

/** matrixOf reads a matrix that is known to be there. */
export async function matrixOf(processId: string): Promise<MatrixView> {
  const view = await readMatrix(processId);
  if (!view) throw new Error(`there is no process ${processId}`);
  return view;
}

/** editRow changes one stage of a process's matrix as set-up, from how it stands now. */
export async function editRow(processId: string, stage: Stage, change: Partial<Row>): Promise<MatrixOutcome> {
  const { rows } = await matrixOf(processId);
  return changeMatrix(setup, processId, { agentId: null, shown: rows, rows: withRow(rows, stage, change) });
}

/** routeTo makes these the Responsible of the Escalation row; throws when the rules refuse it. */
export async function routeTo(processId: string, responsible: readonly Holder[], accountable?: string): Promise<void> {
  const outcome = await editRow(processId, 'escalation', {
    responsible: [...responsible],
    ...(accountable === undefined ? {} : { accountable }),
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
}

/** agentIn records an active agent of a process, as if `authorId` (null: set-up) had registered it and these persons had written in its record. */
export function agentIn(processId: string, ownerId: string, authorId: string | null, editors: string[] = []): Promise<string> {
  const id = newId('agt');
  return inTransaction(async (tx) => {
    await tx.agent.create({
      data: { id, name: 'Test agent', purpose: 'Testing', processId, ownerId, status: 'active', registeredBy: authorId, editors },
    });
    await appendEvent(tx, { kind: 'agent.registered', actor: setup, subject: { type: 'agent', id }, data: { process: processId } });
    return id;
  });
}
