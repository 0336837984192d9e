import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decidersOf } from '@/lib/approvals/domain';
import { readRouting } from '@/lib/approvals/reading';
import { authenticate } from '@/lib/identity/domain';
import { listSigningKeys } from '@/lib/identity/service';
import { appendEvent } from '@/lib/ledger/service';
import { EventPayload, rowHeadBytes } from '@/lib/ledger/schema';
import { roles } from '@/lib/people/schema';
import { inTransaction, listUsers, signIn } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { readMatrix } from '@/lib/raci/reading';
import { findRates, listActivePolicies } from '@/lib/policy/service';
import { classificationGaps } from '@/lib/registry/domain/classification';
import { findAgent, listActionTypes } from '@/lib/registry/service';
import { seedIfEmpty } from './seed';
import { matrix, people } from './seed/sample';
import { SampleSecrets } from './seed/secrets';

let plane: PeoplePlane;
beforeAll(async () => {
  plane = await testPeoplePlane();
});
afterAll(() => plane.drop());

async function events(): Promise<EventPayload[]> {
  const rows = await prisma().ledgerRow.findMany({ orderBy: { seq: 'asc' } });
  return rows.map((row) => EventPayload.parse(JSON.parse(Buffer.from(row.bytes.subarray(rowHeadBytes)).toString('utf8'))));
}

const credentials = () => prisma().credential.findMany({ orderBy: { createdAt: 'asc' } });

