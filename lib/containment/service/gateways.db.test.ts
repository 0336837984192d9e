import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, setup } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess, registerAgent } from '@/lib/registry/service';
import { sweepGateways } from './gateways';
import { liftKill, setKill } from './kills';
import { killReach, tellAcknowledged } from './reach';

let plane: PeoplePlane;
const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));
/** says is a gateway that decides by the newest rules. */
const says = (id: string) => asOwner('SELECT gateway_says($1, $1, (SELECT max(seq) FROM ledger_epochs), NULL, false)', [id]);
const known = async (table: 'gateways' | 'gateway_installs') => (await asOwner(`SELECT 1 FROM ${table}`)).rowCount;
/** Moves everything gateways ever said, and every stop, so many days back. */
const age = async (days: number) => {
  await asOwner('UPDATE gateways SET started_at = started_at - make_interval(days => $1), seen_at = seen_at - make_interval(days => $1)', [
    days,
  ]);
  await asOwner('UPDATE gateway_installs SET installed_at = installed_at - make_interval(days => $1)', [days]);
};

beforeAll(async () => {
  plane = await testPeoplePlane();
  const owner = await person(['process_owner']);
  await createProcess(setup, { id: 'prc_payables', name: 'Accounts payable', ownerId: owner.id });
  await registerAgent(setup, { id: 'agt_test', name: 'Agent', purpose: 'Testing.', processId: 'prc_payables' });
});
afterAll(() => plane.drop());

describe('what gateways said', () => {
  it('is kept as long as maturity looks back', async () => {
    await says('gtw_one');
    await age(99);
    expect(await sweepGateways()).toBe(0);
    expect([await known('gateways'), await known('gateway_installs')]).toEqual([1, 1]);
  });

  it('is forgotten after that, and never of one that lives', async () => {
    await says('gtw_two');
    await age(2);
    await says('gtw_two');
    expect(await sweepGateways()).toBe(1);
    expect((await asOwner('SELECT id FROM gateways')).rows).toEqual([{ id: 'gtw_two' }]);
    expect((await asOwner('SELECT gateway_id AS id FROM gateway_installs')).rows).toEqual([{ id: 'gtw_two' }]);
  });

  it('leaves how far a stop came, which is kept beside it', async () => {
    const [security, leader] = [await person(['security']), await person(['leader'])];
    await says('gtw_two');
    const set = await setKill(security.actor, { scope: 'agent', target: 'agt_test', reason: 'It pays twice.' });
    if (!set.ok) throw new Error(set.code);
    await says('gtw_two');
    expect(await tellAcknowledged()).toBe(1);
    const before = await killReach(set.kill);
    expect(before).toMatchObject({ all: true, gateways: [{ id: 'gtw_two' }] });
    await age(101);
    await sweepGateways();
    expect(await known('gateway_installs')).toBe(0);
    const setAt = new Date(set.kill.setAt.getTime() - 101 * 86_400_000);
    expect(await killReach({ ...set.kill, setAt })).toMatchObject({ all: true, lastMs: before.lastMs, gateways: [{ id: 'gtw_two' }] });
    expect(await liftKill(leader.actor, { id: set.kill.id, reason: 'Fixed.' })).toMatchObject({ ok: true });
  });
});
