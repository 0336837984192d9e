import { randomUUID } from 'node:crypto';
import { money, type Invoice, type Item, type Removal } from './inbox';
import type { Order, Paid, Payer } from './payer';
import type { State } from './state';
import {
  AlreadyReported,
  CountersignError,
  Halted,
  NotApproved,
  Unavailable,
  type Countersign,
  type Permit,
  type Words,
} from '../../sdk/src/index';

export type WorkOptions = {
  countersign: Countersign;
  payer: Payer;
  state: State;
  say: (line: string) => void;
  /** Where a person decides on a request; undefined when the console's address is not known. */
  linkTo: (request: string) => string;
  waitSecondsMax: number | undefined;
};

/** The halt that stopped the workflow, once one did. */
export type Stopped = { workflow: string; decision: string };

/** Work is the agent: it goes through its inbox in order, asks before every action, and does what it is allowed. */
export class Work {
  stopped: Stopped | undefined;
  /** Items that are neither done nor put aside. */
  open = 0;

  constructor(private readonly options: WorkOptions) {}

  /** through works on every item that is not settled yet. */
  async through(items: readonly Item[]): Promise<void> {
    for (const item of items) {
      const before = this.options.state.settled(item.number);
      if (before !== undefined) this.tell(item, `settled in an earlier run: ${before}`);
      else await this.one(item);
    }
  }

  private async one(item: Item): Promise<void> {
    try {
      const how = item.kind === 'invoice' ? await this.invoice(item) : await this.removal(item);
      this.options.state.settle(item.number, how);
      this.tell(item, how);
    } catch (error) {
      const final = this.endOf(error);
      if (final === undefined) this.open++;
      else this.options.state.settle(item.number, final);
      this.tell(item, final ?? `open: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof Unavailable) throw error;
    }
  }

  /** endOf is how an item is put aside, or undefined when the next run tries it again. */
  private endOf(error: unknown): string | undefined {
    if (error instanceof NotApproved) return `put aside: ${error.message}`;
    if (error instanceof AlreadyReported) return `${error.status} before, under ${error.decision.id}`;
    if (!(error instanceof Halted)) return undefined;
    this.stopped ??= { workflow: error.decision.workflow, decision: error.decision.id };
    // The cause of a halt stays refused; what only met it is tried again after the release.
    return error.byAnother ? undefined : `halted: ${error.message}`;
  }

  private async invoice(invoice: Invoice): Promise<string> {
    await this.read(invoice);
    const how = invoice.terms === 'immediate' ? 'execute' : 'schedule';
    const { payment, permit } = await this.pay(invoice, how)(orderOf(invoice), this.call);
    const done = how === 'execute' ? 'paid' : 'scheduled';
    if (permit.approval !== undefined) return `${done} as ${payment.id}: approved by a person (${permit.approval})`;
    if (permit.reversalDeadline !== undefined)
      return `${done} as ${payment.id}: Tier ${permit.tier}, can be reversed until ${permit.reversalDeadline}`;
    return `${done} as ${payment.id}: Tier ${permit.tier}, at once`;
  }

  private read(invoice: Invoice): Promise<Invoice> {
    const read = this.options.countersign.guard(() => invoice, {
      action: 'invoices.read',
      // Reading twice does no harm, so each reading is an effect of its own.
      effect: () => `read ${invoice.number} ${randomUUID()}`,
      resource: () => ({ type: 'invoice', id: invoice.number }),
    });
    return read({ invoice: invoice.number }, this.call);
  }

  private pay(invoice: Invoice, how: 'schedule' | 'execute') {
    return this.options.countersign.guard<Order, { payment: Paid; permit: Permit }>(
      async (order, permit) => ({ payment: await this.options.payer.send(how, order, permit), permit }),
      {
        action: `payments.${how}`,
        effect: ({ invoice: number }) => `pay ${number}`,
        resource: ({ invoice: number }) => ({ type: 'invoice', id: number }),
        words: () => wordsOf(invoice),
        // The service takes each decision once, so it may be called again after a crash.
        idempotent: true,
        report: ({ payment }) => ({
          summary: `${how === 'execute' ? 'Paid' : 'Scheduled'} as ${payment.id}`,
          sideEffects: [`payments:${payment.id}`],
        }),
        onWaiting: ({ id }) => this.tell(invoice, `waits for a person: ${this.options.linkTo(id)}`),
      },
    );
  }

  private async removal({ number, vendor, text }: Removal): Promise<string> {
    const remove = this.options.countersign.guard(() => 'deleted', {
      action: 'vendors.delete',
      effect: () => `delete ${vendor.id} for ${number}`,
      words: () => ({ summary: `Delete vendor ${vendor.id}`, rationale: text }),
    });
    return remove({ vendor: vendor.id }, this.call);
  }

  private get call(): { waitSecondsMax?: number } {
    const { waitSecondsMax } = this.options;
    return waitSecondsMax === undefined ? {} : { waitSecondsMax };
  }

  private tell(item: Item, what: string): void {
    const about = item.kind === 'invoice' ? `${money(item.total)} to ${item.vendor.name}` : `delete ${item.vendor.name}`;
    this.options.say(`${item.number}  ${about}: ${what}`);
  }
}

/** orderOf is what the payments service is told to pay: the arguments that are decided on. */
export const orderOf = ({ number, vendor, total }: Invoice): Order => ({
  invoice: number,
  vendor: vendor.id,
  amount: total.amount,
  currency: total.currency,
});

/** wordsOf is the agent's account of a payment, made of nothing but the invoice, so that a restarted agent says the same. */
export const wordsOf = ({ number, total, vendor, purchase_order, matched, due }: Invoice): Words => ({
  summary: `Pay ${money(total)} to ${vendor.name} for invoice ${number}`,
  rationale: `Matches ${purchase_order}; due ${due}.`,
  sources: [{ ref: `erp:${purchase_order}`, sensitivity: 'internal' }],
  confidence: matched,
});

/** isOurs tells an error of the gate from any other. */
export const isOurs = (error: unknown): error is CountersignError => error instanceof CountersignError;