describe('the sample', () => {
  it('is loaded into an empty database once, and says whom to sign in as', async () => {
    const first = await seedIfEmpty();
    expect(first).toMatchObject({ loaded: true, signIn: { email: 'ana@example.com' } });
    const head = (await events()).length;
    const again = await seedIfEmpty();
    expect(again).toEqual({ loaded: false, signIn: first.signIn });
    expect(await events()).toHaveLength(head);
  });

  it('is people of every duty twice, an active agent with its whole record, usable action types, policies and rates', async () => {
    expect((await listUsers()).map(({ email }) => email).sort()).toEqual(people.map(({ email }) => email).sort());
    for (const role of roles) expect(people.filter((person) => person.roles.some((held) => held === role)).length, role).toBeGreaterThan(1);
    expect(await findAgent('agt_invoices')).toMatchObject({
      status: 'active',
      sponsorId: 'usr_liam',
      technicalOwnerId: 'usr_yusuf',
      registeredBy: 'usr_emma',
      reviewedBy: 'usr_sofia',
      record: { triggers: ['schedule:weekdays-07:00', 'email:invoices@example.com'] },
      autonomyFloor: 1,
      ownerId: 'usr_ana',
      processId: 'prc_payables',
      permissions: ['invoices.read', 'payments.execute', 'payments.schedule'],
    });
    const types = await listActionTypes();
    expect(types.map((type) => [type.name, type.status, classificationGaps(type)])).toEqual([
      ['invoices.read', 'approved', []],
      ['payments.cancel', 'approved', []],
      ['payments.execute', 'approved', []],
      ['payments.schedule', 'approved', []],
    ]);
    expect((await listActivePolicies()).length).toBeGreaterThan(0);
    expect(await findRates()).toMatchObject({ base: 'USD' });
    expect(await listSigningKeys()).toHaveLength(1);
  });

  it('was written by real events of the set-up and of named people, one for each change, with no name, e-mail or secret in them', async () => {
    const written = await events();
    expect(new Set(written.map(({ actor }) => `${actor.type} ${actor.id}`))).toEqual(
      new Set(['system setup', 'operator usr_emma', 'operator usr_sofia', 'operator usr_ana']),
    );
    const lived = written.filter(({ subject }) => subject.id === 'agt_invoices').map(({ kind, actor }) => `${kind} by ${actor.id}`);
    expect(lived).toEqual([
      'agent.registered by usr_emma',
      'agent.submitted by usr_emma',
      'agent.approved by usr_sofia',
      'credential.issued by setup',
      'agent.activated by usr_ana',
    ]);
    expect(written.filter(({ kind }) => kind === 'user.created')).toHaveLength(people.length);
    expect(written.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'key.rotated',
        'rates.published',
        'policy.published',
        'system.created',
        'process.created',
        'team.created',
        'raci.changed',
        'agent.activated',
        'credential.issued',
      ]),
    );
    const text = JSON.stringify(written);
    const secrets = new SampleSecrets(plane.secretsDir);
    for (const { email, name } of people) {
      expect(text).not.toContain(email);
      expect(text).not.toContain(name);
    }
    expect(text).not.toContain(secrets.agents()['agt_invoices']?.secret);
  });

  it('has a matrix without a gap, whose Escalation row names the owner and the supervisors, none of whom built the agent', async () => {
    const view = await readMatrix('prc_payables');
    expect(view?.gaps).toEqual([]);
    expect(view?.rows).toEqual(matrix);
    const routed = await readRouting('agt_invoices', 'prc_payables');
    expect(decidersOf({ ...routed, askerPersonId: null }).map(({ name, how, team }) => [name, how, team])).toEqual([
      ['Ana Meyer', 'accountable', null],
      ['Liam Chen', 'responsible', 'Payables supervisors'],
      ['Nora Lindqvist', 'responsible', 'Payables supervisors'],
    ]);
    expect(routed.editors).toEqual(['per_emma']);
  });

  it('opens to its one password, and not to another', async () => {
    const password = new SampleSecrets(plane.secretsDir).people()?.password ?? '';
    expect(await signIn({ email: 'Liam@Example.com ', password, address: '192.0.2.1' })).toMatchObject({ ok: true });
    expect(await signIn({ email: 'liam@example.com', password: `${password}x`, address: '192.0.2.1' })).toEqual({
      ok: false,
      code: 'WRONG',
    });
  });

  it('keeps its secrets in files that only their owner can read', () => {
    for (const name of ['people.json', 'agents.json']) expect(statSync(path.join(plane.secretsDir, name)).mode & 0o777).toBe(0o600);
  });

  it('cut off half way is finished by the next start, without a secret that nobody knows', async () => {
    const secrets = new SampleSecrets(plane.secretsDir);
    const known = secrets.people();
    if (!known) throw new Error('the sample was not loaded');
    secrets.savePeople({ ...known, complete: false });
    secrets.saveAgent('agt_invoices', { clientId: 'crd_lost', secret: 'cs_lost' });
    expect(await seedIfEmpty()).toEqual({ loaded: true, signIn: { email: 'ana@example.com', password: known.password } });
    const given = secrets.agents()['agt_invoices'];
    const [lost, fresh, ...more] = await credentials();
    expect(more).toEqual([]);
    expect(lost?.revokedAt).not.toBeNull();
    expect(fresh?.id).toBe(given?.clientId);
    expect(fresh && given && authenticate(fresh, given.secret, new Date())).toBe(true);
  });

  it.each(['draft', 'in_review', 'approved'])('cut off with its agent %s and half a matrix is finished all the same', async (status) => {
    const secrets = new SampleSecrets(plane.secretsDir);
    const known = secrets.people();
    if (!known) throw new Error('the sample was not loaded');
    await inTransaction(async (tx) => {
      await tx.agent.update({ where: { id: 'agt_invoices' }, data: { status } });
      await tx.raciCell.deleteMany({ where: { processId: 'prc_payables', role: 'responsible' } });
      await appendEvent(tx, {
        kind: 'agent.changed',
        actor: { type: 'system', id: 'setup' },
        subject: { type: 'agent', id: 'agt_invoices' },
        data: {},
      });
    });
    secrets.savePeople({ ...known, complete: false });
    expect(await seedIfEmpty()).toMatchObject({ loaded: true });
    expect(await findAgent('agt_invoices')).toMatchObject({ status: 'active' });
    expect((await readMatrix('prc_payables'))?.gaps).toEqual([]);
    expect((await listUsers()).length).toBe(people.length);
  });
});
