import { describe, expect, test } from 'vitest';
import { eventKinds } from '@/lib/ledger/schema';
import { tellEvent } from './words';

describe('an event in words', () => {
  test.each(Object.keys(eventKinds).filter((kind) => kind !== 'decision.made'))('%s is a sentence whatever its data', (kind) => {
    for (const said of [{}, { version: {}, decisions: 'x', code: null, scope: 3, status: ['a'] }]) {
      const words = tellEvent(kind, { who: 'Raj Patel', subject: 'Payments', about: 'a payment', nameOf: (id) => id, said });
      expect(words).toMatch(/^[A-Z].{3,}$/);
      expect(words).not.toMatch(/undefined|\[object|null| {2}/);
    }
  });

  test('a policy is named with its version', () => {
    const telling = { who: 'Raj Patel', subject: 'Finance payments', about: '', nameOf: (id: string) => id, said: { version: 7 } };
    expect(tellEvent('policy.published', telling)).toBe('Raj Patel published policy Finance payments v7');
  });

  test('of a kind that this version does not know is named as it is', () => {
    const telling = { who: 'Raj Patel', subject: '', about: '', nameOf: (id: string) => id, said: {} };
    expect(tellEvent('moon.landed', telling)).toBe('Raj Patel: moon landed');
  });
});
