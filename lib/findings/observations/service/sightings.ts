import { sightingValue, unknownAgent } from '../domain';
import type { Sighting, SightingAnswer } from '../schema';
import type { Observer } from './observer';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import type { EventPayload } from '@/lib/ledger/schema';
import type { Committer } from '@/lib/ledger/service';

/** The rules as gateways hold them, as far as a sighting needs them: an event is committed at their epoch. */
type Epochs = { readonly snapshot: { rules: { epoch: number } }; catchUp(epoch: number): Promise<boolean> };

export type SightingsOptions = { observer: Observer; committer: Committer; rules: Epochs; nowMs?: () => number };

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Most reports of one key in a minute, at each gateway. The client library sends far fewer, since it adds calls of a kind up. */
export const reportsPerMinuteMax = 120;
/** Most events of one system in an hour: more kinds of calls than that are counted, and told by the finding. */
export const eventsPerHourMax = 100;
const epochRetriesMax = 3;

/** Sightings notes what tools report: calls that no receipt allowed. Counted each time; in the ledger once an hour for a system, an action and an agent. */
export class Sightings {
  private minute = 0;
  private reports = new Map<string, number>();
  private hour = 0;
  private told = new Set<string>();
  private toldOf = new Map<string, number>();

  constructor(private readonly options: SightingsOptions) {}

  /** mayReport counts a report of a key and tells whether it is within the limit. Only for keys that were verified, so their number is bounded. */
  mayReport(key: string): boolean {
    const minute = Math.floor(this.nowMs() / minuteMs);
    if (minute !== this.minute) [this.minute, this.reports] = [minute, new Map()];
    const count = (this.reports.get(key) ?? 0) + 1;
    this.reports.set(key, count);
    return count <= reportsPerMinuteMax;
  }

  /** note counts a report of a system's tool and answers what was noted. The event is committed behind the answer: losing it loses no count. */
  note({ key, system }: { key: string; system: string }, sighting: Sighting): SightingAnswer {
    const { action, agent, code, count } = sighting;
    this.options.observer.noticed('tool.unreceipted', system, sightingValue(action, agent), count);
    void this.tell(key, system, sighting);
    return { noted: { system, action, agent: agent ?? null, code, count } };
  }

  private async tell(key: string, system: string, sighting: Sighting): Promise<void> {
    const hour = Math.floor(this.nowMs() / hourMs);
    if (hour !== this.hour) [this.hour, this.told, this.toldOf] = [hour, new Set(), new Map()];
    const what = `${system} ${sightingValue(sighting.action, sighting.agent)}`;
    const ofSystem = this.toldOf.get(system) ?? 0;
    if (this.told.has(what) || ofSystem >= eventsPerHourMax) return;
    this.told.add(what);
    this.toldOf.set(system, ofSystem + 1);
    if (await this.commit(key, system, sighting, `${what} ${hour}`)) return;
    // The next report of it tries again.
    this.told.delete(what);
  }

  // The idempotency key makes it one event though several gateways hear of it.
  private async commit(key: string, system: string, { action, agent, code, count }: Sighting, name: string): Promise<boolean> {
    const { committer, rules } = this.options;
    const id = newId('evt');
    const subject = { type: 'system', id: system };
    const data = { key, action, agent: agent ?? unknownAgent, code, count };
    const payload: EventPayload = { kind: 'sighting.reported', id, actor: { type: 'gateway', id: key }, subject, data };
    const hash = sha256(`sighting ${name}`);
    const item = {
      eventId: id,
      agent: system,
      workflow: '',
      payload: JSON.stringify(payload),
      idempotency: { keyHash: hash, bodyHash: hash, answer: '' },
      refuseWhenHalted: false,
      haltsWorkflow: false,
    };
    for (let attempt = 0; attempt <= epochRetriesMax; attempt++) {
      const outcome = await committer.submit(item, rules.snapshot.rules.epoch);
      if (outcome.outcome === 'written' || outcome.outcome === 'key_taken') return true;
      if (outcome.outcome !== 'epoch_moved' || !(await rules.catchUp(outcome.epoch))) return false;
    }
    return false;
  }

  private nowMs(): number {
    return (this.options.nowMs ?? Date.now)();
  }
}
