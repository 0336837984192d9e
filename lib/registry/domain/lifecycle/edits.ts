import { canonicalJson } from '@/lib/kernel/canonical';
import type { Agent, AgentFields } from '@/lib/registry/schema';
import { editedBy } from './gate';
import { hasBuilt, reaches, type AgentDoer, type WhyNot } from './moves';

/** The members of a record as people compare and change them: the columns, and each part of the document beside them. */
const readers = {
  name: (agent) => agent.name,
  purpose: (agent) => agent.purpose,
  processId: (agent) => agent.processId,
  ownerId: (agent) => agent.ownerId,
  sponsorId: (agent) => agent.sponsorId,
  technicalOwnerId: (agent) => agent.technicalOwnerId,
  successorIds: (agent) => agent.successorIds,
  environment: (agent) => agent.environment,
  riskCategory: (agent) => agent.riskCategory,
  endsOn: (agent) => agent.endsOn,
  nextReviewOn: (agent) => agent.nextReviewOn,
  autonomyFloor: (agent) => agent.autonomyFloor,
  permissions: (agent) => agent.permissions.toSorted(),
  uri: (agent) => agent.record.uri,
  triggers: (agent) => agent.record.triggers,
  framework: (agent) => agent.record.framework,
  model: (agent) => agent.record.model,
  dataClasses: (agent) => agent.record.dataClasses,
  links: (agent) => agent.record.links,
  a2aCard: (agent) => agent.record.a2aCard,
  mcpServers: (agent) => agent.record.mcpServers,
  baseline: (agent) => agent.record.baseline,
} as const satisfies Record<string, (agent: AgentFields) => unknown>;
export type AgentField = keyof typeof readers;
export const agentFields = Object.keys(readers) as AgentField[];

/** What is said of a field in a sentence, in the order of the form. */
export const fieldWords: Record<AgentField, string> = {
  name: 'name',
  purpose: 'purpose',
  processId: 'process',
  ownerId: 'owner',
  sponsorId: 'sponsor',
  technicalOwnerId: 'technical owner',
  successorIds: 'successors',
  environment: 'environment',
  riskCategory: 'risk category',
  endsOn: 'end of the project',
  nextReviewOn: 'next review',
  autonomyFloor: 'autonomy floor',
  permissions: 'permissions',
  uri: 'URI',
  triggers: 'triggers',
  framework: 'framework',
  model: 'model',
  dataClasses: 'data classes',
  links: 'links',
  a2aCard: 'A2A card',
  mcpServers: 'MCP servers',
  baseline: 'declared baseline',
};

/** What an agent is. A change of one of these, once it was reviewed, is approved by another person than who asks for it. */
const material: ReadonlySet<AgentField> = new Set<AgentField>([
  'purpose',
  'processId',
  'ownerId',
  'sponsorId',
  // Whoever runs an agent never reviews it.
  'technicalOwnerId',
  // They inherit it, and sign in its owner's place when nobody else answers.
  'successorIds',
  'environment',
  'riskCategory',
  'autonomyFloor',
  'permissions',
  'triggers',
  'model',
  'dataClasses',
  'mcpServers',
  // When a project is over, its agent is: nobody puts that off alone.
  'endsOn',
]);

/** isMaterial tells whether a change of the field is a change of what was reviewed. */
export const isMaterial = (field: AgentField): boolean => material.has(field);

/** What the ledger may keep for ever of a field: ids, codes and numbers. The others hold words of people, and are sealed. */
const coded: ReadonlySet<AgentField> = new Set<AgentField>([
  'processId',
  'ownerId',
  'sponsorId',
  'technicalOwnerId',
  'successorIds',
  'environment',
  'riskCategory',
  'endsOn',
  'nextReviewOn',
  'autonomyFloor',
  'permissions',
  'dataClasses',
]);

export type AgentChange = { field: AgentField; before: unknown; after: unknown };

/** changesOf lists every field that differs, in the order of the form. */
export function changesOf(before: AgentFields, after: AgentFields): AgentChange[] {
  return agentFields.flatMap((field) => {
    const change = { field, before: readers[field](before), after: readers[field](after) };
    return canonicalJson(change.before) === canonicalJson(change.after) ? [] : [change];
  });
}

/** told splits changes into what the ledger keeps for ever and the words that are sealed beside it. */
export function told(changes: readonly AgentChange[]): { data: Record<string, unknown>; text: string | undefined } {
  const codes = changes.filter(({ field }) => coded.has(field));
  const words = changes.filter(({ field }) => !coded.has(field));
  const data = {
    fields: changes.map(({ field }) => field),
    changed: Object.fromEntries(codes.map(({ field, before, after }) => [field, { before, after }])),
  };
  const lines = words.map(({ field, before, after }) => `${fieldWords[field]}: ${written(before)} → ${written(after)}`);
  return { data, text: lines.length === 0 ? undefined : lines.join('\n') };
}

