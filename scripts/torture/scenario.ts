import type { Ground } from './ground';
import { Random } from './random';

/** What one scenario tried and found. `examples` are the first violations, in words. */
export type Result = { promise: string; cases: number; violations: number; examples: string[]; detail: string; seconds: number };

const examplesMax = 10;

/** Findings counts what was tried and keeps what went against the promise. */
export class Findings {
  cases = 0;
  violations = 0;
  readonly examples: string[] = [];

  /** tried counts cases. */
  tried(count = 1): void {
    this.cases += count;
  }

  /** violated records one violation. */
  violated(what: string): void {
    this.violations++;
    if (this.examples.length < examplesMax) this.examples.push(what);
  }

  /** expect counts one case, and a violation when it does not hold. */
  expect(holds: boolean, otherwise: () => string): void {
    this.tried();
    if (!holds) this.violated(otherwise());
  }
}

export type Sizes = 'ci' | 'full';

/** One promise, and the way to try to break it. `run` returns what else is worth knowing, as a line of the report. */
export type Scenario = { name: string; promise: string; run: (ground: Ground, sizes: Sizes, seed: string) => Promise<Result> };

type Definition<Size> = {
  name: string;
  promise: string;
  sizes: Record<Sizes, Size>;
  run: (ground: Ground, size: Size, random: Random, findings: Findings) => Promise<string>;
};

/** scenario makes one; its draws depend on the seed and its own name, so that it replays alone as it ran among the others. */
export function scenario<Size>({ name, promise, sizes, run }: Definition<Size>): Scenario {
  return {
    name,
    promise,
    run: async (ground, chosen, seed) => {
      const began = performance.now();
      const findings = new Findings();
      const random = new Random(`${seed} ${name}`);
      await ground.standing();
      const detail = await run(ground, sizes[chosen], random, findings);
      const { cases, violations, examples } = findings;
      return { promise, cases, violations, examples, detail, seconds: (performance.now() - began) / 1000 };
    },
  };
}
