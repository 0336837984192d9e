import type { Client, Outgoing, Reply } from './client';
import type { Random } from './random';
import { tokenFrom, type StageCredential } from '@/scripts/testing/stage';

/** Well within the 300 s that a token lives. */
const tokenKeptMs = 200_000;

/** One proposed action: `trace` is found again in the ledger row (traceparent), `key` makes it safe to ask twice. */
export type Call = { action: string; args: Record<string, unknown>; trace: string; key: string | undefined; approval?: string };

/** TortureAgent is a registered agent with a token that it renews in time. */
export class TortureAgent {
  private tokenKept: { token: string; atMs: number } | undefined;

  constructor(
    readonly id: string,
    readonly credential: StageCredential,
  ) {}

  /** token answers one that is still good; asks `gateway` for another when there is none. Throws when it gets none. */
  async token(gateway: { url: string }): Promise<string> {
    if (!this.tokenKept || performance.now() - this.tokenKept.atMs > tokenKeptMs) {
      this.tokenKept = { token: await tokenFrom(gateway, this.credential), atMs: performance.now() };
    }
    return this.tokenKept.token;
  }

  /** ask sends one check to one gateway, once. */
  async ask(client: Client, gateway: { url: string }, call: Call, how: Pick<Outgoing, 'hangUpAfterMs'> = {}): Promise<Reply> {
    const began = performance.now();
    let token: string;
    try {
      token = await this.token(gateway);
    } catch (error) {
      return { kind: 'lost', why: String(error), sentAt: began, receivedAt: performance.now() };
    }
    return client.send({
      url: `${gateway.url}/api/check`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        traceparent: call.trace,
        ...(call.key === undefined ? {} : { 'idempotency-key': call.key }),
      },
      body: JSON.stringify({
        action: { name: call.action },
        context: {
          arguments: call.args,
          supported_obligations: ['report_outcome'],
          ...(call.approval === undefined ? {} : { approval: { id: call.approval } }),
        },
      }),
      ...how,
    });
  }
}

const newTrace = (random: Random): string => `00-${random.hex(32)}-${random.hex(16)}-01`;
const withKey = (random: Random, keyed: boolean): Pick<Call, 'trace' | 'key'> => {
  const trace = newTrace(random);
  return { trace, key: keyed ? trace : undefined };
};

/** readCall is allowed at Tier 1. */
export const readCall = (random: Random, keyed: boolean): Call => ({
  action: 'invoices.read',
  args: { invoice: `INV-${random.below(10_000)}` },
  ...withKey(random, keyed),
});

/** paymentCall schedules a payment of so many dollars, of an invoice nobody else pays: allowed below 500, reversible below 50,000, else a person's to decide. */
export function paymentCall(random: Random, dollars: number, keyed: boolean, vendor = 'V-88'): Call {
  const identity = withKey(random, keyed);
  return {
    action: 'payments.schedule',
    args: { invoice: `INV-${identity.trace.slice(3, 35)}`, vendor, amount: dollars.toFixed(2), currency: 'USD' },
    ...identity,
  };
}

/** anyCall is what an agent's day is made of: mostly allowed, one in ten for a person; half of them with a key. */
export function anyCall(random: Random): Call {
  const keyed = random.chance(0.5);
  const drawn = random.next();
  if (drawn < 0.4) return readCall(random, keyed);
  if (drawn < 0.7) return paymentCall(random, random.between(1, 499), keyed);
  if (drawn < 0.9) return paymentCall(random, random.between(500, 49_999), keyed);
  return paymentCall(random, random.between(50_000, 249_999), keyed);
}
