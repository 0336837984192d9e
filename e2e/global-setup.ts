import { calmPolicy } from '../lib/policy/testdata/calm';
import { newId } from '../lib/kernel/ids';
import { withClient } from '../lib/platform/db';
import setupBuild from '../scripts/testing/built';
import { startCountersign } from '../scripts/testing/harness';
import { beOn } from './system';

/** One system with the small sample for all browser tests that do not start one themselves; e2e/system.ts tells a spec where it is. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await setupBuild();
  const countersign = await startCountersign();
  await calmDown(countersign.urls.owner);
  process.env['COUNTERSIGN_E2E_URL'] = countersign.webUrl;
  const { webUrl, gatewayUrl, home, urls, signIn, environment } = countersign;
  beOn({ webUrl, gatewayUrl, home, urls: { superuser: '', ...urls }, signIn, environment: { ...environment } });
  return () => countersign.stop();
}

/** All specs share one sample agent, which fails and is refused far more often than any real one: no breaker opens for it. */
const calmDown = (ownerUrl: string) =>
  withClient(ownerUrl, async (client) => {
    const { id, version, name } = calmPolicy;
    const event = { kind: 'policy.published', id: newId('evt'), actor: { type: 'system', id: 'setup' }, subject: { type: 'policy', id } };
    await client.query('BEGIN');
    await client.query("INSERT INTO policies (id, version, name, status, document) VALUES ($1, $2, $3, 'active', $4)", [
      id,
      version,
      name,
      calmPolicy,
    ]);
    await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, $2, convert_to($3, 'UTF8'))", [
      event.kind,
      id,
      JSON.stringify({ ...event, data: { version } }),
    ]);
    await client.query('COMMIT');
  });
