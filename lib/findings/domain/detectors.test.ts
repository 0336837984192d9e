import { describe, expect, test } from 'vitest';
import type { ObservationKind } from '../observations/schema';
import type { Found, Snapshot, SnapshotObservation } from '../schema';
import { agent, at, dayAgo, daysAgo, quiet } from '../testdata/snapshot';
import { detectors, findDetector, fixesOf, sentenceOf } from '.';

const seen = (kind: ObservationKind, subject: string, value: string, change: Partial<SnapshotObservation> = {}): SnapshotObservation => ({
  kind,
  subject,
  value,
  firstAt: daysAgo(1),
  lastAt: daysAgo(0),
  count: 1,
  ...change,
});
const credential = { id: 'crd_one', agentId: 'agt_invoices', createdAt: daysAgo(10), expiresAt: daysAgo(-80), revokedAt: null };
const permission = { agentId: 'agt_invoices', action: 'invoices.read', status: 'approved', grantedAt: daysAgo(180), used: true } as const;
const policy = { id: 'pol_payables', version: 3, processId: 'prc_payables', publishedAt: daysAgo(100), reviewedAt: null };
const [firstCell] = quiet().cells;
const teamCell = firstCell && { ...firstCell, role: 'informed' as const, holder: { type: 'team' as const, id: 'tea_crew' } };
const withTeam = (members: string[], change: Partial<Snapshot> = {}): Partial<Snapshot> => ({
  teams: [{ id: 'tea_crew', name: 'Crew', members }],
  cells: [...quiet().cells, ...(teamCell ? [teamCell] : [])],
  ...change,
});

type Case = [detector: string, when: string, change: Partial<Snapshot>];

