import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealingKeyFrom } from '@/lib/platform/secrets';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { classifyActionType, createProcess, createSystem, registerAgent } from '@/lib/registry/service';
import { authenticate, jwksOf, readSigningKey, signingKeyAt } from './domain';
import { rotationOverlapSeconds } from './schema';
import { issueCredential, listCredentials, listSigningKeys, revokeCredential, rotateCredential, rotateSigningKey } from './service';

let plane: PeoplePlane;
let engineer: TestPerson;
let leader: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  engineer = await person(['engineer']);
  leader = await person(['leader']);
  const owner = await person(['process_owner']);
  await createSystem(setup, { id: 'sys_erp', name: 'ERP' });
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
  await classifyActionType(setup, { name: 'a.b', title: 'Things', system: 'sys_erp', parameters: {}, classification: null });
});
afterAll(() => plane.drop());

async function newAgent(): Promise<string> {
  const outcome = await registerAgent(setup, { name: 'Agent', purpose: 'Testing.', processId: 'prc_payables', permissions: ['a.b'] });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.agent.id;
}

async function opens(credentialId: string, secret: string, now = new Date()): Promise<boolean> {
  return authenticate((await prisma().credential.findUnique({ where: { id: credentialId } })) ?? undefined, secret, now);
}

async function issued(agentId: string, days?: number) {
  const outcome = await issueCredential(engineer.actor, agentId, days === undefined ? {} : { days });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome;
}

describe('a credential', () => {
  it('opens with its secret, which is kept nowhere, for ninety days', async () => {
    const agent = await newAgent();
    const { credential, secret } = await issued(agent);
    expect(await opens(credential.id, secret)).toBe(true);
    expect(await opens(credential.id, `${secret}x`)).toBe(false);
    const days = (credential.expiresAt.getTime() - credential.createdAt.getTime()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    expect(await opens(credential.id, secret, credential.expiresAt)).toBe(false);
    expect(JSON.stringify(await eventsAbout(agent))).not.toContain(secret);
    expect(JSON.stringify(await listCredentials(agent))).not.toContain(secret);
    expect(Object.keys(credential)).not.toContain('secretHash');
  });

  it('is revoked at the commit, once, and never opens again', async () => {
    const agent = await newAgent();
    const { credential, secret } = await issued(agent);
    const outcomes = await Promise.all([revokeCredential(engineer.actor, credential.id), revokeCredential(engineer.actor, credential.id)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await opens(credential.id, secret)).toBe(false);
    expect(await rotateCredential(engineer.actor, credential.id)).toEqual({ ok: false, code: 'NOT_USABLE' });
    const moved = await prisma().$queryRaw<unknown[]>`SELECT 1 FROM ledger_epochs WHERE kind = 'credential.revoked' AND subject = ${agent}`;
    expect(moved).toHaveLength(1);
  });

  it('is replaced with an overlap of a day, and never lives longer by it', async () => {
    const agent = await newAgent();
    const old = await issued(agent);
    const next = await rotateCredential(engineer.actor, old.credential.id);
    if (!next.ok) throw new Error(next.code);
    expect(await opens(old.credential.id, old.secret)).toBe(true);
    expect(await opens(next.credential.id, next.secret)).toBe(true);
    expect(await opens(next.credential.id, old.secret)).toBe(false);
    const afterOverlap = new Date(Date.now() + rotationOverlapSeconds * 1000 + 60_000);
    expect(await opens(old.credential.id, old.secret, afterOverlap)).toBe(false);
    expect(await opens(next.credential.id, next.secret, afterOverlap)).toBe(true);
    const short = await issued(agent, 1);
    await rotateCredential(engineer.actor, short.credential.id);
    const [row] = (await listCredentials(agent)).filter(({ id }) => id === short.credential.id);
    expect(row?.expiresAt.getTime()).toBeLessThanOrEqual(short.credential.expiresAt.getTime());
  });

  it('is refused to who may not, and for nobody', async () => {
    const agent = await newAgent();
    const { credential } = await issued(agent);
    expect(await issueCredential(leader.actor, agent)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await rotateCredential(leader.actor, credential.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await revokeCredential(leader.actor, credential.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await issueCredential(engineer.actor, 'agt_none')).toEqual({ ok: false, code: 'AGENT_UNKNOWN' });
    expect(await rotateCredential(engineer.actor, 'crd_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await revokeCredential(engineer.actor, 'crd_none')).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it.each([0, -1, 366, 1.5, Number.NaN])('never lives %s days', (days) => {
    expect(() => issueCredential(engineer.actor, 'agt_x', { days })).toThrow();
    expect(() => rotateCredential(engineer.actor, 'crd_x', { days })).toThrow();
  });
});

describe('signing keys', () => {
  it('begin with one that signs at once; the next is published first, signs later, and one rotation runs at a time', async () => {
    const sealing = sealingKeyFrom(plane.masterKeyFile, 'signing-keys');
    const now = new Date();
    const load = async () =>
      (await prisma().signingKey.findMany({ orderBy: { signsFrom: 'asc' } })).flatMap((row) => readSigningKey(row, sealing) ?? []);
    const first = await rotateSigningKey(setup, now);
    if (!first.ok) throw new Error(first.code);
    expect(signingKeyAt(await load(), now)?.kid).toBe(first.kid);

    const later = new Date(now.getTime() + 1000);
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => rotateSigningKey(setup, later)));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 'ROTATION_RUNNING'),
      'ok',
    ]);
    const keys = await load();
    expect(keys).toHaveLength(2);
    const [, next] = keys;
    if (!next) throw new Error('no second key');
    expect(jwksOf(keys, later).keys).toHaveLength(2);
    expect(signingKeyAt(keys, later)?.kid).toBe(first.kid);
    expect(signingKeyAt(keys, next.signsFrom)?.kid).toBe(next.kid);
    expect(await eventsAbout(next.kid)).toMatchObject([{ kind: 'key.rotated', data: { retires: [first.kid] } }]);
  });

  it('are rotated by administrators and security only', async () => {
    const before = await listSigningKeys();
    expect(await rotateSigningKey(engineer.actor)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await rotateSigningKey(leader.actor)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await listSigningKeys()).toEqual(before);
  });

  it('are kept sealed: no private half can be read from the database', async () => {
    const rows = await prisma().signingKey.findMany();
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(JSON.stringify(row.publicJwk)).not.toContain('"d"');
      expect(readSigningKey(row, Buffer.alloc(32))?.privateKey).toBeUndefined();
    }
  });
});
