import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLocks } from './resumptions';
import { askResumption, signResumption } from '../service';
import { findUser, type User } from '@/lib/people/service';
import type { Role } from '@/lib/people/schema';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';

let plane: PeoplePlane;
let leader: TestPerson;
let security: TestPerson;
const divergence = {
  refused: 'behind' as const,
  outside: { origin: 'countersign/0', size: '100', root: 'a'.repeat(64), at: '2026-11-21T10:00:00.000Z' },
  kept: { size: '75', at: null },
  head: { size: '80', at: null },
};
const userOf = async ({ id }: TestPerson): Promise<User> => {
  const user = await findUser(id);
  if (!user) throw new Error(id);
  return user;
};
const read = async (by: TestPerson) => readLocks(await userOf(by));
const say = (id: string, locked: string | null) =>
  withClient(plane.gatewayUrl, (client) =>
    client.query('SELECT gateway_says($1, $2, 0, $3, false, $4)', [id, `${id}:4000`, locked, locked === null ? null : divergence]),
  );

beforeAll(async () => {
  plane = await testPeoplePlane();
  [leader, security] = [await person(['leader']), await person(['security'])];
});
afterAll(() => plane.drop());

describe('what people read of a lock', () => {
  it('nothing, while every gateway decides', async () => {
    await say('gtw_1', null);
    expect(await read(leader)).toEqual({ gateways: [], resumptions: [], mayResume: true });
  });

  it('which gateways, why, and what was asked; the reason, and whether they may sign, by who they are', async () => {
    await say('gtw_1', 'the database ends at row 80, and row 100 was handed outside');
    const asked = await askResumption(leader.actor, { divergence, reason: 'The disk is gone.' });
    if (!asked.ok) throw new Error(asked.code);
    const seen = async (by: TestPerson) => {
      const { gateways, resumptions, mayResume } = await read(by);
      expect(gateways).toMatchObject([{ id: 'gtw_1', why: expect.stringContaining('ends at row 80') as string, divergence }]);
      return { mayResume, reason: resumptions[0]?.asked.reason ?? null, whyNot: resumptions[0]?.whyNotSign ?? null };
    };
    expect(await seen(security)).toEqual({ mayResume: true, reason: 'The disk is gone.', whyNot: null });
    expect(await seen(leader)).toEqual({ mayResume: true, reason: 'The disk is gone.', whyNot: 'SAME_PERSON' });
    expect(await seen(await person(['security'], leader.personId))).toMatchObject({ whyNot: 'SAME_PERSON' });
    const others: [Role, string | null][] = [
      ['admin', null],
      ['engineer', null],
      ['auditor', 'The disk is gone.'],
      ['process_owner', 'The disk is gone.'],
    ];
    for (const [role, reason] of others)
      expect(await seen(await person([role]))).toEqual({ mayResume: false, reason, whyNot: 'NOT_ALLOWED' });
  });

  it('who signed, and that what another person asked of the same checkpoint needs nobody any more', async () => {
    const other = await askResumption(security.actor, { divergence, reason: 'Me too.' });
    if (!other.ok) throw new Error(other.code);
    expect(await signResumption(leader.actor, { id: other.resumption.id, reason: 'Seen.' })).toMatchObject({ ok: true });
    const { resumptions } = await read(await person(['leader']));
    expect(resumptions).toMatchObject([
      {
        id: other.resumption.id,
        asked: { by: { id: security.id } },
        signed: { by: { id: leader.id }, reason: 'Seen.' },
        whyNotSign: 'ALREADY_RESUMED',
      },
      { asked: { by: { id: leader.id } }, signed: null, whyNotSign: 'ALREADY_RESUMED' },
    ]);
  });
});