const found: [...Case, Partial<Found>][] = [
  [
    'owner_left',
    'the owner of an active agent has left',
    { agents: [agent({ ownerId: 'usr_gus' })] },
    { severity: 'critical', key: 'agt_invoices' },
  ],
  [
    'owner_left',
    'the owner of a draft has left, which is less grave',
    { agents: [agent({ ownerId: 'usr_gus', status: 'draft' })] },
    { severity: 'high' },
  ],
  ['owner_left', 'the owner is nobody', { agents: [agent({ ownerId: 'usr_nobody' })] }, {}],
  [
    'owner_left',
    'nobody inherited it, until its grace is over',
    { agents: [agent({ ownerId: 'usr_gus' })], orphans: [{ subjectId: 'agt_invoices', part: 'owner', graceUntil: daysAgo(-7) }] },
    { graceUntil: daysAgo(-7) },
  ],
  [
    'process_owner_left',
    'the owner of a process has left',
    { processes: [{ id: 'prc_payables', ownerId: 'usr_gus' }] },
    { processId: 'prc_payables' },
  ],
  ['sponsor_left', 'the sponsor has left', { agents: [agent({ sponsorId: 'usr_gus' })] }, { severity: 'high' }],
  ['technical_owner_left', 'the technical owner has left', { agents: [agent({ technicalOwnerId: 'usr_gus' })] }, {}],
  ['sponsor_missing', 'an active agent has no sponsor', { agents: [agent({ sponsorId: null })] }, {}],
  ['team_empty', 'a team in the matrix has nobody in it', withTeam([]), { processId: 'prc_payables', key: 'tea_crew' }],
  ['team_empty', 'everybody in the team has left', withTeam(['usr_gus']), {}],
  ['end_date_past', 'the project ended yesterday', { agents: [agent({ endsOn: dayAgo(1) })] }, { severity: 'high' }],
  ['end_date_past', 'a suspended agent’s project has ended', { agents: [agent({ endsOn: dayAgo(1), status: 'suspended' })] }, {}],
  [
    'never_seen',
    'nothing was heard for a week since it was activated',
    { agents: [agent({ lastSeenAt: null, activatedAt: daysAgo(7) })] },
    {},
  ],
  ['silent', 'nothing was heard for 30 days', { agents: [agent({ lastSeenAt: daysAgo(30) })] }, {}],
  ['review_overdue', 'the day of the review has passed', { agents: [agent({ nextReviewOn: dayAgo(1) })] }, {}],
  ['outcome_missing', 'an allowed action has no outcome', { missing: [{ agentId: 'agt_invoices', count: 3, oldestAt: daysAgo(2) }] }, {}],
  [
    'credential_expired',
    'the only credential of an active agent has expired',
    { credentials: [{ ...credential, expiresAt: daysAgo(1) }] },
    { severity: 'high' },
  ],
  ['credential_unrotated', 'a credential is 90 days old', { credentials: [{ ...credential, createdAt: daysAgo(90) }] }, { key: 'crd_one' }],
  [
    'credential_unrotated',
    'a second credential that ends earlier is no rotation of it',
    {
      credentials: [
        { ...credential, createdAt: daysAgo(100) },
        { ...credential, id: 'crd_two', expiresAt: daysAgo(-10) },
      ],
    },
    { key: 'crd_one' },
  ],
  [
    'credential_shared',
    'one credential is used from two workloads',
    { observations: [seen('credential.workload', 'crd_one', 'a'), seen('credential.workload', 'crd_one', 'b')] },
    { key: 'crd_one', severity: 'high' },
  ],
  [
    'over_privileged',
    'a permission was not used for 30 days',
    { permissions: [permission, { ...permission, action: 'x.y', used: false, grantedAt: daysAgo(30) }] },
    {},
  ],
  ['unclassified_in_use', 'an action it may ask for is not classified', { permissions: [{ ...permission, status: 'unset' }] }, {}],
  ['unclassified_in_use', 'an action it may ask for was taken out of use', { permissions: [{ ...permission, status: 'disabled' }] }, {}],
  [
    'out_of_scope',
    'it was halted for what it may not',
    { halts: [{ agentId: 'agt_invoices', action: 'users.delete', count: 2, lastAt: daysAgo(1) }] },
    { severity: 'high' },
  ],
  [
    'unknown_client',
    'somebody nobody registered asked for a token',
    { observations: [seen('client.unknown', 'ghost', '')] },
    { key: 'ghost' },
  ],
  [
    'receiptless_call',
    'a tool was called without a receipt',
    { observations: [seen('tool.unreceipted', 'sys_erp', 'a.b agt_ghost')] },
    { severity: 'critical' },
  ],
  [
    'model_changed',
    'it says it is another model',
    { observations: [seen('agent.model', 'agt_invoices', 'acme/atlas-5')] },
    { severity: 'high' },
  ],
  [
    'model_changed',
    'it says it is two, one of them another',
    { observations: [seen('agent.model', 'agt_invoices', 'acme/atlas-4'), seen('agent.model', 'agt_invoices', 'acme/atlas-5')] },
    {},
  ],
  [
    'model_changed',
    'its record names no model, which is less grave',
    { agents: [agent({ model: { vendor: '', name: '', version: '' } })], observations: [seen('agent.model', 'agt_invoices', 'x')] },
    { severity: 'low' },
  ],
  [
    'raci_gap',
    'who was accountable for a stage has left',
    { people: quiet().people.map((one) => ({ ...one, active: one.id !== 'usr_ana' })) },
    { severity: 'high' },
  ],
  [
    'raci_gap',
    'a stage’s work is nobody’s',
    { cells: quiet().cells.filter(({ stage, role }) => stage !== 'trigger' || role === 'accountable') },
    { severity: 'medium' },
  ],
  [
    'policy_review_due',
    'nobody looked at a policy for a year',
    { policies: [{ ...policy, publishedAt: daysAgo(365) }] },
    { processId: 'prc_payables' },
  ],
];

