import { describe, expect, test } from 'vitest';
import { quietWords, sectionWords, splitSections } from './domain';
import { sectionIds, type Section, type SectionId } from './schema';

const section = (id: SectionId, total: number, unread = false): Section => ({ id, total, matters: [], unread });

describe('Home', () => {
  test('puts what waits before what is quiet, and keeps their order', () => {
    const { waiting, quiet } = splitSections([section('halts', 0), section('approvals', 2), section('reviews', 0), section('findings', 1)]);
    expect([waiting.map(({ id }) => id), quiet.map(({ id }) => id)]).toEqual([
      ['approvals', 'findings'],
      ['halts', 'reviews'],
    ]);
  });

  test('never says that there is nothing of what could not be read', () => {
    const { waiting, quiet } = splitSections([section('approvals', 0, true)]);
    expect([waiting.length, quiet.length]).toEqual([1, 0]);
  });

  test('says where nothing waits in one sentence', () => {
    expect(quietWords([section('halts', 0), section('approvals', 0), section('reviews', 0)])).toBe(
      'No halted workflows, approvals, or reviews.',
    );
    expect(quietWords([])).toBeNull();
  });

  test.each(sectionIds)('%s is said of one and of many', (id) => {
    expect(sectionWords[id].title(1)).toMatch(/^1 /);
    expect(sectionWords[id].title(7)).toMatch(/^7 /);
    expect(sectionWords[id].title(1)).not.toBe(sectionWords[id].title(7).replace('7', '1'));
    expect(sectionWords[id].href).toMatch(/^\/[a-z]/);
  });
});
