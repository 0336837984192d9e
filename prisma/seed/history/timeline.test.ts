import { describe, expect, test } from 'vitest';
import { Random } from './random';
import { Timeline } from './timeline';

describe('a timeline', () => {
  test('happens in the order of its time, however it was planned, and not beyond its end', async () => {
    const random = new Random('timeline');
    const timeline = new Timeline();
    const happened: number[] = [];
    for (let i = 0; i < 500; i++) {
      const when = random.between(1, 1_000);
      timeline.at(when, async () => void happened.push(when));
    }
    const clock: number[] = [];
    await timeline.run(900, async (at) => void clock.push(at.getTime()));
    expect(happened).toEqual([...happened].sort((a, b) => a - b));
    expect(Math.max(...happened)).toBeLessThanOrEqual(900);
    expect(clock).toEqual([...new Set(happened)]);
  });

  test('never goes back: what is planned into the past happens next', async () => {
    const timeline = new Timeline();
    const seen: number[] = [];
    timeline.at(10, async () => timeline.at(3, async () => void seen.push(timeline.now)));
    await timeline.run(20, () => Promise.resolve());
    expect(seen).toEqual([11]);
  });
});

describe('draws', () => {
  test('are the same for the same seed and others for another', () => {
    const draw = (seed: string) =>
      Array.from(
        { length: 20 },
        (
          (random) => () =>
            random.next()
        )(new Random(seed)),
      );
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  test('stay within their bounds', () => {
    const random = new Random('bounds');
    for (let i = 0; i < 2_000; i++) {
      expect(random.between(3, 5)).toBeGreaterThanOrEqual(3);
      expect(random.between(3, 5)).toBeLessThanOrEqual(5);
      const skewed = random.skewed(10, 1_000);
      expect(skewed >= 10 && skewed <= 1_000).toBe(true);
    }
  });
});
