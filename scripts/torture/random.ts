import { createHash } from 'node:crypto';

/** Draws that are thrown away, after which the seed's bits are all over the state. */
const warmUp = 15;

/**
 * Random draws the same numbers for the same seed (sfc32). Each concurrent worker takes a fork, so that its draws depend on no other's timing. The state
 * is 128 bits: with 32, the workers' sequences met in long runs, and two agents sent the same call.
 */
export class Random {
  private readonly state: Uint32Array;

  constructor(private readonly seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.state = Uint32Array.of(digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), 1);
    for (let i = 0; i < warmUp; i++) this.next();
  }

  /** fork is a generator of its own, named by what it is for. */
  fork(name: string): Random {
    return new Random(`${this.seed} ${name}`);
  }

  /** next is in [0, 1). */
  next(): number {
    const [a = 0, b = 0, c = 0, count = 0] = this.state;
    const drawn = (a + b + count) | 0;
    this.state[0] = b ^ (b >>> 9);
    this.state[1] = (c + (c << 3)) | 0;
    this.state[2] = (((c << 21) | (c >>> 11)) + drawn) | 0;
    this.state[3] = count + 1;
    return (drawn >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** below is a whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** pick is one of a list; throws when there is nothing to pick. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.below(16).toString(16)).join('');
  }
}
