import setupBuild from '../scripts/testing/built';
import { startCountersign } from '../scripts/testing/harness';
import { beOn } from './system';

/** One system with the small sample for all browser tests that do not start one themselves; e2e/system.ts tells a spec where it is. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await setupBuild();
  const countersign = await startCountersign();
  process.env['COUNTERSIGN_E2E_URL'] = countersign.webUrl;
  const { webUrl, gatewayUrl, home, urls, signIn, environment } = countersign;
  beOn({ webUrl, gatewayUrl, home, urls: { superuser: '', ...urls }, signIn, environment: { ...environment } });
  return () => countersign.stop();
}
