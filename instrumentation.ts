/** register runs once when the web server starts, before its first request. */
export async function register(): Promise<void> {
  // Next writes its value here at build time, and leaves the rest out of bundles for other runtimes; so it must stand here literally.
  // oxlint-disable-next-line node/no-process-env
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const [{ stampAddresses }, { webEnv }] = await Promise.all([import('@/lib/http/client-address'), import('@/lib/platform/env')]);
  stampAddresses(webEnv().TRUST_PROXY === '1');
}
