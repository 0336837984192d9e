import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * SeenDecisions remembers which decisions were carried out. `take` answers true for a decision the first time and never again: also not when two ask at
 * once, and not after a restart if the tool is to be trusted across one. It throws when it cannot tell, and then nothing is carried out. The gateway
 * makes new receipts for a decision for a day, so a decision is remembered for longer than that, not only until its receipt expires.
 */
export interface SeenDecisions {
  take(decision: string): boolean | Promise<boolean>;
}

/** How long a decision is remembered: the day in which the gateway repeats an answer, and an hour to be sure. */
export const rememberedSeconds = 25 * 3600;
const memoryDecisionsMax = 1_000_000;

/** MemorySeen remembers in this process alone: for trying things out, and for tools whose effects end with the process. */
export class MemorySeen implements SeenDecisions {
  // In the order they were taken, so the oldest are first.
  private readonly until = new Map<string, number>();

  take(decision: string): boolean {
    const now = performance.now();
    for (const [old, end] of this.until) {
      if (end > now) break;
      this.until.delete(old);
    }
    if (this.until.has(decision)) return false;
    if (this.until.size >= memoryDecisionsMax) throw new Error('too many decisions to remember');
    this.until.set(decision, now + rememberedSeconds * 1000);
    return true;
  }
}

const nameShape = /^dec_[0-9a-z]{26}$/;
const sweepEveryMs = 3600_000;

/**
 * FolderSeen remembers in a folder of empty files, one a decision: across restarts, and among all processes of a machine. It takes a decision before the
 * action, so a crash in between leaves it taken and not carried out; where the effect is a row of your own database, take the decision there instead.
 */
export class FolderSeen implements SeenDecisions {
  private made: Promise<unknown> | undefined;
  private sweptAt = -Infinity;

  constructor(private readonly folder: string) {}

  async take(decision: string): Promise<boolean> {
    if (!nameShape.test(decision)) throw new Error('that is no decision id');
    this.made ??= mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.made;
    await this.sweep();
    try {
      // Exclusive: of any number that ask at once, one makes the file.
      await (await open(path.join(this.folder, decision), 'wx', 0o600)).close();
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
    const folder = await open(this.folder, 'r');
    await folder.sync().finally(() => folder.close());
    return true;
  }

  private async sweep(): Promise<void> {
    if (performance.now() - this.sweptAt < sweepEveryMs) return;
    this.sweptAt = performance.now();
    const before = Date.now() - rememberedSeconds * 1000;
    for (const name of await readdir(this.folder)) {
      const file = path.join(this.folder, name);
      if (nameShape.test(name) && (await stat(file)).mtimeMs < before) await unlink(file).catch(() => undefined);
    }
  }
}
