import type { Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import type { Agent } from '../../schema';
import * as store from '../../store/agents';

export * from './edit';
export { doerOf } from './doer';
export { gapsOfChange, readGapsOfChange, readGate } from './gate';
export * from './moves';
export * from './register';
export { whyNotRecord } from './fields';

/** findAgent answers one record of the inventory, or undefined; inside a transaction when one is given. */
export const findAgent = (id: string, tx?: Tx): Promise<Agent | undefined> => store.findAgent(tx ?? prisma(), id);
/** holdAgent is findAgent that keeps the record as it is until the transaction ends. */
export const holdAgent = (tx: Tx, id: string): Promise<Agent | undefined> => store.holdAgent(tx, id);
/** lockAgent is findAgent that takes the record for a change of it, until the transaction ends. */
export const lockAgent = (tx: Tx, id: string): Promise<Agent | undefined> => store.lockAgent(tx, id);
/** listAgents answers the inventory in id order. */
export const listAgents = (): Promise<Agent[]> => store.listAgents(prisma());
