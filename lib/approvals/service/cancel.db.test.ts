import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readApprovalRow } from '@/lib/approvals/reading';
import { appendEvent } from '@/lib/ledger/service';
import { deactivateUser, inTransaction } from '@/lib/people/service';
import { eventsAbout, person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { Gateway, type AskedFor, type Asking } from '../testdata/requests';
import { approveRequest } from '.';
import { cancelApprovalsOfAgent } from './cancel';

/** Rounds of each race. */
const rounds = Number(process.env['CANCEL_RACE_ROUNDS'] ?? 60);

let plane: PeoplePlane;
let gateway: Gateway;
/** Somebody whose process it is, and who stays. */
let owner: TestPerson;
let theirs: string;

beforeAll(async () => {
  plane = await testPeoplePlane();
  await person(['admin']);
  owner = await person(['process_owner']);
  theirs = await processOf(owner);
  gateway = await Gateway.start(plane);
});
afterAll(async () => {
  await gateway.stop();
  await plane.drop();
});

async function processOf({ id }: TestPerson): Promise<string> {
  const made = await createProcess(setup, { name: `Payables of ${id}`, ownerId: id });
  if (!made.ok) throw new Error(made.code);
  return made.process.id;
}
const ask = (change: Partial<Asking> = {}): Promise<AskedFor> => gateway.ask({ process: theirs, ...change });
async function approve(who: TestPerson, { id, digest }: AskedFor): Promise<void> {
  expect(await approveRequest(who.actor, id, { digest })).toEqual({ ok: true, status: 'approved' });
}
const remove = async ({ id }: TestPerson): Promise<void> => expect(await deactivateUser(setup, id)).toMatchObject({ ok: true });

/** use redeems as a gateway does: it asks again while a row is held or the rules moved. */
async function use(asked: AskedFor): Promise<string> {
  for (;;) {
    const outcome = await gateway.use(asked);
    if (outcome !== 'epoch_moved' && outcome !== 'approval_busy') return outcome;
  }
}

/** after begins `work` a few round trips later than now, so that the rounds of a race meet at every point of each other. */
async function after<Result>(roundTrips: number, work: () => Promise<Result>): Promise<Result> {
  for (let i = 0; i < roundTrips; i++) await prisma().$queryRaw`SELECT 1`;
  return work();
}

async function seqOf(kind: string, subject: string): Promise<bigint | undefined> {
  const rows = await prisma().$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM ledger WHERE position(convert_to(${`"kind":"${kind}"`}, 'UTF8') IN bytes) > 0
      AND position(convert_to(${subject}, 'UTF8') IN bytes) > 0 ORDER BY seq LIMIT 1`;
  return rows[0]?.seq;
}

describe('a person who is removed', () => {
  test('takes along what they signed and nobody used: it is cancelled with its event, in the same commit', async () => {
    const leaver = await person(['process_owner']);
    const process = await processOf(leaver);
    const asked = await ask({ process });
    await approve(leaver, asked);
    await remove(leaver);
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled', reasonCode: 'APPROVER_REMOVED', decidedBy: leaver.id });
    expect((await eventsAbout(asked.id)).at(-1)).toMatchObject({
      kind: 'approval.cancelled',
      actor: setup,
      data: { decision: asked.decision, reason_code: 'APPROVER_REMOVED', because_of: leaver.id },
    });
    expect(await use(asked)).toBe('approval_unusable');
  });

  test.each<[string, (leaver: TestPerson) => string]>([
    ['by user id', ({ id }) => id],
    ['by e-mail', ({ email }) => email],
    ['by e-mail in other letters and between spaces', ({ email }) => ` ${email.toUpperCase()} `],
  ])('takes along what waits on their behalf, named %s', async (_, asker) => {
    const leaver = await person(['engineer']);
    const asked = await ask({ asker: asker(leaver) });
    await remove(leaver);
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled', reasonCode: 'ASKER_REMOVED', decidedBy: null });
    expect(await approveRequest(owner.actor, asked.id, { digest: asked.digest })).toMatchObject({ ok: false });
  });

  test('takes along what was approved on their behalf by somebody who stays', async () => {
    const leaver = await person(['engineer']);
    const asked = await ask({ asker: leaver.email });
    await approve(owner, asked);
    await remove(leaver);
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled', reasonCode: 'ASKER_REMOVED', decidedBy: owner.id });
    expect(await use(asked)).toBe('approval_unusable');
  });

  test('takes along all of it, also more than one statement takes', async () => {
    const leaver = await person(['engineer']);
    await Promise.all(Array.from({ length: 210 }, () => ask({ asker: leaver.email })));
    await remove(leaver);
    expect(await prisma().approval.count({ where: { asker: leaver.email, status: 'cancelled' } })).toBe(210);
  });

  test('takes along what a gateway records for them while the removal commits', async () => {
    // Held up on a request, the removal has not looked for the later one yet or has looked too early; both times it must find it.
    for (let round = 0; round < 20; round++) {
      const leaver = await person(['engineer']);
      const early = Promise.all(Array.from({ length: 4 }, () => ask({ asker: leaver.email }).catch(() => undefined)));
      await remove(leaver);
      await early;
      const removed = await seqOf('user.deactivated', leaver.id);
      const open = await prisma().approval.findMany({ where: { asker: leaver.email, status: 'pending' } });
      for (const { decisionSeq, id } of open) expect(decisionSeq, `round ${round}: ${id}`).toBeGreaterThan(removed ?? 0n);
    }
  });
});

describe('nothing is taken back', () => {
  const left = async (asked: AskedFor, status: string): Promise<void> => {
    expect(await readApprovalRow(asked.id)).toMatchObject({ status });
    expect((await eventsAbout(asked.id)).filter(({ kind }) => kind === 'approval.cancelled')).toEqual([]);
  };

  test('of what others signed', async () => {
    const [leaver, asked] = [await person(['leader']), await ask()];
    await approve(owner, asked);
    await remove(leaver);
    await left(asked, 'approved');
  });
  test('of what waits for others, or for nobody by name', async () => {
    const [leaver, forNobody, forAnother] = [await person(['engineer']), await ask(), await ask({ asker: owner.email })];
    await remove(leaver);
    await left(forNobody, 'pending');
    await left(forAnother, 'pending');
  });
  test('of an asker whose e-mail only begins like theirs', async () => {
    const leaver = await person(['engineer']);
    const asked = await ask({ asker: `${leaver.email}.test` });
    await remove(leaver);
    await left(asked, 'pending');
  });
  test('that was used before', async () => {
    const leaver = await person(['process_owner']);
    const asked = await ask({ process: await processOf(leaver) });
    await approve(leaver, asked);
    expect(await use(asked)).toBe('written');
    await remove(leaver);
    await left(asked, 'used');
  });
  test('that had run out before: it expires as it would have', async () => {
    const leaver = await person(['engineer']);
    const asked = await ask({ asker: leaver.email, slaSeconds: 0 });
    await remove(leaver);
    await left(asked, 'pending');
  });
  test('when the removal is refused', async () => {
    const stays = await person(['process_owner']);
    const asked = await ask({ process: await processOf(stays) });
    await approve(stays, asked);
    expect(await deactivateUser(owner.actor, stays.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    await left(asked, 'approved');
  });
});

describe('a race with a removal', () => {
  test(`is never won by a gateway after the commit: ${rounds} uses of an approval against the removal of who signed it`, async () => {
    const ends = { used: 0, cancelled: 0 };
    for (let round = 0; round < rounds; round++) {
      const leaver = await person(['process_owner']);
      const asked = await ask({ process: await processOf(leaver) });
      await approve(leaver, asked);
      // A removal first gives away what the leaver held, which takes it as many round trips.
      const [outcome] = await Promise.all([after((round % 20) * 4, () => use(asked)), remove(leaver)]);
      const row = await readApprovalRow(asked.id);
      expect(row?.status, `round ${round}`).toBe(outcome === 'written' ? 'used' : 'cancelled');
      if (outcome !== 'written') ends.cancelled += 1;
      else {
        ends.used += 1;
        const [used, removed] = [await seqOf('decision.made', row?.usedBy ?? ''), await seqOf('user.deactivated', leaver.id)];
        expect(used, `round ${round}`).toBeLessThan(removed ?? 0n);
      }
    }
    // Otherwise it was no race.
    expect(ends.used).toBeGreaterThan(0);
    expect(ends.cancelled).toBeGreaterThan(0);
  });

  test(`is never won by the removed person: ${rounds} verdicts against the removal of who gives them`, async () => {
    for (let round = 0; round < rounds; round++) {
      const leaver = await person(['process_owner']);
      const asked = await ask({ process: await processOf(leaver) });
      const verdictOf = () => approveRequest(leaver.actor, asked.id, { digest: asked.digest });
      const [verdict] = await Promise.all([after(round % 3, verdictOf), after(round % 5, () => remove(leaver))]);
      const row = await readApprovalRow(asked.id);
      expect(row?.status, `round ${round}`).toBe(verdict.ok ? 'cancelled' : 'pending');
      expect(await use(asked)).toBe('approval_unusable');
    }
  });

  test('does not deadlock with a verdict on a request that the removal takes along', async () => {
    for (let round = 0; round < 20; round++) {
      const leaver = await person(['engineer']);
      const asked = await ask({ asker: leaver.email });
      const verdictOf = () => approveRequest(owner.actor, asked.id, { digest: asked.digest });
      const [verdict] = await Promise.all([after(round % 5, verdictOf), remove(leaver)]);
      expect(verdict.ok || verdict.refusal.code).toSatisfy((said) => said === true || said === 'ALREADY_DECIDED' || said === 'EXPIRED');
      expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled', reasonCode: 'ASKER_REMOVED' });
    }
  });

  test('waits for whoever holds a request, and then takes it along as they left it', async () => {
    const leaver = await person(['engineer']);
    const asked = await ask({ asker: leaver.email });
    let removal: Promise<unknown> = Promise.resolve();
    await inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM approvals WHERE id = ${asked.id} FOR UPDATE`;
      removal = remove(leaver);
      await waitUntilBlocked(plane.superuserUrl);
    });
    await removal;
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled' });
  });
});

