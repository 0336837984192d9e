import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from '@/lib/kernel/problem';
import { parseStrictJson } from '@/lib/kernel/strict-json';

/** A request that was not read: which problem, and the sentence for it. */
export type Unread = { ok: false; code: ProblemCode; detail: string };
const unread = (code: ProblemCode, detail: string): Unread => ({ ok: false, code, detail });

/** readText reads a body of at most `bytesMax` as UTF-8. Never decompresses: a compressed body is refused. */
export function readText(request: IncomingMessage, bytesMax: number): Promise<{ ok: true; text: string } | Unread> {
  return new Promise((resolve) => {
    // Whoever went away before this is no more to be heard of.
    if (request.destroyed) return resolve(unread('MALFORMED', 'The body did not arrive whole.'));
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return resolve(unread('UNSUPPORTED_MEDIA', 'Compressed bodies are not read.'));
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return resolve(tooLarge(bytesMax));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) {
        request.removeAllListeners('data');
        resolve(tooLarge(bytesMax));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      const [first] = chunks;
      const bytes = chunks.length === 1 && first ? first : Buffer.concat(chunks);
      if (!isUtf8(bytes)) return resolve(unread('MALFORMED', 'The body is not UTF-8.'));
      resolve({ ok: true, text: bytes.toString('utf8') });
    });
    request.on('error', () => resolve(unread('MALFORMED', 'The body did not arrive whole.')));
    request.on('close', () => resolve(unread('MALFORMED', 'The body did not arrive whole.')));
  });
}

const tooLarge = (bytesMax: number): Unread => unread('TOO_LARGE', `The body may have ${bytesMax} bytes at most; nothing of it was kept.`);

const jsonType = /^application\/json *(; *charset *= *"?utf-8"? *)?$/i;

/** readStrictJson reads a JSON body (RFC 8259, I-JSON) of at most `bytesMax`; 415 for another content type. */
export async function readStrictJson(request: IncomingMessage, bytesMax: number): Promise<{ ok: true; value: unknown } | Unread> {
  const type = request.headers['content-type'];
  if (type !== 'application/json' && !jsonType.test(type ?? ''))
    return unread('UNSUPPORTED_MEDIA', 'The content type must be application/json, in UTF-8.');
  const body = await readText(request, bytesMax);
  if (!body.ok) return body;
  const parsed = parseStrictJson(body.text);
  if (!parsed.ok) return unread('MALFORMED', `The body is not acceptable JSON: ${parsed.reason} (at character ${parsed.offset}).`);
  return parsed;
}
