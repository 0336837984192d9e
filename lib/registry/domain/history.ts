import type { EventPayload } from '@/lib/ledger/schema';
import { agentFields, fieldWords, type AgentField } from './lifecycle';

type NameOf = (id: string) => string;

const sentences: Partial<Record<EventPayload['kind'], string>> = {
  'agent.registered': 'registered it',
  'agent.submitted': 'handed it over for review',
  'agent.approved': 'approved what it is',
  'agent.rejected': 'sent it back',
  'agent.reopened': 'took it back to draft',
  'agent.activated': 'let it act',
  'agent.suspended': 'suspended it',
  'agent.resumed': 'let it act again',
  'agent.decommissioned': 'decommissioned it',
  'change.requested': 'asked for a change of it',
  'change.approved': 'approved a change of it',
  'change.rejected': 'rejected a change of it',
  'change.withdrawn': 'withdrew a change of it',
  'review.reminded': 'reminded its reviewer',
  'review.escalated': 'called somebody else, since its review was overdue',
  'review.reassigned': 'gave its review to another person',
  'review.decided': 'reviewed it',
  'kill.set': 'stopped it with the kill switch',
  'kill.lifted': 'lifted the kill switch',
  'outcome.settled': 'settled what came of an action',
  'workflow.released': 'released a halted workflow',
  'access.refused': 'was refused at the gateway: its token spoke for another subject',
};

/** historyWords says in a sentence without its subject what an event did to an agent: "suspended it". Ids of people and processes become names by `nameOf`. */
export function historyWords({ kind, data }: Pick<EventPayload, 'kind' | 'data'>, nameOf: NameOf): string {
  if (kind === 'agent.changed') return changeWords(data, nameOf);
  if (kind === 'credential.issued') {
    const expires = text(data['expires_at'])?.slice(0, 10);
    const until = expires === undefined ? '' : `, until ${expires}`;
    return data['replaces'] === undefined
      ? `gave it the credential ${text(data['credential']) ?? ''}${until}`
      : `replaced a credential${until}`;
  }
  if (kind === 'credential.revoked')
    return `revoked the credential ${text(data['credential']) ?? ''}${data['because'] === undefined ? '' : ', since it was decommissioned'}`;
  if (kind === 'agent.suspended' && data['because'] === 'ORPHANED') return 'suspended it: nobody was named in place of its owner who left';
  if (kind.startsWith('ownership.')) return ownershipWords(kind, data, nameOf);
  if (kind.startsWith('finding.')) return findingWords(kind, data, nameOf);
  return sentences[kind] ?? kind.replaceAll(/[._]/g, ' ');
}

const findingVerbs: Readonly<Record<string, string>> = {
  'finding.opened': 'opened a finding',
  'finding.reopened': 'found again what was gone',
  'finding.closed': 'closed a finding',
  'finding.snoozed': 'put off a finding',
  'finding.woken': 'opened a finding that was put off',
};

function findingWords(kind: string, data: Record<string, unknown>, nameOf: NameOf): string {
  const verb =
    kind !== 'finding.assigned'
      ? (findingVerbs[kind] ?? kind.replaceAll(/[._]/g, ' '))
      : text(data['to']) === undefined
        ? 'took a finding back'
        : `gave ${nameOf(text(data['to']) ?? '')} a finding`;
  const detector = text(data['detector']);
  return detector === undefined ? verb : `${verb}: ${detector.replaceAll('_', ' ')}`;
}

function ownershipWords(kind: string, data: Record<string, unknown>, nameOf: NameOf): string {
  const [from, to, part] = [text(data['from']), text(data['to']), said(data['part'], (id) => id)];
  if (kind === 'ownership.orphaned') return `left it without ${part}: ${nameOf(from ?? '')} was deactivated and nobody may take it`;
  if (kind === 'ownership.inherited') return `deactivated ${nameOf(from ?? '')}: ${part} is ${nameOf(to ?? '')} by succession`;
  if (kind === 'ownership.restored') return `gave it back: ${part} is ${nameOf(to ?? '')} again`;
  return `gave it on: ${part} ${nameOf(from ?? '')} → ${nameOf(to ?? '')}`;
}

function changeWords(data: Record<string, unknown>, nameOf: NameOf): string {
  const fields = Array.isArray(data['fields']) ? data['fields'].filter(isField) : [];
  // Before records had fields, only permissions were ever changed.
  if (fields.length === 0) return Array.isArray(data['granted']) ? `granted ${data['granted'].map(String).join(', ')}` : 'changed it';
  const changed = record(data['changed']);
  return fields.map((field) => oneChange(field, record(changed[field]), nameOf)).join('; ');
}

function oneChange(field: AgentField, change: Record<string, unknown>, nameOf: NameOf): string {
  if (!('after' in change)) return `changed the ${fieldWords[field]}`;
  const { before, after } = change;
  if (Array.isArray(before) && Array.isArray(after)) {
    const added = after.filter((one) => !before.includes(one)).map((one) => nameOf(String(one)));
    const removed = before.filter((one) => !after.includes(one)).map((one) => nameOf(String(one)));
    const parts = [added.length > 0 ? `added ${added.join(', ')}` : '', removed.length > 0 ? `took away ${removed.join(', ')}` : ''];
    return `${fieldWords[field]}: ${parts.filter((part) => part !== '').join(', ') || 'another order'}`;
  }
  return `${fieldWords[field]}: ${said(before, nameOf)} → ${said(after, nameOf)}`;
}

const said = (value: unknown, nameOf: NameOf): string =>
  value === null || value === undefined ? 'none' : nameOf(String(value)).replaceAll('_', ' ');
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isField = (value: unknown): value is AgentField => agentFields.some((field) => field === value);
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
