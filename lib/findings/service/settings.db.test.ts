import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { readSettings } from '../reading';
import { changeSettings } from '.';

let plane: PeoplePlane;
let admin: TestPerson;
const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));
const Told = z.object({ data: z.object({ settings: z.record(z.string(), z.number()), was: z.record(z.string(), z.number()) }) });

/** told answers the data of every event of these settings, oldest first. */
async function told(): Promise<z.infer<typeof Told>['data'][]> {
  const { rows } = await asOwner(
    `SELECT convert_from(substring(bytes FROM 49), 'UTF8')::jsonb AS said FROM ledger
     WHERE position('organisation.changed'::bytea IN bytes) > 0 ORDER BY seq`,
  );
  return z
    .array(z.object({ said: Told }))
    .parse(rows)
    .map(({ said }) => said.data);
}

beforeAll(async () => {
  plane = await testPeoplePlane();
  admin = await person(['admin']);
});
beforeEach(() => asOwner(`UPDATE organisation SET settings = '{}'`));
afterAll(() => plane.drop());

describe('after how long something is a finding', () => {
  it('is what an administrator says, and every other setting stays', async () => {
    const before = await told();
    expect(await changeSettings(admin.actor, { silentDays: 45 })).toMatchObject({
      ok: true,
      settings: { silentDays: 45, rotationDays: 90 },
    });
    expect(await readSettings()).toMatchObject({ silentDays: 45, rotationDays: 90 });
    expect((await told()).slice(before.length)).toEqual([{ settings: { silentDays: 45 }, was: { silentDays: 30 } }]);
  });

  it('keeps both when two people change different ones at once', async () => {
    const second = await person(['admin']);
    const both = await Promise.all([changeSettings(admin.actor, { silentDays: 45 }), changeSettings(second.actor, { rotationDays: 60 })]);
    expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await readSettings()).toMatchObject({ silentDays: 45, rotationDays: 60 });
  });

  it('is not told again when it is as it was', async () => {
    const before = await told();
    expect(await changeSettings(admin.actor, { silentDays: 30 })).toMatchObject({ ok: true });
    expect(await told()).toEqual(before);
  });

  it.each([
    ['no days', { silentDays: 0 }],
    ['half a day', { silentDays: 1.5 }],
    ['more than ten years', { silentDays: 3_651 }],
    ['one workload for many', { manyWorkloads: 1 }],
    ['nothing', {}],
    ['what is no setting', { silentDays: 9, name: 'Acme' }],
  ])('refuses %s', async (_what, wrong) => {
    const before = await readSettings();
    await expect((async () => changeSettings(admin.actor, wrong))()).rejects.toThrow();
    expect(await readSettings()).toEqual(before);
  });

  it.each([['security'], ['risk'], ['leader'], ['auditor'], ['process_owner'], ['engineer']] as const)(
    'is not for %s to say',
    async (role) => {
      const { actor } = await person([role]);
      expect(await changeSettings(actor, { silentDays: 3_650 })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
      expect(await readSettings()).toMatchObject({ silentDays: 30 });
    },
  );

  it('goes by the default where something else was written into the record', async () => {
    await asOwner(`UPDATE organisation SET settings = '{"silentDays": "never", "rotationDays": 12}'`);
    expect(await readSettings()).toMatchObject({ silentDays: 30, rotationDays: 12 });
  });
});