describe('an agent that is decommissioned', () => {
  test('takes along what it asked for, waiting or approved, and nothing of another agent', async () => {
    const [waiting, approved, used, others] = [
      await ask({ agent: 'agt_gone' }),
      await ask({ agent: 'agt_gone' }),
      await ask({ agent: 'agt_gone' }),
      await ask(),
    ];
    await approve(owner, approved);
    await approve(owner, used);
    expect(await gateway.use(used, 'agt_gone')).toBe('written');
    const event = { kind: 'agent.decommissioned', actor: setup, subject: { type: 'agent', id: 'agt_gone' }, data: {} } as const;
    await inTransaction((tx) => cancelApprovalsOfAgent(tx, event));
    for (const { id } of [waiting, approved])
      expect(await readApprovalRow(id)).toMatchObject({ status: 'cancelled', reasonCode: 'AGENT_DECOMMISSIONED' });
    expect(await readApprovalRow(used.id)).toMatchObject({ status: 'used' });
    expect(await readApprovalRow(others.id)).toMatchObject({ status: 'pending' });
  });

  test('does so through its event alone', async () => {
    const asked = await ask({ agent: 'agt_gone_too' });
    await inTransaction((tx) =>
      appendEvent(tx, { kind: 'agent.decommissioned', actor: setup, subject: { type: 'agent', id: 'agt_gone_too' }, data: {} }),
    );
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'cancelled' });
  });
});
