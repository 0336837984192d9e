import { afterAll, beforeAll, expect, it } from 'vitest';
import { deactivateUser, inTransaction } from '@/lib/people/service';
import { person, setup } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { agentsOf, processOf } from '../../testdata/succession';
import { applySuccession } from './departure';
import { estateOf } from './household';
let plane: PeoplePlane;
beforeAll(async () => { plane = await testPeoplePlane(); await person(['admin']); });
afterAll(() => plane.drop());
it('x', async () => {
  const steady = await person(['process_owner']);
  const process = await processOf(steady);
  for (const both of [false, true]) {
  const [leaver, heir] = [await person(['leader']), await person(['leader'])];
  await agentsOf({ process, owner: leaver, ...(both ? { sponsor: leaver } : {}), successors: [heir] }, 1_000);
  const t0 = performance.now();
  await inTransaction(async (tx) => { await estateOf(leaver, tx); });
  const t1 = performance.now();
  let t2 = 0;
  await inTransaction(async (tx) => { 
    await tx.$executeRaw`UPDATE users SET status='deactivated' WHERE id=${leaver.id}`;
    await applySuccession(tx, { kind: 'user.deactivated', actor: setup, subject: { type: 'user', id: leaver.id }, data: {} }); t2 = performance.now(); });
  const t3 = performance.now();
  globalThis.process.stdout.write(`PROFILE both=${both} estate ${t1 - t0} whole before commit ${t2 - t1} commit ${t3 - t2}\n`);
  }
  expect(deactivateUser).toBeDefined();
});
