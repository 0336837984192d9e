import setupBuild from '../scripts/testing/built';
import { startCountersign } from '../scripts/testing/harness';

/** One system for all browser tests; e2e/system.ts tells a spec where it is. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await setupBuild();
  const countersign = await startCountersign();
  process.env['COUNTERSIGN_E2E_URL'] = countersign.webUrl;
  process.env['COUNTERSIGN_E2E'] = JSON.stringify({
    webUrl: countersign.webUrl,
    gatewayUrl: countersign.gatewayUrl,
    home: countersign.home,
    urls: countersign.urls,
    signIn: countersign.signIn,
    environment: countersign.environment,
  });
  return () => countersign.stop();
}
