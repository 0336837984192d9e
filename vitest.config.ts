import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const alias = [
  { find: /^@\//, replacement: root },
  // `server-only` throws outside a React server; tests are the server.
  { find: 'server-only', replacement: `${root}node_modules/server-only/empty.js` },
];
const everywhere = ['.data', '.next', 'dist', 'e2e'].map((folder) => `${folder}/**`);
const exclude = [...configDefaults.exclude, ...everywhere];
const ofDatabase = '**/*.db.test.ts';
const ofSystem = '**/*.system.test.ts';
// What a test waits for comes at once or never; a second, the default, is short where others use the machine.
const patience = { poll: { timeout: 10_000 } };

/** Three kinds of test: pure (unit), on real PostgreSQL (db), on whole running processes (system). */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, ofDatabase, ofSystem],
          testTimeout: 20_000,
          expect: patience,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'db',
          include: [ofDatabase],
          exclude,
          globalSetup: 'scripts/testing/cluster.ts',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: patience,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'system',
          include: [ofSystem],
          exclude,
          globalSetup: 'scripts/testing/built.ts',
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          expect: patience,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
