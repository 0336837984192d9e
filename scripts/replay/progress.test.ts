import { describe, expect, test } from 'vitest';
import { ReplayProgress } from './progress';

function watch(total: number, isTTY: boolean): { progress: ReplayProgress; said: () => string; clock: { now: number } } {
  let text = '';
  const clock = { now: 0 };
  const progress = new ReplayProgress(total, { isTTY, write: (more) => (text += more) }, () => clock.now);
  return { progress, said: () => text, clock };
}

describe('Where nobody watches a terminal', () => {
  test('a long replay says a line for every hundred calls and for the last', () => {
    const { progress, said } = watch(250, false);
    for (let i = 0; i < 250; i++) progress.step();
    expect(said()).toBe('100 of 250 calls (40 %)\n200 of 250 calls (80 %)\n250 of 250 calls (100 %)\n');
  });

  test('a slow one says a line at least every five seconds of calls', () => {
    const { progress, said, clock } = watch(250, false);
    for (let i = 0; i < 3; i++) {
      clock.now += 5_000;
      progress.step();
    }
    expect(said().split('\n')).toHaveLength(4);
  });
});

describe('On a terminal', () => {
  test('one line is redrawn, and ended before anything else is said', () => {
    const { progress, said, clock } = watch(3, true);
    clock.now += 200;
    progress.step();
    progress.say('a request waits');
    progress.step();
    progress.step();
    expect(said()).toBe('\r1 of 3 calls (33 %)\na request waits\n\r3 of 3 calls (100 %)\n');
  });
});
