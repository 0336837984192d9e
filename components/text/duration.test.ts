import { expect, test } from 'vitest';
import { duration, within } from './duration';

test.each([
  [0, 'less than 1 s'],
  [0.42, 'less than 1 s'],
  [45, '45 s'],
  [59.7, '1 m'],
  [130, '2 m 10 s'],
  [3_600, '1 h'],
  [11_100, '3 h 5 m'],
  [187_200, '2 d 4 h'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});

test('within is never faster than it was', () => {
  expect([0.02, 1.2, 59.5, 61].map(within)).toEqual(['1 s', '2 s', '1 m', '1 m 1 s']);
});
