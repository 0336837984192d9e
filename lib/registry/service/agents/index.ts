import type { Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import type { Agent } from '../../schema';
import * as store from '../../store/agents';

export * from './edit';
export { readGate } from './gate';
export * from './moves';
export * from './register';

/** findAgent answers one record of the inventory, or undefined; inside a transaction when one is given. */
export const findAgent = (id: string, tx?: Tx): Promise<Agent | undefined> => store.findAgent(tx ?? prisma(), id);
/** holdAgent is findAgent that keeps the record as it is until the transaction ends. */
export const holdAgent = (tx: Tx, id: string): Promise<Agent | undefined> => store.holdAgent(tx, id);
/** listAgents answers the inventory in id order. */
export const listAgents = (): Promise<Agent[]> => store.listAgents(prisma());
