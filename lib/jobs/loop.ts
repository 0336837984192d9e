import type { Logger } from 'pino';

export type LoopOptions = {
  name: string;
  everyMs: number;
  tick: () => Promise<unknown>;
  log: Logger;
};

export type Loop = {
  /** wake runs the next tick now, or right after the one that runs. */
  wake: () => void;
  /** stop lets a running tick end and starts no other. */
  stop: () => Promise<void>;
};

const pauseMsMax = 5_000;

/** startLoop runs `tick` again and again, never twice at once. A tick that throws is logged (its first time, and when it works again) and tried again with growing pauses. */
export function startLoop({ name, everyMs, tick, log }: LoopOptions): Loop {
  let stopped = false;
  let woken = false;
  let failures = 0;
  let endPause: () => void = () => undefined;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function runOnce(): Promise<void> {
    try {
      await tick();
      if (failures > 0) log.info({ loop: name, failures }, 'works again');
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1)
        log.error({ loop: name, err: error instanceof Error ? error.message : String(error) }, 'failed; it is tried again until it works');
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false;
      await runOnce();
      // A hint shortens the ordinary pause only: a database that is away is not asked more often for it.
      if (!stopped && !(woken && failures === 0))
        await pause(failures === 0 ? everyMs : Math.min(everyMs * 2 ** Math.min(failures, 10), pauseMsMax));
    }
  }

  const ended = run();
  return {
    wake: () => {
      woken = true;
      if (failures === 0) endPause();
    },
    stop: () => {
      stopped = true;
      endPause();
      return ended;
    },
  };
}
