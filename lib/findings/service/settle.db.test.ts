import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitUntilBlocked } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import type { PeoplePlane } from '@/lib/platform/testing/people-plane';
import { closeOffice, openOffice, security } from '@/lib/registry/testdata/office';
import { countNoticed } from '../observations/store';
import { sweepObservations } from '../observations/service/sweep';
import { findDetector } from '../domain';
import { Fate, findingOf, look } from '../testdata/causes';
import { settleFinding, sweepFindings } from '.';

let plane: PeoplePlane;
let fate: Fate;
let gateway: pg.Pool;
let holder: pg.Client;
beforeAll(async () => {
  plane = await openOffice();
  fate = await Fate.begin(plane);
  gateway = new pg.Pool({ connectionString: plane.gatewayUrl, max: 4 });
  holder = new pg.Client({ connectionString: plane.ownerUrl });
  await holder.connect();
});
afterAll(async () => {
  await Promise.all([gateway.end(), holder.end(), fate.end()]);
  await closeOffice();
});
beforeEach(() => fate.sql('DELETE FROM observations'));

/** Values in an order that is neither theirs nor the table's. */
const values = Array.from({ length: 90 }, (_, i) => `f${(i * 37) % 90}`);
const noticed = (subject: string, of: readonly string[] = values) =>
  countNoticed(
    gateway,
    of.map((value) => ({ kind: 'client.unknown' as const, subject, value, count: 1 })),
  );
async function found(subject: string): Promise<string> {
  await noticed(subject);
  const finding = await look('unknown_client', subject);
  if (!finding) throw new Error('it was not found');
  return finding.id;
}
const settle = (id: string) => settleFinding(security.actor, id, { reason: 'A test of ours' });
/** hold keeps these rows of a subject from everybody until what it answers is called. */
async function hold(subject: string, value: string): Promise<() => Promise<unknown>> {
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM observations WHERE subject = $1 AND value = $2 FOR UPDATE', [subject, value]);
  return () => holder.query('ROLLBACK');
}
const rowsOf = (subject: string) => prisma().$queryRaw<{ value: string }[]>`SELECT value FROM observations WHERE subject = ${subject}`;
const unknownClient = () => {
  const row = findDetector('unknown_client');
  if (!row) throw new Error('gone');
  return row;
};

describe('what is said to be dealt with while gateways go on noticing it', () => {
  test('is forgotten, and what they notice meanwhile is kept: neither waits for what the other holds', async () => {
    for (const held of ['f0', 'f44', 'f89']) {
      const id = await found(`ghost ${held}`);
      const release = await hold(`ghost ${held}`, held);
      const settled = settle(id);
      await waitUntilBlocked(plane.superuserUrl);
      const written = noticed(`ghost ${held}`);
      await waitUntilBlocked(plane.superuserUrl, 2);
      await release();
      expect(await settled, held).toEqual({ ok: true, changed: 1 });
      expect(await written, held).toBe(values.length);
      expect(await rowsOf(`ghost ${held}`), 'noticed after it was settled').toHaveLength(values.length);
      expect(await look('unknown_client', `ghost ${held}`)).toMatchObject({ status: 'open', timesOpened: 2 });
    }
  });

  test('is not opened again by a look that began before it was', async () => {
    const id = await found('ghost of before');
    const release = await hold('ghost of before', 'f44');
    const settled = settle(id);
    await waitUntilBlocked(plane.superuserUrl);
    const looked = sweepFindings([unknownClient()]);
    await waitUntilBlocked(plane.superuserUrl, 2);
    await release();
    expect(await settled).toEqual({ ok: true, changed: 1 });
    await looked;
    expect(await findingOf('unknown_client', 'ghost of before')).toMatchObject({ status: 'closed', timesOpened: 1 });
  });

  test('is opened again by what was noticed after it, in 20 rounds of both at once', async () => {
    for (let round = 0; round < 20; round++) {
      const id = await found('ghost of the race');
      const [settled] = await Promise.all([settle(id), noticed('ghost of the race'), noticed('ghost of the race', values.toReversed())]);
      expect(settled).toEqual({ ok: true, changed: 1 });
      const kept = (await rowsOf('ghost of the race')).length;
      expect((await look('unknown_client', 'ghost of the race'))?.status).toBe(kept === 0 ? 'closed' : 'open');
    }
  });
});

test('what is forgotten with time and what gateways notice just then do not wait for each other', async () => {
  await noticed('old');
  await fate.sql("UPDATE observations SET last_at = now() - interval '31 days'");
  const release = await hold('old', 'f44');
  const swept = sweepObservations(prisma());
  await waitUntilBlocked(plane.superuserUrl);
  const written = noticed('old');
  await waitUntilBlocked(plane.superuserUrl, 2);
  await release();
  expect(await Promise.all([swept, written])).toEqual([values.length, values.length]);
  expect(await rowsOf('old')).toHaveLength(values.length);
});
