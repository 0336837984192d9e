import { describe, expect, it } from 'vitest';
import type { LockPage, ResumptionView } from '@/lib/containment/schema';
import { howMany, locksOf, openOf, whatIsLost, whyLocked, type Lock } from './lock-words';

const at = '2026-11-21T10:00:00.000Z';
const lock = (changes: Partial<Lock> = {}): Lock => ({
  refused: 'behind',
  outside: { origin: 'countersign/0', size: '1020', root: 'a'.repeat(64), at },
  kept: { size: '1000', at },
  head: { size: '1013', at },
  ...changes,
});
const gateway = (divergence: Lock | null, id = 'gtw_1') => ({
  id,
  name: `${id}:4000`,
  seenAt: at,
  why: 'the database ends at row 1013',
  divergence,
});
const resumption = (changes: Partial<ResumptionView> = {}): ResumptionView => ({
  id: 'rsm_1',
  refused: 'behind',
  outside: { origin: 'countersign/0', size: '1020', root: 'a'.repeat(64) },
  keptSize: '1000',
  headSize: '1013',
  asked: { by: { id: 'usr_1', name: 'Sofia Rossi' }, at, reason: null },
  signed: null,
  whyNotSign: null,
  ...changes,
});
const page = (changes: Partial<LockPage> = {}): LockPage => ({ gateways: [], resumptions: [], mayResume: true, ...changes });

describe('a lock in words', () => {
  it.each<[string, Lock, string, string | undefined]>([
    [
      'an older copy',
      lock(),
      'The database ends at row 1,013, and row 1,020 was handed outside before. It is an older copy, or it was cut.',
      'Rows 1,001 to 1,020 (20) were signed, and are gone or other ones here.',
    ],
    [
      'one row too few',
      lock({ kept: { size: '1019', at } }),
      'The database ends at row 1,013, and row 1,020 was handed outside before. It is an older copy, or it was cut.',
      'Row 1,020 (1) was signed, and is gone or another one here.',
    ],
    [
      'a copy that went its own way',
      lock({ refused: 'forked' }),
      'The database holds other rows than those that were handed outside up to row 1,020. It is a copy that went its own way, or it was changed.',
      'Rows 1,001 to 1,020 (20) were signed, and are gone or other ones here.',
    ],
    [
      'a directory that was lost: nobody claims to know what is missing',
      lock({ refused: 'gone', kept: { size: '1020', at } }),
      'Nothing lies in the directory of checkpoints any more, although the database remembers having handed row 1,020 there. So nobody can tell how old this database is.',
      undefined,
    ],
  ])('%s', (_, given, why, lost) => {
    expect([whyLocked(given), whatIsLost(given)]).toEqual([why, lost]);
  });

  it('counts gateways, and each checkpoint once, however many gateways it locks', () => {
    const other = lock({ outside: { ...lock().outside, size: '1030' } });
    const all = page({ gateways: [gateway(lock()), gateway(lock(), 'gtw_2'), gateway(null, 'gtw_3'), gateway(other, 'gtw_4')] });
    expect(locksOf(all)).toEqual([lock(), other]);
    expect([howMany(1), howMany(4)]).toEqual(['A gateway is locked', '4 gateways are locked']);
  });
});

describe('what waits for a second person', () => {
  it.each<[string, ResumptionView[], string[]]>([
    ['what the reader may sign comes first', [resumption({ id: 'rsm_2', whyNotSign: 'SAME_PERSON' }), resumption()], ['rsm_1', 'rsm_2']],
    ['not what was signed', [resumption({ signed: resumption().asked })], []],
    ['not what was asked beside what was signed', [resumption({ whyNotSign: 'ALREADY_RESUMED' })], []],
    ['not what is about another size', [resumption({ outside: { ...resumption().outside, size: '9' } })], []],
    ['not what is about another root', [resumption({ outside: { ...resumption().outside, root: 'b'.repeat(64) } })], []],
  ])('%s', (_, resumptions, ids) => {
    expect(openOf(page({ resumptions }), lock()).map(({ id }) => id)).toEqual(ids);
  });
});
