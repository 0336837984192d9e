type Act = () => Promise<void>;

/** Timeline runs what happens in the order of its time. What falls on the same instant runs at once, as it would in a busy gateway. */
export class Timeline {
  private readonly due = new Map<number, Act[]>();
  /** A binary heap of the instants of `due`. */
  private readonly heap: number[] = [];
  private present = Number.NEGATIVE_INFINITY;

  /** The instant that is happening, in milliseconds. */
  get now(): number {
    return this.present;
  }

  /** at plans an act; what would be in the past happens next. */
  at(whenMs: number, act: Act): void {
    const when = Math.max(Math.round(whenMs), this.present + 1);
    const acts = this.due.get(when);
    if (acts) acts.push(act);
    else {
      this.due.set(when, [act]);
      this.push(when);
    }
  }

  /** run goes on up to `endMs`, moving the clock before each instant; what is planned for later never happens. Answers how many instants there were. */
  async run(endMs: number, move: (at: Date) => Promise<void>): Promise<number> {
    let instants = 0;
    for (let when = this.pop(); when !== undefined && when <= endMs; when = this.pop()) {
      const acts = this.due.get(when) ?? [];
      this.due.delete(when);
      this.present = when;
      await move(new Date(when));
      await Promise.all(acts.map((act) => act()));
      instants++;
    }
    return instants;
  }

  private push(when: number): void {
    const { heap } = this;
    heap.push(when);
    for (let child = heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.swapIfLess(child, parent)) break;
      child = parent;
    }
  }

  private pop(): number | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const least = (heap[left + 1] ?? Infinity) < (heap[left] ?? Infinity) ? left + 1 : left;
      if (least >= heap.length || !this.swapIfLess(least, parent)) break;
      parent = least;
    }
    return first;
  }

  private swapIfLess(child: number, parent: number): boolean {
    const [a, b] = [this.heap[child] ?? Infinity, this.heap[parent] ?? Infinity];
    if (a >= b) return false;
    this.heap[child] = b;
    this.heap[parent] = a;
    return true;
  }
}
