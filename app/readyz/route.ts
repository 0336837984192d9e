import { readiness } from '@/lib/http/health';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const state = await readiness();
  return Response.json(state.ready ? { status: 'ready' } : { status: 'not_ready', code: state.why }, {
    status: state.ready ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
