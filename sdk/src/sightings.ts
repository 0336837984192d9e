import type { Call } from './digest';
import type { ReceiptRefusalCode } from './receipt';
import { jsonPart } from './receipt-claims';

/** A tool key, made by people on the page of the system that the tool belongs to: `tky_…` and its secret. */
export type ToolKey = { keyId: string; secret: string };

/** Kinds of calls (action, agent, code) that wait to be told; more are dropped. */
const kindsMax = 200;
/** Most calls of a kind that one report says. */
const countMax = 1_000;
/** Calls are added up for this long before they are told. */
const waitMs = 1_000;
/** A gateway that could not take a report is asked again after this. */
const againMs = 30_000;
const requestMsMax = 5_000;
const agentShape = /^agt_[0-9a-z_]{1,60}$/;
// The tool's own trouble, and a retry of something that was allowed: no trace of anybody who goes past the gateway.
const untold: ReadonlySet<ReceiptRefusalCode> = new Set(['KEYS_UNAVAILABLE', 'STORE_UNAVAILABLE', 'CLOCK_UNSURE', 'USED_BEFORE']);

type Waiting = { action: string; agent: string | undefined; code: ReceiptRefusalCode; count: number };

/** SightingReporter tells the gateway, behind the tool's back and never in its way, of calls that no receipt allowed. What cannot be told is forgotten. */
export class SightingReporter {
  private waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private readonly address: string;
  private readonly authorization: string;

  constructor(url: URL, { keyId, secret }: ToolKey) {
    this.address = `${url.origin}${url.pathname.replace(/\/$/, '')}/api/sightings`;
    this.authorization = `Basic ${Buffer.from(`${keyId}:${secret}`).toString('base64')}`;
  }

  /** note keeps a refused call until it is told. Never throws, never waits. */
  note(action: string, code: ReceiptRefusalCode, agent: string | undefined): void {
    if (untold.has(code)) return;
    // The gateway refuses a report whole whose agent is none.
    this.keep({ action, agent: agent !== undefined && agentShape.test(agent) ? agent : undefined, code, count: 1 }, waitMs);
  }

  /** flush tells what waits; resolves when that has been tried. Never throws. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.sending = this.sending.then(() => this.sendAll()));
  }

  private keep(call: Waiting, afterMs: number): void {
    const name = `${call.action} ${call.agent ?? ''} ${call.code}`;
    const held = this.waiting.get(name);
    if (held) held.count = Math.min(held.count + call.count, countMax);
    else if (this.waiting.size < kindsMax) this.waiting.set(name, call);
    if (this.timer !== undefined || this.waiting.size === 0) return;
    this.timer = setTimeout(() => void this.flush(), afterMs);
    // A tool that has nothing else to do ends.
    this.timer.unref();
  }

  private async sendAll(): Promise<void> {
    const calls = [...this.waiting.values()];
    this.waiting = new Map();
    let isAway = false;
    for (const call of calls) {
      isAway ||= !(await this.send(call));
      if (isAway) this.keep(call, againMs);
    }
  }

  /** send answers false when the gateway may take the same report later. */
  private async send(call: Waiting): Promise<boolean> {
    try {
      const response = await fetch(this.address, {
        method: 'POST',
        headers: { authorization: this.authorization, 'content-type': 'application/json' },
        body: JSON.stringify(call),
        redirect: 'error',
        signal: AbortSignal.timeout(requestMsMax),
      });
      await response.body?.cancel();
      return response.status !== 429 && response.status < 500;
    } catch {
      return false;
    }
  }
}

/** actionOf is the name of the action a call is of. */
export const actionOf = ({ action }: Pick<Call, 'action'>): string => (typeof action === 'string' ? action : action.name);

/** claimedAgent is whom a receipt says it is for, believing nothing of it; undefined when it says nobody. */
export function claimedAgent(receipt: string | undefined | null): string | undefined {
  const parts = typeof receipt === 'string' ? receipt.split('.', 4) : [];
  const agent = parts.length === 3 ? jsonPart(parts[1] ?? '')?.['sub'] : undefined;
  return typeof agent === 'string' ? agent : undefined;
}
