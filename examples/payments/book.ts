import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';

export type Payment = {
  id: string;
  at: string;
  kind: 'scheduled' | 'paid';
  invoice: string;
  vendor: string;
  amount: string;
  currency: string;
  /** The decision that allowed it: unique in the book. */
  decision: string;
  agent: string;
  approval?: string;
};

/**
 * Book keeps payments in an append-only file, one JSON line each, on disk before anyone hears of it. A payment and the decision it was made under are the
 * same line, so there is no moment in which one is there without the other: that is what makes a decision usable once, also across a crash.
 */
export class Book {
  private readonly byDecision = new Map<string, Payment>();
  private readonly file: number;

  /** Opens the file, or makes it. One process at a time; a line that a crash left half is no payment, and is cut off. */
  constructor(name: string) {
    mkdirSync(path.dirname(name), { recursive: true });
    const text = existsSync(name) ? readFileSync(name, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n').filter((one) => one !== '')) this.remember(JSON.parse(line) as Payment);
    if (whole.length < text.length) truncateSync(name, Buffer.byteLength(whole));
    this.file = openSync(name, 'a', 0o600);
  }

  get payments(): Payment[] {
    return [...this.byDecision.values()];
  }

  /** madeUnder answers the payment of a decision. */
  madeUnder(decision: string): Payment | undefined {
    return this.byDecision.get(decision);
  }

  /** add writes a payment, unless its decision has one. Nothing else runs between the look and the write. Throws when the disk did not take it. */
  add(payment: Payment): boolean {
    if (this.byDecision.has(payment.decision)) return false;
    writeSync(this.file, `${JSON.stringify(payment)}\n`);
    fsyncSync(this.file);
    this.remember(payment);
    return true;
  }

  close(): void {
    closeSync(this.file);
  }

  private remember(payment: Payment): void {
    this.byDecision.set(payment.decision, payment);
  }
}
