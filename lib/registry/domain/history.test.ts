import { describe, expect, it } from 'vitest';
import type { EventKind } from '@/lib/ledger/schema';
import { historyWords } from './history';

const names = new Map([
  ['usr_ana', 'Ana Meyer'],
  ['prc_x', 'Payables'],
]);
const words = (kind: EventKind, data: Record<string, unknown> = {}) => historyWords({ kind, data }, (id) => names.get(id) ?? id);

describe('what happened to an agent is said in words', () => {
  it.each<[EventKind, Record<string, unknown>, string]>([
    ['agent.submitted', {}, 'handed it over for review'],
    ['agent.decommissioned', { from: 'active' }, 'decommissioned it'],
    ['credential.issued', { credential: 'crd_1', expires_at: '2027-01-02T03:04:05Z' }, 'gave it the credential crd_1, until 2027-01-02'],
    ['credential.issued', { credential: 'crd_2', replaces: 'crd_1' }, 'replaced a credential'],
    [
      'credential.revoked',
      { credential: 'crd_1', because: 'AGENT_DECOMMISSIONED' },
      'revoked the credential crd_1, since it was decommissioned',
    ],
    ['agent.changed', { fields: ['ownerId'], changed: { ownerId: { before: null, after: 'usr_ana' } } }, 'owner: none → Ana Meyer'],
    ['agent.changed', { fields: ['processId'], changed: { processId: { before: 'prc_y', after: 'prc_x' } } }, 'process: prc y → Payables'],
    [
      'agent.changed',
      { fields: ['permissions'], changed: { permissions: { before: ['a.x', 'b.x'], after: ['b.x', 'c.x'] } } },
      'permissions: added c.x, took away a.x',
    ],
    [
      'agent.changed',
      { fields: ['successorIds'], changed: { successorIds: { before: ['1', '2'], after: ['2', '1'] } } },
      'successors: another order',
    ],
    ['agent.changed', { fields: ['purpose'] }, 'changed the purpose'],
    ['agent.changed', { granted: ['a.x'] }, 'granted a.x'],
    ['finding.opened', { detector: 'out_of_scope' }, 'opened a finding: out of scope'],
    ['finding.assigned', { detector: 'silent', to: 'usr_ana' }, 'gave Ana Meyer a finding: silent'],
    ['finding.assigned', { detector: 'silent', from: 'usr_ana' }, 'took a finding back: silent'],
    ['finding.closed', {}, 'closed a finding'],
    ['raci.changed', {}, 'raci changed'],
  ])('%s %o', (kind, data, expected) => {
    expect(words(kind, data)).toBe(expected);
  });

  it.each([{}, { fields: 'purpose' }, { fields: ['colour'] }, { fields: [3], changed: [] }, { changed: { ownerId: 1 } }])(
    'and a payload that is not as it should be breaks no page: %o',
    (data) => {
      expect(words('agent.changed', data)).toBe('changed it');
    },
  );
});
