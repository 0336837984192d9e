import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deactivateUser, listUsers, signIn } from '@/lib/people/service';
import { person, setup } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { isUnclaimed, readOrganisation } from './reading';
import { claimInstallation, leaveSample } from './service';

let plane: PeoplePlane;
const token = 'a token that the terminal shows';
const claim = { token, organisation: 'Acme', name: 'Ada Admin', email: 'ada@acme.example', password: 'correct horse battery' };
const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));
const print = (text: string) => asOwner('UPDATE organisation SET first_admin_hash = $1', [createHash('sha256').update(text).digest()]);

beforeAll(async () => {
  plane = await testPeoplePlane();
});
afterAll(() => plane.drop());

describe('the first administrator', () => {
  it('cannot be made before a start has printed a token', async () => {
    expect(await isUnclaimed()).toBe(false);
    expect(await claimInstallation(claim)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('cannot be made with another token, and an earlier one is void', async () => {
    await print('an earlier token');
    await print(token);
    expect(await claimInstallation({ ...claim, token: 'an earlier token' })).toEqual({ ok: false, code: 'TOKEN_WRONG' });
    expect(await listUsers()).toEqual([]);
    expect(await isUnclaimed()).toBe(true);
  });

  it.each([
    ['a short password', { password: 'short' }],
    ['no name', { name: ' ' }],
    ['no organisation', { organisation: '' }],
  ])('cannot be made with %s', async (_what, wrong) => {
    await expect(claimInstallation({ ...claim, ...wrong })).rejects.toThrow();
    expect(await listUsers()).toEqual([]);
  });

  it('is exactly one of those who try at once, and may sign in', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => claimInstallation({ ...claim, email: `admin${i}@acme.example` })),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'NOT_FOUND')).toHaveLength(7);
    const users = await listUsers();
    expect(users).toMatchObject([{ name: 'Ada Admin', roles: ['admin'], status: 'active' }]);
    expect(await readOrganisation()).toEqual({ name: 'Acme', sample: false, leaving: false });
    expect(await signIn({ email: users[0]?.email ?? '', password: claim.password, address: '127.0.0.1' })).toMatchObject({ ok: true });
  });

  it('is not made a second time, whatever a later start prints', async () => {
    await print(token);
    expect(await isUnclaimed()).toBe(false);
    expect(await claimInstallation({ ...claim, email: 'eve@acme.example' })).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await listUsers()).toHaveLength(1);
  });
});

describe('leaving the sample', () => {
  beforeEach(() => asOwner('UPDATE organisation SET sample = true, leave_asked_at = NULL, first_admin_hash = NULL'));

  it('is refused to everybody but an active administrator', async () => {
    for (const role of ['process_owner', 'leader', 'security', 'risk', 'engineer', 'auditor'] as const)
      expect(await leaveSample((await person([role])).actor), role).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    const gone = await person(['admin']);
    await deactivateUser(setup, gone.id);
    expect(await leaveSample(gone.actor)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await readOrganisation()).toMatchObject({ leaving: false });
  });

  it('is refused in an organisation of one’s own', async () => {
    await asOwner('UPDATE organisation SET sample = false');
    expect(await leaveSample((await person(['admin'])).actor)).toEqual({ ok: false, code: 'NOT_A_SAMPLE' });
  });

  it('is asked for once, of several who try, and the answer alone holds the token', async () => {
    const admins = await Promise.all(Array.from({ length: 5 }, () => person(['admin'])));
    const outcomes = await Promise.all(admins.map(({ actor }) => leaveSample(actor)));
    const won = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.token] : []));
    expect(won).toHaveLength(1);
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'LEAVING_ALREADY')).toHaveLength(4);
    const { rows } = await asOwner('SELECT first_admin_hash AS hash FROM organisation');
    expect(rows).toEqual([
      {
        hash: createHash('sha256')
          .update(won[0] ?? '')
          .digest(),
      },
    ]);
    expect(await readOrganisation()).toMatchObject({ leaving: true });
  });

  it('cannot be made possible by the web’s role: it never says that something is a sample', async () => {
    await expect(withClient(plane.webUrl, (client) => client.query('UPDATE organisation SET sample = true'))).rejects.toThrow(
      'permission denied',
    );
    await expect(withClient(plane.gatewayUrl, (client) => client.query('SELECT first_admin_hash FROM organisation'))).rejects.toThrow(
      'permission denied',
    );
  });
});
