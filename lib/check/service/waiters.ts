/** Most long polls at once in one gateway. */
export const waitersMax = 10_000;
/** A notification can be lost; so each waiter looks again by itself at least this often. */
const lookAgainMs = 2_000;

/** Waiters lets long polls sleep until something happens to what they wait for, or until it is time to look again anyway. */
export class Waiters {
  private readonly sleeping = new Map<string, Set<() => void>>();
  private count = 0;

  get isFull(): boolean {
    return this.count >= waitersMax;
  }

  /** sleep resolves on wake(id), after lookAgainMs, or at `untilMs` (milliseconds of performance.now()), whichever is first. */
  sleep(id: string, untilMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        const set = this.sleeping.get(id);
        if (set?.delete(done)) this.count--;
        if (set?.size === 0) this.sleeping.delete(id);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, Math.min(lookAgainMs, untilMs - performance.now())));
      const set = this.sleeping.get(id) ?? new Set();
      set.add(done);
      this.sleeping.set(id, set);
      this.count++;
    });
  }

  wake(id: string): void {
    for (const done of [...(this.sleeping.get(id) ?? [])]) done();
  }

  wakeAll(): void {
    for (const id of [...this.sleeping.keys()]) this.wake(id);
  }
}
