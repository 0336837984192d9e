import { sha256 } from '@/lib/kernel/hash';
import type { Breaker } from '../schema';

/** How long a used probe stays used: longer than any breaker is half-open with its probes used up. */
export const probeWindowSeconds = 30 * 86_400;

/** counterOf names the counter of a breaker's probes. */
export const counterOf = ({ agentId, actionType, openedAt }: Pick<Breaker, 'agentId' | 'actionType' | 'openedAt'>): string =>
  probeCounter(agentId, actionType, openedAt);

/** probeCounter names, in hex, the commit's counter of the probes of one opening of a breaker. */
export const probeCounter = (agent: string, actionType: string, openedAt: Date): string =>
  sha256(JSON.stringify(['breaker probes', agent, actionType, openedAt.getTime()])).toString('hex');
