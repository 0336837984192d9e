import type pg from 'pg';
import { opensWith } from '../domain/tool-keys';
import type { ToolKeyFacts } from '../schema/tool-keys';
import { readWorkingKeys } from '../store/tool-keys';

/** Longest that a key is believed without looking again: how late a revocation may count where its event was missed. */
const believedMs = 1_000;
/** Least time between two reads that a refusal asked for: strangers with made-up keys must not keep the database busy. */
const againMsMin = 50;

/** Whose key was shown; 'UNAVAILABLE' when that cannot be known now. */
export type ToolKeyVerdict = { ok: true; key: string; system: string } | { ok: false; code: 'UNKNOWN' | 'UNAVAILABLE' };

/** ToolKeyKeeper holds the keys that work, as a gateway uses them: read when somebody shows one, at most a second old, anew after every change it hears of. */
export class ToolKeyKeeper {
  private keys: ReadonlyMap<string, ToolKeyFacts> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;
  private changes = 0;

  constructor(private readonly reads: pg.Pool) {}

  /** verify tells whose key this is. Never throws. */
  async verify(id: string, secret: string): Promise<ToolKeyVerdict> {
    try {
      if (this.age() > believedMs) await this.read();
      let key = this.keys.get(id);
      if (!opensWith(key, secret) && this.age() > againMsMin) {
        // Another process may have made it a moment ago (lib/DECISIONS.md 5).
        await this.read();
        key = this.keys.get(id);
      }
      return opensWith(key, secret) ? { ok: true, key: key.id, system: key.systemId } : { ok: false, code: 'UNKNOWN' };
    } catch {
      return { ok: false, code: 'UNAVAILABLE' };
    }
  }

  /** forget makes the next look a fresh one: a key was made or revoked. */
  forget(): void {
    this.changes++;
    this.readAt = Number.NEGATIVE_INFINITY;
  }

  private age(): number {
    return performance.now() - this.readAt;
  }

  private read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const [startedAt, changes] = [performance.now(), this.changes];
    const keys = await readWorkingKeys(this.reads);
    this.keys = new Map(keys.map((key) => [key.id, key]));
    // What was read before a change may not have seen it.
    if (changes === this.changes) this.readAt = startedAt;
  }
}
