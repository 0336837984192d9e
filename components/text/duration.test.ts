import { expect, test } from 'vitest';
import { duration } from './duration';

test.each([
  [0, '0 s'],
  [0.42, '0.4 s'],
  [45, '45 s'],
  [59.7, '1 m'],
  [130, '2 m 10 s'],
  [3_600, '1 h'],
  [11_100, '3 h 5 m'],
  [187_200, '2 d 4 h'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});
