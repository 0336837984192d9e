export const dynamic = 'force-dynamic';

/** The process runs; whether it can serve is /readyz. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}
