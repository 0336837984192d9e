import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path'; import os from 'node:os';
import { withClient } from '@/lib/platform/db';
import { createDatabase, databaseName } from '@/lib/platform/db/roles';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { startThrowaway } from '@/scripts/postgres/throwaway';
import { environmentOf } from '@/scripts/start/config';
const cluster = await startThrowaway();
const folder = mkdtempSync(path.join(os.tmpdir(), 'prof-'));
mkdirSync(path.join(folder, 'secrets')); mkdirSync(path.join(folder, 'checkpoints'));
await withClient(cluster.url('superuser', 'postgres'), (c) => createDatabase(c, databaseName));
const urls = { owner: cluster.url('owner', databaseName), web: cluster.url('web', databaseName), gateway: cluster.url('gateway', databaseName), superuser: cluster.url('superuser', databaseName) };
await migrateDatabase(urls.owner);
const env = environmentOf({ home: folder, host: '127.0.0.1', ports: { web: 3999, gateway: 4999 } }, urls, { ...cluster.passwords, superuser: cluster.superuserPassword, nextauth: 'x'.repeat(43) }, {});
const t = Date.now();
const args = [...(process.env.PROF ? ['--cpu-prof', '--cpu-prof-dir=/tmp/cs/prof'] : []), '--import', 'tsx', 'scripts/seed/load.ts', process.argv[2] ?? 'orphaned-agent'];
const r = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
console.log(r.stdout.slice(-1500), r.stderr.slice(-3000), (Date.now() - t) / 1000, 's');
if (process.env.VERIFY) {
  const v = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/verify/index.ts', '--chain-only'], { env: { ...process.env, ...env }, encoding: 'utf8' });
  console.log(v.stdout.slice(-2500), v.stderr.slice(-1500), v.status);
}
for (const sql of ['select detector, status, count(*) from findings group by 1,2 order by 1', 'select part, how, subject_id, to_user from successions', 'select status, count(*) from review_items group by 1', "select stage, count(*) from maturity_snapshots where scope_type='organisation' group by 1", "select detector, error from detector_runs where error is not null"]) console.log(JSON.stringify((await withClient(urls.owner, (c) => c.query(sql))).rows));
await cluster.stop(); rmSync(folder, { recursive: true });
