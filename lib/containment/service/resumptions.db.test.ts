import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Divergence } from '@/lib/ledger/schema';
import { deactivateUser, type PersonActor } from '@/lib/people/service';
import { eventsAbout, person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { withClient } from '@/lib/platform/db';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { askResumption, askResumptionShown, listResumptions, lockedGateways, signResumption } from './resumptions';

let plane: PeoplePlane;
let leader: TestPerson;
let security: TestPerson;
let twin: TestPerson;
let admin: TestPerson;
let roots = 0;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [leader, security, admin] = [await person(['leader']), await person(['security']), await person(['admin'])];
  twin = await person(['security'], leader.personId);
});
afterAll(() => plane.drop());

const reason = 'The disk is gone; the backup of last night is what we have.';
const divergence = (): Divergence => ({
  refused: 'behind',
  outside: { origin: 'countersign/0', size: '100', root: (++roots).toString(16).padStart(64, '0'), at: '2026-11-21T10:00:00.000Z' },
  kept: { size: '75', at: '2026-11-20T10:00:00.000Z' },
  head: { size: '80', at: '2026-11-20T10:05:00.000Z' },
});

async function asked(by: TestPerson = leader, about = divergence()): Promise<string> {
  const outcome = await askResumption(by.actor, { divergence: about, reason });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.resumption.id;
}
const operator = ({ id }: TestPerson): PersonActor => ({ type: 'operator', id });
const signed = async (id: string) => (await listResumptions()).find((one) => one.id === id)?.signedAt !== null;

