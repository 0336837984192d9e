import { mayReadArguments } from '@/lib/approvals/domain';
import { readRouting } from '@/lib/approvals/reading';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';

/** Reads tells whether a person may read the arguments of what an agent does in a process. */
export type Reads = (agentId: string, processId: string) => Promise<boolean>;

/**
 * argumentsReader answers Reads for one person: whom the request is routed to is looked up once for each agent and process, and only for those whose
 * roles alone do not say it.
 */
export function argumentsReader(person: User): Reads {
  if (!may(person, 'arguments:read')) return () => Promise.resolve(false);
  if (!ownProcessOnly(person, 'arguments:read')) return () => Promise.resolve(true);
  const known = new Map<string, Promise<boolean>>();
  return (agentId, processId) => {
    const key = `${agentId} ${processId}`;
    const answer = known.get(key) ?? readRouting(agentId, processId).then((routing) => mayReadArguments(person, routing));
    known.set(key, answer);
    return answer;
  };
}
