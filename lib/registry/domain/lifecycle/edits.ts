import { canonicalJson } from '@/lib/kernel/canonical';
import type { Agent, AgentFields } from '@/lib/registry/schema';
import { editedBy } from './gate';
import { reaches, wrote, type AgentDoer, type WhyNot } from './moves';

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

/** What an agent is. A change of one of these once it was reviewed is for those who answer for it, never for who wrote it. */
const material: ReadonlySet<AgentField> = new Set<AgentField>([
  'purpose',
  'processId',
  'ownerId',
  'sponsorId',
  'environment',
  'riskCategory',
  'autonomyFloor',
  'permissions',
  'triggers',
  'model',
  'dataClasses',
  'mcpServers',
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

type Edited = Pick<Agent, 'status' | 'editors'>;

/**
 * whyNotEdit says why this person cannot change these fields now; undefined: they can. A draft is its engineers'; what is in review stays as it is
 * being read; afterwards what an agent is belongs to those who may activate it and did not write it, and the rest to engineers too.
 */
export function whyNotEdit({ status, editors }: Edited, doer: AgentDoer, fields: readonly AgentField[]): WhyNot {
  if (status === 'decommissioned') return { code: 'WRONG_STATE', text: 'A decommissioned agent’s record is kept as it was.' };
  if (status === 'in_review') return { code: 'WRONG_STATE', text: 'It is being reviewed. Take it back to draft before you change it.' };
  if (editedBy(status) === 'agents:register')
    return reaches(doer, 'agents:register') ? undefined : { code: 'NOT_ALLOWED', text: 'Engineers write the record of a draft.' };
  const activates = reaches(doer, 'agents:activate');
  const author = wrote(doer, editors);
  if (activates && !author) return undefined;
  const reviewed = fields.filter(isMaterial);
  if (reviewed.length === 0 && (activates || reaches(doer, 'agents:register'))) return undefined;
  const words = reviewed.map((field) => fieldWords[field]).join(', ');
  if (author && activates)
    return { code: 'OWN_AGENT', text: `You wrote this record, so another person changes what was reviewed: ${words}.` };
  return {
    code: 'NOT_ALLOWED',
    text:
      words === ''
        ? 'Engineers and those who answer for the agent change this.'
        : `This was reviewed, so only who may activate it changes it: ${words}.`,
  };
}
