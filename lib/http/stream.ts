import { findSession, type SignedIn } from '@/lib/people/service';
import { problemAnswer, Refused } from './answers';
import { liveHub } from './live';
import { newId } from '@/lib/kernel/ids';

/** How often a stream says that it lives, and asks whether its session still does. */
export const beatMs = 5_000;

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/**
 * liveStream answers server-sent events: `head` whenever the ledger moves, `stale` when it cannot be read, `beat` in between, and `signed_out` as the
 * last one once the session row has ended. Carries sequence numbers and a count, nothing of any row.
 */
export function liveStream(session: SignedIn, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let stop = (): void => undefined;
  let refused = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (event: string, data: unknown): void => {
        try {
          controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
        } catch {
          stop();
        }
      };
      const leave = liveHub().listen((event) => (event.type === 'head' ? send('head', event.head) : send('stale', {})));
      if (!leave) {
        refused = true;
        return;
      }
      const beat = setInterval(() => {
        findSession(session.sessionId).then(
          (live) => {
            if (live) return send('beat', {});
            send('signed_out', {});
            stop();
          },
          () => send('stale', {}),
        );
      }, beatMs);
      beat.unref();
      stop = () => {
        stop = () => undefined;
        clearInterval(beat);
        leave();
        try {
          controller.close();
        } catch {
          // The reader went first.
        }
      };
      signal.addEventListener('abort', () => stop());
    },
    cancel() {
      stop();
    },
  });
  if (refused)
    return problemAnswer(
      new Refused('UNAVAILABLE', 'Too many live views are open on this server. The page works; it only does not move by itself.'),
      newId('req'),
    );
  return new Response(body, { headers: streamHeaders });
}