const quietly: Case[] = [
  ['owner_left', 'a decommissioned agent’s owner has left', { agents: [agent({ ownerId: 'usr_gus', status: 'decommissioned' })] }],
  ['owner_left', 'a rejected draft’s owner has left', { agents: [agent({ ownerId: 'usr_gus', status: 'rejected' })] }],
  ['process_owner_left', 'somebody who is here owns it now', { processes: [{ id: 'prc_payables', ownerId: 'usr_liam' }] }],
  ['sponsor_left', 'there is no sponsor: that is another finding', { agents: [agent({ sponsorId: null })] }],
  ['technical_owner_left', 'nobody was named to run it', { agents: [agent({ technicalOwnerId: null })] }],
  ['sponsor_missing', 'a draft has no sponsor yet', { agents: [agent({ sponsorId: null, status: 'draft' })] }],
  ['team_empty', 'an empty team stands in no matrix', { teams: [{ id: 'tea_crew', name: 'Crew', members: [] }] }],
  [
    'team_empty',
    'an empty team stands only in the exception of an agent that has ended',
    {
      agents: [agent({ status: 'decommissioned' })],
      teams: [{ id: 'tea_crew', name: 'Crew', members: [] }],
      cells: [...quiet().cells, ...(teamCell ? [{ ...teamCell, agentId: 'agt_invoices' }] : [])],
    },
  ],
  ['team_empty', 'one of a team is still here', withTeam(['usr_gus', 'usr_liam'])],
  ['end_date_past', 'today is its last day', { agents: [agent({ endsOn: dayAgo(0) })] }],
  ['end_date_past', 'it was decommissioned', { agents: [agent({ endsOn: dayAgo(9), status: 'decommissioned' })] }],
  ['never_seen', 'it was activated six days ago', { agents: [agent({ lastSeenAt: null, activatedAt: daysAgo(6) })] }],
  ['never_seen', 'it is suspended', { agents: [agent({ lastSeenAt: null, status: 'suspended' })] }],
  ['silent', 'it was heard 29 days ago', { agents: [agent({ lastSeenAt: daysAgo(29) })] }],
  ['silent', 'it was never heard: that is another finding', { agents: [agent({ lastSeenAt: null })] }],
  [
    'silent',
    'the organisation waits longer',
    { agents: [agent({ lastSeenAt: daysAgo(30) })], settings: { ...quiet().settings, silentDays: 31 } },
  ],
  ['review_overdue', 'its review is today', { agents: [agent({ nextReviewOn: dayAgo(0) })] }],
  ['review_overdue', 'a draft’s review day has passed', { agents: [agent({ nextReviewOn: dayAgo(5), status: 'draft' })] }],
  ['outcome_missing', 'every outcome is there', { missing: [{ agentId: 'agt_invoices', count: 0, oldestAt: daysAgo(2) }] }],
  [
    'outcome_missing',
    'the agent that owes one has ended',
    { agents: [agent({ status: 'decommissioned' })], missing: [{ agentId: 'agt_invoices', count: 3, oldestAt: daysAgo(2) }] },
  ],
  [
    'credential_expired',
    'another credential works',
    {
      credentials: [
        { ...credential, expiresAt: daysAgo(1) },
        { ...credential, id: 'crd_two' },
      ],
    },
  ],
  [
    'credential_expired',
    'it is suspended',
    { agents: [agent({ status: 'suspended' })], credentials: [{ ...credential, expiresAt: daysAgo(1) }] },
  ],
  [
    'credential_expired',
    'all were revoked: somebody wanted that',
    { credentials: [{ ...credential, revokedAt: daysAgo(1), expiresAt: daysAgo(1) }] },
  ],
  ['credential_unrotated', 'it is 89 days old', { credentials: [{ ...credential, createdAt: daysAgo(89) }] }],
  [
    'credential_unrotated',
    'it was rotated and only its overlap is left',
    {
      credentials: [
        { ...credential, createdAt: daysAgo(100), expiresAt: daysAgo(-1) },
        { ...credential, id: 'crd_two', createdAt: daysAgo(0) },
      ],
    },
  ],
  [
    'credential_unrotated',
    'it has expired: nobody can use it',
    { credentials: [{ ...credential, createdAt: daysAgo(100), expiresAt: daysAgo(1) }] },
  ],
  ['credential_shared', 'one workload uses it', { observations: [seen('credential.workload', 'crd_one', 'a', { count: 900 })] }],
  [
    'credential_shared',
    'two workloads use a credential each',
    {
      credentials: [credential, { ...credential, id: 'crd_two' }],
      observations: [seen('credential.workload', 'crd_one', 'a'), seen('credential.workload', 'crd_two', 'b')],
    },
  ],
  [
    'credential_shared',
    'the shared one was revoked',
    { credentials: [], observations: [seen('credential.workload', 'crd_one', 'a'), seen('credential.workload', 'crd_one', 'b')] },
  ],
  ['over_privileged', 'it was granted 29 days ago', { permissions: [{ ...permission, used: false, grantedAt: daysAgo(29) }] }],
  [
    'over_privileged',
    'its agent may act only since yesterday',
    { agents: [agent({ activatedAt: daysAgo(1) })], permissions: [{ ...permission, used: false }] },
  ],
  [
    'unclassified_in_use',
    'only a draft asks for it',
    { agents: [agent({ status: 'draft' })], permissions: [{ ...permission, status: 'unset' }] },
  ],
  [
    'out_of_scope',
    'it was permitted since',
    { halts: [{ agentId: 'agt_invoices', action: 'invoices.read', count: 2, lastAt: daysAgo(1) }] },
  ],
  [
    'out_of_scope',
    'it was suspended since',
    {
      agents: [agent({ status: 'suspended' })],
      halts: [{ agentId: 'agt_invoices', action: 'users.delete', count: 2, lastAt: daysAgo(1) }],
    },
  ],
  ['unknown_client', 'only other things were noticed', { observations: [seen('agent.model', 'ghost', 'x')] }],
  ['receiptless_call', 'every tool had its receipt', { observations: [] }],
  ['model_changed', 'it says it is what its record says', { observations: [seen('agent.model', 'agt_invoices', 'Acme/Atlas-4@2026-11')] }],
  ['model_changed', 'it leaves out the vendor', { observations: [seen('agent.model', 'agt_invoices', 'atlas-4')] }],
  [
    'model_changed',
    'it left the other one days ago',
    {
      observations: [
        seen('agent.model', 'agt_invoices', 'atlas-5', { lastAt: daysAgo(3) }),
        seen('agent.model', 'agt_invoices', 'atlas-4'),
      ],
    },
  ],
  ['raci_gap', 'only a team is empty: that is another finding', withTeam([])],
  [
    'raci_gap',
    'a stage’s work is nobody’s in the exception of an agent that has ended',
    {
      agents: [agent({ status: 'decommissioned' })],
      cells: [...quiet().cells, ...(firstCell ? [{ ...firstCell, agentId: 'agt_invoices' }] : [])],
    },
  ],
  ['policy_review_due', 'a review kept it since', { policies: [{ ...policy, publishedAt: daysAgo(400), reviewedAt: daysAgo(30) }] }],
  ['policy_review_due', 'it is 364 days old', { policies: [{ ...policy, publishedAt: daysAgo(364) }] }],
];

