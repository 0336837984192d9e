import { webEnv } from '@/lib/platform/env';

/**
 * isSameOrigin tells whether a browser sent this request from one of our own pages: `Sec-Fetch-Site` where the browser sends it, and `Origin`, which
 * must be this host or the configured address. A request with neither is not.
 */
export function isSameOrigin(request: Request, publicUrl: string = webEnv().NEXTAUTH_URL): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return site === 'same-origin';
  if (!URL.canParse(origin)) return false;
  const { host, origin: normal } = new URL(origin);
  return normal === new URL(publicUrl).origin || host === request.headers.get('host');
}
