const lineEveryCalls = 100;
const lineEveryMs = 5_000;
const redrawEveryMs = 100;

/**
 * ReplayProgress says on stderr how far the replay is: one line that is redrawn on a terminal, else a line now and then. `now` is in milliseconds.
 */
export class ReplayProgress {
  private done = 0;
  private toldAt = 0;
  private toldDone = 0;
  private drawn = false;

  constructor(
    private readonly total: number,
    private readonly out: { write: (text: string) => unknown; isTTY?: boolean | undefined },
    private readonly now: () => number = Date.now,
  ) {
    this.toldAt = now();
  }

  /** step counts one more call. */
  step(): void {
    this.done += 1;
    const elapsed = this.now() - this.toldAt;
    if (this.out.isTTY) {
      if (elapsed < redrawEveryMs && this.done < this.total) return;
      this.out.write(`\r${this.text()}`);
      this.drawn = true;
    } else {
      if (this.done - this.toldDone < lineEveryCalls && elapsed < lineEveryMs && this.done < this.total) return;
      this.out.write(`${this.text()}\n`);
    }
    this.toldAt = this.now();
    this.toldDone = this.done;
    if (this.done === this.total) this.finishLine();
  }

  /** say prints a line of its own, below what is drawn. */
  say(line: string): void {
    this.finishLine();
    this.out.write(`${line}\n`);
  }

  private finishLine(): void {
    if (this.drawn) this.out.write('\n');
    this.drawn = false;
  }

  private text(): string {
    return `${this.done.toLocaleString('en-US')} of ${this.total.toLocaleString('en-US')} calls (${Math.floor((100 * this.done) / this.total)} %)`;
  }
}
