import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person } from '@/lib/people/testdata/people';
import type { TestPerson } from '@/lib/people/testdata/people';
import type { NewAgent } from '../../schema';
import { registerAgent } from '..';
import { admin, agentOf, closeOffice, draft, engineer, leader, openOffice, owner, risk, security, record } from '../../testdata/office';

beforeAll(openOffice);
afterAll(closeOffice);

describe('registering an agent', () => {
  it('makes a draft owned by the owner of its process, at floor 2, with its author and its event', async () => {
    const id = await draft();
    expect(await agentOf(id)).toMatchObject({
      status: 'draft',
      ownerId: owner.id,
      autonomyFloor: 2,
      permissions: ['invoices.read'],
      activatedAt: null,
      registeredBy: engineer.id,
      editors: [engineer.personId],
      version: 1,
    });
    const [event, ...more] = await eventsAbout(id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      kind: 'agent.registered',
      actor: engineer.actor,
      data: { process: 'prc_payables', owner: owner.id, sponsor: leader.id, autonomy_floor: 2, permissions: ['invoices.read'] },
    });
  });

  it('keeps the whole record, whatever was stated', async () => {
    const id = await draft({
      technicalOwnerId: engineer.id,
      successorIds: [leader.id, security.id],
      environment: 'staging',
      riskCategory: 'limited',
      endsOn: '2027-06-30',
      nextReviewOn: '2027-01-15',
      record: {
        uri: 'spiffe://example.org/agents/invoices',
        triggers: ['schedule:nightly'],
        model: { vendor: 'Acme', name: 'large', version: '3' },
        dataClasses: ['pii'],
        links: { repository: 'https://example.com/repo' },
        mcpServers: ['https://example.com/mcp'],
        baseline: { callsPerDay: 400, typicalAmount: '120.50', currency: 'EUR' },
      },
    });
    expect(await agentOf(id)).toMatchObject({
      endsOn: '2027-06-30',
      nextReviewOn: '2027-01-15',
      successorIds: [leader.id, security.id],
      record: {
        triggers: ['schedule:nightly'],
        links: { repository: 'https://example.com/repo', runbook: '' },
        baseline: { callsPerDay: 400 },
      },
    });
  });

  it('is refused to who may not, into nothing, for nobody and under a taken id', async () => {
    const both = await person(['process_owner', 'engineer']);
    const gone = await person(['process_owner']);
    await deactivateUser(admin.actor, gone.id);
    const register = (by: TestPerson, changes: Partial<NewAgent>) => registerAgent(by.actor, { ...record, ...changes });
    const refused = (code: string) => ({ ok: false, code });
    for (const by of [owner, security, leader, risk, admin, gone]) expect(await register(by, {})).toEqual(refused('NOT_ALLOWED'));
    expect(await register(engineer, { processId: 'prc_none' })).toEqual(refused('PROCESS_UNKNOWN'));
    expect(await register(engineer, { permissions: ['users.delete'] })).toEqual(refused('ACTION_UNKNOWN'));
    expect(await register(engineer, { ownerId: gone.id })).toEqual(refused('OWNER_NOT_ALLOWED'));
    expect(await register(both, { ownerId: both.id })).toEqual(refused('OWNER_IS_BUILDER'));
    const twin = await person(['engineer'], owner.personId);
    expect(await register(twin, {})).toEqual(refused('OWNER_IS_BUILDER'));
    expect(await register(engineer, { sponsorId: gone.id })).toEqual(refused('SPONSOR_UNKNOWN'));
    expect(await register(engineer, { technicalOwnerId: 'usr_none' })).toEqual(refused('TECHNICAL_OWNER_UNKNOWN'));
    expect(await register(engineer, { successorIds: [leader.id, gone.id] })).toEqual(refused('SUCCESSOR_UNKNOWN'));
    expect(await register(engineer, { id: await draft() })).toEqual(refused('ID_TAKEN'));
  });
});
