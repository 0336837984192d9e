import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

/** One exchange; instants are milliseconds of performance.now(). `lost`: no whole answer came, so the client knows nothing. */
export type Reply = { sentAt: number; receivedAt: number } & (
  { kind: 'answer'; status: number; headers: IncomingHttpHeaders; body: unknown } | { kind: 'lost'; why: string }
);

export type Outgoing = {
  method?: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  /** The client hangs up this many milliseconds after sending, unless the answer came first. */
  hangUpAfterMs?: number;
};

/** An answer that takes longer is given up; far above every bar, so that a bar broken is seen and measured. */
const waitMsMax = 15_000;
const socketsMax = 256;

/** What the scenarios read of an answer to a check. */
const Decided = z.object({
  decision: z.boolean(),
  context: z.object({
    id: z.string(),
    verdict: z.string(),
    digest: z.string(),
    workflow: z.string(),
    reasons: z.array(z.object({ code: z.string() })),
    access_request: z.object({ id: z.string(), status: z.string() }).optional(),
  }),
});
export type Decided = z.infer<typeof Decided>;

/** decidedBy is the decision in a reply, or undefined when it holds none. */
export function decidedBy(reply: Reply): Decided | undefined {
  if (reply.kind !== 'answer' || reply.status !== 200) return undefined;
  const parsed = Decided.safeParse(reply.body);
  return parsed.success ? parsed.data : undefined;
}

/** Client sends requests as agents do: over connections that are kept open, and without ever retrying by itself. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: socketsMax, noDelay: true });

  /** send never throws: whatever happens to the connection is a reply of kind `lost`. */
  send({ method = 'POST', url, headers = {}, body, hangUpAfterMs }: Outgoing): Promise<Reply> {
    const sentAt = performance.now();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (
        reply: { kind: 'answer'; status: number; headers: IncomingHttpHeaders; body: unknown } | { kind: 'lost'; why: string },
      ): void => {
        clearTimeout(timer);
        resolve({ ...reply, sentAt, receivedAt: performance.now() });
      };
      const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = httpRequest(url, { method, agent: this.agent, headers: { ...headers, ...length } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => end({ kind: 'lost', why: error.message }));
        response.on('close', () => end({ kind: 'lost', why: 'the connection ended within the answer' }));
        response.on('end', () => {
          if (!response.complete) return end({ kind: 'lost', why: 'the connection ended within the answer' });
          end({
            kind: 'answer',
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parse(Buffer.concat(chunks).toString('utf8')),
          });
        });
      });
      outgoing.on('error', (error) => end({ kind: 'lost', why: error.message }));
      const limitMs = hangUpAfterMs ?? waitMsMax;
      const why = hangUpAfterMs === undefined ? `no answer within ${waitMsMax} ms` : 'the client hung up';
      timer = setTimeout(() => outgoing.destroy(new Error(why)), limitMs);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
