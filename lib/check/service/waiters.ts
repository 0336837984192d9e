/** Most long polls at once in one gateway. */
export const waitersMax = 10_000;
/** A notification can be lost; so each waiter looks again by itself at least this often. */
const lookAgainMs = 2_000;

/** What ended a sleep: something happened to what it waits for, the rules changed for its agent or for all, or it is time to look again. */
export type Woken = 'changed' | 'rules' | 'time';

/** Waiters lets long polls sleep until something happens to what they wait for, or until it is time to look again anyway. */
export class Waiters {
  private readonly sleeping = new Map<string, Set<(why: Woken) => void>>();
  private count = 0;

  get isFull(): boolean {
    return this.count >= waitersMax;
  }

  /** sleep resolves on wake(id), when the rules changed, after lookAgainMs, or at `untilMs` (milliseconds of performance.now()), whichever is first. */
  sleep(id: string, untilMs: number): Promise<Woken> {
    return new Promise((resolve) => {
      const done = (why: Woken): void => {
        clearTimeout(timer);
        const set = this.sleeping.get(id);
        if (set?.delete(done)) this.count--;
        if (set?.size === 0) this.sleeping.delete(id);
        resolve(why);
      };
      const timer = setTimeout(() => done('time'), Math.max(0, Math.min(lookAgainMs, untilMs - performance.now())));
      const set = this.sleeping.get(id) ?? new Set();
      set.add(done);
      this.sleeping.set(id, set);
      this.count++;
    });
  }

  /** waitedFor lists what is waited for, once for each long poll, at most so many. */
  waitedFor(limit: number): string[] {
    const ids: string[] = [];
    for (const [id, set] of this.sleeping)
      for (let i = 0; i < set.size; i++) {
        if (ids.length >= limit) return ids;
        ids.push(id);
      }
    return ids;
  }

  wake(id: string): void {
    for (const done of [...(this.sleeping.get(id) ?? [])]) done('changed');
  }

  wakeAll(why: Woken = 'changed'): void {
    for (const set of [...this.sleeping.values()]) for (const done of [...set]) done(why);
  }
}
