import type { Doer, Tx } from '@/lib/people/service';
import type { AgentDoer } from '../../domain/lifecycle';
import { ownsProcess } from '../processes';

/** doerOf is a person as far as it matters to an agent of this process. */
export async function doerOf(tx: Tx, doer: Doer, processId: string): Promise<AgentDoer> {
  if (!doer) return undefined;
  return { roles: doer.roles, personId: doer.personId, ownsProcess: await ownsProcess(tx, doer, processId) };
}
