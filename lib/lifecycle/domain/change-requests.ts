import {
  agentFields,
  changesOf,
  editedBy,
  fieldWords,
  hasBuilt,
  reaches,
  withFields,
  type AgentChange,
  type AgentDoer,
  type AgentField,
} from '@/lib/registry/domain/lifecycle';
import type { Agent, AgentFields, AgentStatus } from '@/lib/registry/schema';
import type { ChangeLine, ChangeRequest } from '../schema/change-requests';

/** takesRequests tells whether an agent is in a state in which what it is changes by request alone: it was reviewed, and is not over. */
export const takesRequests = (status: AgentStatus): boolean => editedBy(status) === 'agents:activate' && status !== 'decommissioned';

/**
 * asksAsEngineer tells whether this person asks for a change as an engineer, so that it makes them one of those who built the agent; whoever answers for
 * it and asks does not build it.
 */
export const asksAsEngineer = (doer: AgentDoer): boolean => doer !== undefined && !reaches(doer, 'agents:activate');

type Asked = Pick<ChangeRequest, 'status' | 'editors'>;
type WhyNotDecide = { code: 'NOT_ALLOWED' | 'OWN_REQUEST' | 'OWN_AGENT' | 'CLOSED' | 'WRONG_STATE'; text: string } | undefined;

/**
 * whyNotDecide says why this person cannot approve or reject a request now; undefined: they can. Persons are compared, so no second account helps.
 * `doer.ownsProcess` is about every process that the agent is or would be in. Countersign itself decides nothing.
 */
export function whyNotDecide(request: Asked, agent: Pick<Agent, 'status' | 'editors'>, doer: AgentDoer): WhyNotDecide {
  if (!doer || !reaches(doer, 'changes:decide'))
    return { code: 'NOT_ALLOWED', text: 'The owner of its process, a leader, security or a risk officer decides this.' };
  if (hasBuilt(doer, agent)) return { code: 'OWN_AGENT', text: 'You wrote this agent’s record, so another person decides.' };
  if (hasBuilt(doer, request)) return { code: 'OWN_REQUEST', text: 'You asked for this or wrote the record, so another person decides.' };
  if (request.status !== 'open') return { code: 'CLOSED', text: `This request was ${request.status} already.` };
  if (!takesRequests(agent.status)) return { code: 'WRONG_STATE', text: 'The agent is in another state by now.' };
  return undefined;
}

type Wanted = Pick<ChangeRequest, 'before' | 'fields' | 'changed'>;

/** wantedOf is a record with what the request changes, and only that. */
export const wantedOf = (request: Wanted, record: AgentFields): AgentFields => withFields(record, request.fields, request.changed);

/** collisionsOf lists the fields of a request that somebody changed since it was made, to something else than what it asks for. */
export function collisionsOf(request: Wanted, agent: AgentFields): AgentField[] {
  const left = new Set(changesOf(agent, wantedOf(request, agent)).map(({ field }) => field));
  return changesOf(request.before, agent)
    .map(({ field }) => field)
    .filter((field) => left.has(field));
}

/** changesIn is what a request changes: of the record as it is while it is open, of the record as it was once it is decided. */
export const changesIn = (request: Wanted & Pick<ChangeRequest, 'status'>, agent: AgentFields): AgentChange[] => {
  const record = request.status === 'open' ? agent : request.before;
  return changesOf(record, wantedOf(request, record));
};

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** linesOf puts changes into words, in the order of the form; ids become names by `nameOf`. */
export function linesOf(changes: readonly AgentChange[], nameOf: (id: string) => string): ChangeLine[] {
  return agentFields.flatMap((field) => changes.filter((change) => change.field === field)).map((change) => lineOf(change, nameOf));
}

function lineOf({ field, before, after }: AgentChange, nameOf: (id: string) => string): ChangeLine {
  const line = { field, words: fieldWords[field] };
  if (!isList(before) || !isList(after))
    return { ...line, before: said(before, nameOf), after: said(after, nameOf), added: [], removed: [] };
  const added = after.filter((one) => !before.includes(one)).map((one) => nameOf(String(one)));
  const removed = before.filter((one) => !after.includes(one)).map((one) => nameOf(String(one)));
  if (added.length + removed.length > 0) return { ...line, before: null, after: null, added, removed };
  const inOrder = (list: unknown[]) => list.map((one) => nameOf(String(one))).join(', ');
  return { ...line, before: inOrder(before), after: inOrder(after), added, removed };
}

/** A value in words; null when nothing was stated. */
function said(value: unknown, nameOf: (id: string) => string): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'object') return nameOf(String(value));
  const stated = Object.entries(value).filter(([, member]) => member !== '' && member !== null);
  return stated.length === 0 ? null : stated.map(([name, member]) => `${name} ${String(member)}`).join(', ');
}
