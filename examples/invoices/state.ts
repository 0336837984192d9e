import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

type Kept = { task: string; settled: Record<string, string> };

/** State is what the agent has settled, in a file that a crash leaves old or new and never half. Losing the last step costs nothing: the effect's name finds it again. */
export class State {
  private readonly kept: Kept;

  constructor(
    private readonly file: string,
    task: string | undefined,
  ) {
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
    const day = new Date().toISOString().slice(0, 10);
    this.kept = before ?? { task: task ?? `invoices ${day} ${randomBytes(3).toString('hex')}`, settled: {} };
    if (!before) this.save();
  }

  /** What this work is called at the gate; kept, so that the next process goes on in the same workflow. */
  get task(): string {
    return this.kept.task;
  }

  /** settled answers how an item ended, or undefined while it is open. */
  settled(number: string): string | undefined {
    return Object.hasOwn(this.kept.settled, number) ? this.kept.settled[number] : undefined;
  }

  settle(number: string, how: string): void {
    this.kept.settled[number] = how;
    this.save();
  }

  private save(): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    const file = openSync(`${this.file}.new`, 'w', 0o600);
    writeSync(file, JSON.stringify(this.kept, null, 2));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${this.file}.new`, this.file);
  }
}