describe('resuming', () => {
  it('takes one person who asks and a second who signs, each an event that keeps their words beside the ledger', async () => {
    const id = await asked();
    expect(await signed(id)).toBe(false);
    expect(await signResumption(security.actor, { id, reason: 'I have seen the disk.' })).toMatchObject({ ok: true });
    expect(await signed(id)).toBe(true);
    const [first, second] = await eventsAbout(id);
    const facts = { outside_size: '100', kept_size: '75', head_size: '80', refused: 'behind' };
    expect(first).toMatchObject({ kind: 'resumption.asked', actor: leader.actor, data: facts, commitment: expect.any(String) as string });
    expect(second).toMatchObject({ kind: 'resumption.signed', actor: security.actor, data: { ...facts, asked_by: leader.id } });
    expect(JSON.stringify([first, second])).not.toContain('disk');
    const [moved] = await prisma().$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM ledger_epochs WHERE kind = 'resumption.signed' AND subject = ${id}`;
    expect(moved?.count).toBe(1);
  });

  it('is asked once by a person, and by another one beside', async () => {
    const about = divergence();
    const id = await asked(leader, about);
    expect(await askResumption(leader.actor, { divergence: about, reason })).toMatchObject({ ok: true, already: true, resumption: { id } });
    const other = await asked(security, about);
    expect(other).not.toBe(id);
    expect(await signResumption(security.actor, { id, reason })).toMatchObject({ ok: true });
    expect(await signResumption(leader.actor, { id: other, reason })).toEqual({ ok: false, code: 'ALREADY_RESUMED' });
    expect(await askResumption(leader.actor, { divergence: about, reason })).toEqual({ ok: false, code: 'ALREADY_RESUMED' });
  });

  it('is signed by one of two who press at the same time', async () => {
    const id = await asked();
    const others = [security, await person(['leader'])];
    const outcomes = await Promise.all(others.map(({ actor }) => signResumption(actor, { id, reason })));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)).sort()).toEqual(['ALREADY_RESUMED', 'ok']);
    expect((await eventsAbout(id)).map(({ kind }) => kind)).toEqual(['resumption.asked', 'resumption.signed']);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['asked by somebody who may not', () => askResumption(admin.actor, { divergence: divergence(), reason }), 'NOT_ALLOWED'],
    ['signed by somebody who may not', async () => signResumption(admin.actor, { id: await asked(), reason }), 'NOT_ALLOWED'],
    ['signed by whoever asked', async () => signResumption(leader.actor, { id: await asked(), reason }), 'SAME_PERSON'],
    ['signed by another account of whoever asked', async () => signResumption(twin.actor, { id: await asked(), reason }), 'SAME_PERSON'],
    [
      'asked by one account and signed by the other way round',
      async () => signResumption(leader.actor, { id: await asked(twin), reason }),
      'SAME_PERSON',
    ],
    ['signed when nobody asked', () => signResumption(security.actor, { id: `rsm_${'0'.repeat(26)}`, reason }), 'NOT_FOUND'],
    [
      'signed after whoever asked has left',
      async () => {
        const leaver = await person(['leader']);
        const id = await asked(leaver);
        await deactivateUser(setup, leaver.id);
        return signResumption(security.actor, { id, reason });
      },
      'ASKER_GONE',
    ],
    [
      'asked and signed at the command line, where nobody signs in',
      async () => signResumption(operator(security), { id: await asked({ ...leader, actor: operator(leader) }), reason }),
      'OPERATOR_TWICE',
    ],
    [
      'asked in a page that shows a checkpoint by which no gateway is locked',
      () => askResumptionShown(leader.actor, { size: '100', root: 'f'.repeat(64), reason }),
      'NOT_LOCKED',
    ],
  ])('is refused when %s', async (_, work, code) => {
    expect(await work()).toEqual({ ok: false, code });
  });

  it.each([
    ['asked at the command line and signed in the console', () => [operator(leader), security.actor] as const],
    ['asked in the console and signed at the command line', () => [leader.actor, operator(security)] as const],
  ])('may be %s', async (_, who) => {
    const [asks, signs] = who();
    const id = await asked({ ...leader, actor: asks });
    expect(await signResumption(signs, { id, reason })).toMatchObject({ ok: true });
    expect((await eventsAbout(id)).map(({ actor }) => actor)).toEqual([asks, signs]);
  });

  it('can be about a directory that was lost', async () => {
    const id = await asked(leader, { ...divergence(), refused: 'gone' });
    expect(await signResumption(security.actor, { id, reason })).toMatchObject({ ok: true, resumption: { refused: 'gone' } });
  });

  it('needs a reason', async () => {
    expect(() => askResumption(leader.actor, { divergence: divergence(), reason: ' ' })).toThrow();
    const id = await asked();
    expect(() => signResumption(security.actor, { id, reason: '' })).toThrow();
    expect(await signed(id)).toBe(false);
  });

  it('waits for the removal of who asked, and then does not count', async () => {
    const leaver = await person(['leader']);
    const id = await asked(leaver);
    await withClient(plane.webUrl, async (removal) => {
      await removal.query('BEGIN');
      await removal.query("UPDATE users SET status = 'deactivated' WHERE id = $1", [leaver.id]);
      const signing = signResumption(security.actor, { id, reason });
      await waitUntilBlocked(plane.superuserUrl);
      await removal.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ('user.deactivated', $1, '{}')", [leaver.id]);
      await removal.query('COMMIT');
      expect(await signing).toEqual({ ok: false, code: 'ASKER_GONE' });
    });
  });
});

describe('the web’s own rights', () => {
  const id = `rsm_${'1'.repeat(26)}`;
  const insert = (columns: string, values: string) =>
    `INSERT INTO resumptions (id, outside_origin, outside_size, outside_root, kept_size, head_size, refused, asked_by, reason${columns})
     VALUES ('${id}', 'x', 1, '\\x${'0'.repeat(64)}', 0, 0, 'behind', 'usr_a', 'x'${values})`;
  it.each([
    ['nothing asked and signed at once', [insert(', signed_by, signed_at, signed_reason', ", 'usr_b', now(), 'y'")], /permission denied/],
    [
      'nothing signed by who asked',
      [insert('', ''), `UPDATE resumptions SET signed_by = 'usr_a', signed_at = now(), signed_reason = 'y' WHERE id = '${id}'`],
      /second person/,
    ],
    [
      'no other checkpoint written over',
      [insert('', ''), `UPDATE resumptions SET outside_size = 2 WHERE id = '${id}'`],
      /permission denied/,
    ],
    ['nothing removed', [`DELETE FROM resumptions`], /permission denied/],
  ])('allow %s', async (_, statements, refusal) => {
    await withClient(plane.webUrl, async (client) => {
      await client.query('BEGIN');
      const work = async () => {
        for (const statement of statements) await client.query(statement);
        await client.query('COMMIT');
      };
      await expect(work()).rejects.toThrow(refusal);
    });
  });

  it('allow nothing signed without its event', async () => {
    const waits = await asked();
    await withClient(plane.webUrl, (client) =>
      expect(
        client.query("UPDATE resumptions SET signed_by = $2, signed_at = now(), signed_reason = 'y' WHERE id = $1", [waits, security.id]),
      ).rejects.toThrow(/without an event/),
    );
  });
});

describe('locked gateways', () => {
  const say = (id: string, locked: string | null, about: Divergence | null, stopping = false) =>
    withClient(plane.gatewayUrl, (client) =>
      client.query('SELECT gateway_says($1, $2, 0, $3, $4, $5)', [id, `${id}:4000`, locked, stopping, about]),
    );

  it('are those that live and say so, with what their database lacks once they know; asking about that checkpoint needs nothing else', async () => {
    const about = divergence();
    await say('gtw_open', null, null);
    await say('gtw_early', 'the database ends at row 80', null);
    await say('gtw_knows', 'the database ends at row 80', about);
    await say('gtw_gone', 'the database ends at row 80', about, true);
    expect(await lockedGateways()).toMatchObject([
      { name: 'gtw_early:4000', why: 'the database ends at row 80', divergence: null },
      { name: 'gtw_knows:4000', divergence: about },
    ]);
    const { size, root } = about.outside;
    expect(await askResumptionShown(leader.actor, { size, root, reason })).toMatchObject({
      ok: true,
      resumption: { keptSize: 75n, headSize: 80n },
    });
    expect(await askResumptionShown(leader.actor, { size: '99', root, reason })).toEqual({ ok: false, code: 'NOT_LOCKED' });
    await say('gtw_knows', null, null);
    expect(await lockedGateways()).toMatchObject([{ id: 'gtw_early' }]);
  });
});
