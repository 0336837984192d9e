const RealDate = Date;

/**
 * ProcessClock is what `new Date()` and `Date.now()` say in this process while a history is made: a fixed instant until it is moved. Timers run on as
 * they are. Only for a process of its own, and for tests: `release` gives it back its clock.
 */
export class ProcessClock {
  private constructor(private at: number) {}

  static hold(at: Date): ProcessClock {
    const clock = new ProcessClock(at.getTime());
    const now = () => clock.at;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: unknown[], made) =>
        // Whoever extends Date makes their own kind of it.
        Reflect.construct(target, args.length === 0 ? [now()] : args, made === globalThis.Date ? target : made) as Date,
      apply: () => new RealDate(now()).toString(),
      get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
    });
    return clock;
  }

  set(at: Date): void {
    this.at = at.getTime();
  }

  release(): void {
    globalThis.Date = RealDate;
  }
}