const find = (detector: string, snapshot: Snapshot): Found[] => findDetector(detector)?.find(snapshot) ?? [];

describe('a detector', () => {
  test.each(detectors.map(({ id }) => id))('%s finds nothing where nothing is wrong', (id) => {
    expect(find(id, quiet())).toEqual([]);
  });
  test.each(found)('%s is found when %s', (id, _, change, expected) => {
    const all = find(id, quiet(change));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject(expected);
  });
  test.each(quietly)('%s is not found when %s', (id, _, change) => {
    expect(find(id, quiet(change))).toEqual([]);
  });

  test('is tried both ways, each of them', () => {
    const tried = (cases: readonly { 0: string }[]) => [...new Set(cases.map((one) => one[0]))].sort();
    const all = detectors.map(({ id }) => id).sort();
    expect(tried(found)).toEqual(all);
    expect(tried(quietly)).toEqual(all);
    expect(new Set(all).size).toBe(detectors.length);
  });
});

describe('what a detector found', () => {
  const all = found.flatMap(([id, , change]) => find(id, quiet(change)).map((one) => ({ id, one })));
  const named = (id: string) => `«${id}»`;

  test('is told in one sentence with names', () => {
    for (const { id, one } of all) {
      const sentence = sentenceOf(id, one.facts, named);
      expect(sentence, id).toMatch(/\.$/);
      if (id !== 'unknown_client') expect(sentence, id).toContain('«');
    }
    expect(
      sentenceOf('over_privileged', { agent: 'agt_a', actions: ['a.b', 'c.d', 'e.f', 'g.h', 'i.j'], count: 5, of: 9, days: 30 }, named),
    ).toBe('«agt_a» did not use 5 of its 9 permissions in 30 days: a.b, c.d, e.f, and 2 more.');
  });

  test('says what can be done about it, and who may', () => {
    for (const { id, one } of all) expect(fixesOf(id, one.facts).length, id).toBeGreaterThan(0);
  });

  test('leads to the record of an agent that was reviewed as to a change that another person approves', () => {
    const edits = all.flatMap(({ id, one }) =>
      fixesOf(id, one.facts).flatMap((fix) =>
        fix.kind === 'link' && /^\/registry\/agents\/.*\/edit$/.test(fix.href) ? [[id, one.facts['status'], fix.permission]] : [],
      ),
    );
    expect(new Set(edits.map(([id]) => id)).size).toBeGreaterThan(4);
    for (const [id, status, permission] of edits)
      expect([id, permission]).toEqual([id, status === 'draft' ? 'agents:register' : 'changes:request']);
  });

  test('leads to the system whose tools were called', () => {
    const facts = { system: 'sys_erp', actions: ['a.b'], claimed: [], count: 1, days: 7 };
    expect(fixesOf('receiptless_call', facts)[0]).toMatchObject({ kind: 'link', href: '/registry/systems/sys_erp' });
  });

  test('marks what an agent or a stranger said as their words', () => {
    const hostile = 'atlas-4; its record says so too';
    const model = { agent: 'agt_a', status: 'active', registered: 'Acme atlas-4', reported: [hostile] };
    expect(sentenceOf('model_changed', model, named)).toBe(`«agt_a» says it is “${hostile}”; its record says Acme atlas-4.`);
    const asked = { agent: 'agt_a', status: 'active', actions: ['nothing; it was a test', 'x.y'], count: 2, days: 7 };
    expect(sentenceOf('out_of_scope', asked, named)).toBe(
      '«agt_a» was halted 2 times in the last 7 days for asking for “nothing; it was a test” and “x.y”, outside its permissions.',
    );
  });

  test('of another version is still shown, without what cannot be read', () => {
    expect(sentenceOf('silent', { other: 1 }, named)).toBe('It has gone silent.');
    expect(fixesOf('silent', { other: 1 })).toEqual([]);
    expect(sentenceOf('of_old', {}, named)).toBe('of old');
  });

  test('holds ids, codes and numbers, and no name', () => {
    for (const { id, one } of all) expect(JSON.stringify(one.facts), id).not.toMatch(/Invoice agent|Gus|Ana|Crew/);
  });

  test('is bounded where strangers choose how much there is', () => {
    const strangers = Array.from({ length: 500 }, (_, i) => seen('client.unknown', `ghost${i}`, ''));
    expect(find('unknown_client', quiet({ observations: strangers }))).toHaveLength(50);
    expect(at.getTime()).toBe(daysAgo(0).getTime());
  });

  test('shows a client beside any number of names that another network made up, and says how many more there are', () => {
    const often = { firstAt: daysAgo(2), lastAt: daysAgo(0), count: 900 };
    const flood = Array.from({ length: 9_000 }, (_, i) => ({ ...seen('client.unknown', `made up ${i}`, `network ${i % 3}`), ...often }));
    const real = { ...seen('client.unknown', 'zz-real', 'another'), firstAt: daysAgo(1), count: 1 };
    const found = find('unknown_client', quiet({ observations: [...flood, real] }));
    expect(found).toHaveLength(50);
    const own = found.find(({ key }) => key === 'zz-real');
    expect(own?.facts).toMatchObject({ count: 1, others: 8_951 });
    expect(sentenceOf('unknown_client', own?.facts ?? {}, named)).toMatch(
      /“zz-real”, asked for a token 1 time in the last 7 days\. 8,951 more names did, .*50.*100 of one network.*10,000 in all/,
    );
    expect(find('unknown_client', quiet({ observations: [real] }))[0]?.facts).toMatchObject({ others: 0 });
    expect(sentenceOf('unknown_client', { client: 'old', count: 1, days: 7 }, named), 'as it was before').toMatch(/7 days\.$/);
  });
});
