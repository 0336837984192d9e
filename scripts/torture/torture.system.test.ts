import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ground } from './ground';
import { scenarios } from './scenarios';

// Printed with every failure; `npm run torture -- --ci --seed … --only …` draws the same again.
const seed = randomBytes(6).toString('hex');
let ground: Ground;

beforeAll(async () => {
  ground = await Ground.open();
});
afterAll(() => ground?.close());

test.each(scenarios)('$promise', async (scenario) => {
  const { examples, violations, cases, detail } = await scenario.run(ground, 'ci', seed);
  expect({ violations, examples }, `${scenario.name}, seed ${seed}: ${detail}`).toEqual({ violations: 0, examples: [] });
  expect(cases).toBeGreaterThan(0);
});
