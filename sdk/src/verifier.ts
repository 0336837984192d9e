import type { Call } from './digest';
import { KeySet } from './key-set';
import { receiptKeyId, refuseReceipt, verifyReceipt, type ReceiptRefusalCode, type ReceiptVerdict } from './receipt';
import { MemorySeen, type SeenDecisions } from './seen';
import { actionOf, claimedAgent, SightingReporter, type ToolKey } from './sightings';
import { gatewayUrl } from './transport';

export type ReceiptVerifierOptions = {
  /** Where the gateway is, for example `http://localhost:4000`. */
  url: string;
  /** The name it signs with; asked of the gateway unless given. */
  issuer?: string;
  /** Remembers which decisions were carried out; in this process's memory unless given. */
  seen?: SeenDecisions;
  /** Lets keys be fetched over plain HTTP from another machine: whoever can change what is on that wire can forge receipts. */
  plainHttp?: boolean;
  /** Tells the gateway, in the background, of calls that came without a receipt or with one that allowed nothing: a tool key of the system. */
  report?: ToolKey;
  /** The time; for tests. */
  now?: () => Date;
};

/** ReceiptVerifier decides for a tool whether it may do what it was called to do. It asks the gateway for nothing but its keys, now and then. */
export class ReceiptVerifier {
  private readonly keySet: KeySet;
  private readonly seen: SeenDecisions;
  private readonly now: () => Date;
  private readonly reporter: SightingReporter | undefined;
  private latestMs = -Infinity;

  constructor(options: ReceiptVerifierOptions) {
    const url = gatewayUrl(options.url, options.plainHttp ?? false);
    this.keySet = new KeySet(url, options.issuer);
    this.reporter = options.report && new SightingReporter(url, options.report);
    this.seen = options.seen ?? new MemorySeen();
    this.now = options.now ?? (() => new Date());
  }

  /**
   * accept verifies a receipt against the call that was received and takes its decision: true once. After `ok` the tool acts; after a refusal it does
   * nothing. Never throws.
   */
  async accept(receipt: string | undefined | null, call: Call): Promise<ReceiptVerdict> {
    const verdict = await this.verify(receipt, call);
    if (!verdict.ok) return verdict;
    try {
      return (await this.seen.take(verdict.claims.decision)) === true ? verdict : refuseReceipt('USED_BEFORE', verdict.claims);
    } catch {
      return refuseReceipt('STORE_UNAVAILABLE', verdict.claims);
    }
  }

  /**
   * verify is accept without taking the decision. It is for tools that keep `claims.decision` themselves, under a unique key and in the transaction of
   * the effect; by itself it does not keep a receipt from being used twice. Never throws.
   */
  async verify(receipt: string | undefined | null, call: Call): Promise<ReceiptVerdict> {
    const verdict = await this.judge(receipt, call);
    if (!verdict.ok) this.note(receipt, call, verdict.code);
    return verdict;
  }

  /**
   * reportUnreceipted tells of a call that the tool refused by itself, before it had a receipt to verify; what `accept` and `verify` refuse is told without
   * it. Does nothing without `report`. Returns at once, and never throws.
   */
  reportUnreceipted(action: string, { agent, code = 'MISSING' }: { agent?: string; code?: ReceiptRefusalCode } = {}): void {
    this.reporter?.note(action, code, agent);
  }

  /** flushReports tells what waits to be told, for a tool that stops. Without it the last second's reports are lost. Never throws. */
  async flushReports(): Promise<void> {
    await this.reporter?.flush();
  }

  private note(receipt: string | undefined | null, call: Call, code: ReceiptRefusalCode): void {
    try {
      this.reporter?.note(actionOf(call), code, claimedAgent(receipt));
    } catch {
      // What cannot be told never becomes the verdict's trouble.
    }
  }

  private async judge(receipt: string | undefined | null, call: Call): Promise<ReceiptVerdict> {
    try {
      const head = receiptKeyId(receipt);
      if (!head.ok) return head;
      const known = await this.keySet.known(head.kid);
      if (!known) return refuseReceipt('KEYS_UNAVAILABLE');
      return verifyReceipt(receipt, call, { keys: known.keys, issuer: known.issuer, now: this.time() });
    } catch {
      return refuseReceipt('MALFORMED');
    }
  }

  // A clock that is set back must not bring an expired receipt to life again.
  private time(): Date {
    const ms = this.now().getTime();
    if (!Number.isFinite(ms)) return new Date(NaN);
    this.latestMs = Math.max(this.latestMs, ms);
    return new Date(this.latestMs);
  }
}
