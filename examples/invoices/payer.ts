import { setTimeout as delay } from 'node:timers/promises';
import { AlreadyDone, receiptHeader, type Permit } from '../../sdk/src/index';

export type Order = { invoice: string; vendor: string; amount: string; currency: string };
export type Paid = { id: string };

const answerMsMax = 10_000;
/** Within the life of a receipt. */
const tryForMs = 15_000;
const pauseMs = 500;

/** Payer is the payments service as this agent calls it: with the receipt, which is good for 30 seconds. */
export class Payer {
  constructor(private readonly url: string) {}

  /** isThere tells whether the service answers. */
  async isThere(): Promise<boolean> {
    return fetch(new URL('/payments', this.url), { signal: AbortSignal.timeout(answerMsMax) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** send makes one payment under a permit. Throws AlreadyDone when the service made it before, an Error when it refused, and a time-out when nobody knows. */
  async send(how: 'schedule' | 'execute', order: Order, { receipt }: Permit): Promise<Paid> {
    const giveUpAt = Date.now() + tryForMs;
    for (;;) {
      const answer = await fetch(new URL(`/payments/${how}`, this.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [receiptHeader]: receipt },
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(answerMsMax),
      });
      const body = (await answer.json()) as { id?: string; code?: string; detail?: string; payment?: Paid };
      if (answer.status === 201 && body.id !== undefined) return { id: body.id };
      if (answer.status === 409 && body.payment) throw new AlreadyDone(body.payment);
      if (answer.status !== 503 || Date.now() + pauseMs > giveUpAt)
        throw new Error(`the payments service refused it: ${body.detail ?? answer.status}`);
      await delay(pauseMs);
    }
  }
}