function written(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '–' : `“${value}”`;
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(String).join(', ');
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const stated = members.filter(([, member]) => member !== '' && member !== null);
  return stated.length === 0 ? '–' : stated.map(([name, member]) => `${name} ${String(member)}`).join(', ');
}

/**
 * EditedPart is what of a record somebody would change. Permissions that are only taken away are a part of their own: less needs no second look. So is
 * a review that is put off: sooner needs none, later does.
 */
export type EditedPart = AgentField | 'fewer permissions' | 'later review';
/** editedParts are all the parts there are. */
export const editedParts: readonly EditedPart[] = [...agentFields, 'fewer permissions', 'later review'];

/** partsOf names the parts that changes are about. */
export const partsOf = (changes: readonly AgentChange[]): EditedPart[] => changes.map(partOf);

function partOf(change: AgentChange): EditedPart {
  if (change.field === 'permissions' && onlyTakesAway(change)) return 'fewer permissions';
  return change.field === 'nextReviewOn' && putsOff(change) ? 'later review' : change.field;
}

/** What a part is called in a sentence. */
export const partText = (part: EditedPart): string => (part === 'fewer permissions' || part === 'later review' ? part : fieldWords[part]);

const onlyTakesAway = ({ before, after }: AgentChange): boolean =>
  Array.isArray(before) && Array.isArray(after) && after.every((one) => before.includes(one));

/** Days are ISO 8601, so they compare as text; without a day it is never. */
const putsOff = ({ before, after }: AgentChange): boolean => typeof before === 'string' && (typeof after !== 'string' || after > before);

/** fieldsOf is what people write of an agent, and nothing else of it. */
export const fieldsOf = (agent: AgentFields): AgentFields => ({
  name: agent.name,
  purpose: agent.purpose,
  processId: agent.processId,
  ownerId: agent.ownerId,
  sponsorId: agent.sponsorId,
  technicalOwnerId: agent.technicalOwnerId,
  successorIds: agent.successorIds,
  environment: agent.environment,
  riskCategory: agent.riskCategory,
  endsOn: agent.endsOn,
  nextReviewOn: agent.nextReviewOn,
  autonomyFloor: agent.autonomyFloor,
  permissions: agent.permissions,
  record: agent.record,
});

/** withFields is a record with some fields as another has them; the rest stays. */
export function withFields(record: AgentFields, wanted: AgentFields, fields: readonly AgentField[]): AgentFields {
  const taken: ReadonlySet<string> = new Set(fields);
  return {
    ...record,
    ...only(wanted, taken),
    record: { ...record.record, ...only(wanted.record, taken) },
  };
}

/** The members of a record that were named; the document beside the columns is no field itself. */
const only = <Part extends object>(part: Part, taken: ReadonlySet<string>): Partial<Part> =>
  // Entries of a Part, fewer of them, are a Partial of it.
  Object.fromEntries(Object.entries(part).filter(([name]) => taken.has(name))) as Partial<Part>;

type Edited = Pick<Agent, 'status' | 'editors'>;

/**
 * whyNotEdit says why this person cannot change these parts now; undefined: they can. A draft is its engineers'; what is in review stays as it is
 * being read; afterwards what an agent is changes by a request that another person approves (NEEDS_REQUEST), as does a review that is put off, and the
 * rest at once. Those who may activate it, and did not write it, take permissions away at once too.
 */
export function whyNotEdit(agent: Edited, doer: AgentDoer, parts: readonly EditedPart[]): WhyNot {
  const { status } = agent;
  if (status === 'decommissioned') return { code: 'WRONG_STATE', text: 'A decommissioned agent’s record is kept as it was.' };
  if (status === 'in_review') return { code: 'WRONG_STATE', text: 'It is being reviewed. Take it back to draft before you change it.' };
  if (editedBy(status) === 'agents:register')
    return reaches(doer, 'agents:register') ? undefined : { code: 'NOT_ALLOWED', text: 'Engineers write the record of a draft.' };
  if (!doer) return undefined;
  const activates = reaches(doer, 'agents:activate');
  if (!activates && !reaches(doer, 'agents:register'))
    return { code: 'NOT_ALLOWED', text: 'Engineers and those who answer for the agent change this.' };
  const narrows = activates && !hasBuilt(doer, agent);
  const asked = parts.filter((part) => (part === 'fewer permissions' ? !narrows : part === 'later review' || isMaterial(part)));
  if (asked.length === 0) return undefined;
  const words = asked.map(partText).join(', ');
  return { code: 'NEEDS_REQUEST', text: `This was reviewed, so you ask for the change and another person approves it: ${words}.` };
}
