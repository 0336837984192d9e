import { describe, expect, test } from 'vitest';
import { isAway, isStale, lostAfterMs, runState } from './domain';

const now = new Date('2026-11-23T12:00:00Z');
const before = (ms: number): Date => new Date(now.getTime() - ms);

describe('a run', () => {
  test.each<[string, ReturnType<typeof runState>, Parameters<typeof runState>[0]]>([
    ['that ended is done', 'done', { startedAt: before(10), endedAt: now, error: null }],
    ['that ended with an error failed', 'failed', { startedAt: before(10), endedAt: now, error: 'no' }],
    ['that has not ended yet runs', 'running', { startedAt: before(lostAfterMs), endedAt: null, error: null }],
    ['that never said it ended is lost', 'lost', { startedAt: before(lostAfterMs + 1), endedAt: null, error: null }],
  ])('%s', (_, state, run) => {
    expect(runState(run, now)).toBe(state);
  });
});

describe('a job', () => {
  test.each<[string, boolean, Date | null]>([
    ['is not stale just after it began', false, before(1)],
    ['is not stale at three intervals', false, before(15_000)],
    ['is stale past three intervals', true, before(15_001)],
    ['that never ran is not known to be late', false, null],
  ])('%s', (_, stale, lastStartedAt) => {
    expect(isStale(5_000, lastStartedAt, now)).toBe(stale);
  });
});

describe('the jobs process', () => {
  const [fast, daily] = [5_000, 86_400_000];
  test.each<[string, boolean, { everyMs: number; lastStartedAt: Date | null }[]]>([
    [
      'is there when one frequent job runs',
      false,
      [
        { everyMs: fast, lastStartedAt: before(60_000) },
        { everyMs: fast, lastStartedAt: before(1) },
      ],
    ],
    [
      'is away when no frequent job runs, whatever rare ones say',
      true,
      [
        { everyMs: fast, lastStartedAt: before(60_000) },
        { everyMs: daily, lastStartedAt: before(1) },
      ],
    ],
    ['is away when nothing ever ran', true, [{ everyMs: fast, lastStartedAt: null }]],
  ])('%s', (_, away, jobs) => {
    expect(isAway(jobs, now)).toBe(away);
  });
});
