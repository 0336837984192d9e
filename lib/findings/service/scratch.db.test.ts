import { afterAll, beforeAll, test } from 'vitest';
import { closeOffice, openOffice } from '@/lib/registry/testdata/office';
import { prisma } from '@/lib/platform/db/prisma';
import { Fate } from '../testdata/causes';
import { loadSnapshot } from './snapshot';
import * as store from '../store/snapshot';
import { sweepFindings } from '.';
let fate: Fate;
beforeAll(async () => { fate = await Fate.begin(await openOffice()); });
afterAll(async () => { await fate.end(); await closeOffice(); });
test('time', async () => {
  await fate.sql("INSERT INTO action_types (name, system_id, title, status, schema_version, document) SELECT 'a.' || i, 'sys_erp', 't', 'approved', 1, '{}' FROM generate_series(1,60) i");
  await fate.sql("INSERT INTO agents (id, name, purpose, process_id, owner_id, status, activated_at) SELECT 'agt_' || i, 'A' || i, 'p', 'prc_payables', (SELECT id FROM users LIMIT 1), 'active', now() - interval '80 days' FROM generate_series(1,300) i");
  await fate.sql("INSERT INTO agent_permissions (agent_id, action_type, granted_at) SELECT 'agt_' || i, 'a.' || (1 + (i + j) % 60), now() - interval '80 days' FROM generate_series(1,300) i, generate_series(1,15) j");
  await fate.sql("INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, action_type, verdict) SELECT 1000 + g, now() - interval '90 days' + g * interval '90 days' / 1000000, 'decision.made', 'dec_' || g, 'agt_' || (1 + g % 300), 'a.' || (1 + (g / 300) % 60), CASE WHEN g % 50 = 0 THEN 'halt' ELSE 'allow' END FROM generate_series(1, 1000000) g");
  await fate.sql("INSERT INTO outcomes (decision_id, agent_id, digest, status, reported_as, event_id, reported_at) SELECT event_id, agent_id, '', 'succeeded', 'succeeded', 'x', now() FROM ledger_entries WHERE verdict = 'allow' AND seq % 100 <> 7 AND at > now() - interval '30 days'");
  await fate.sql('ANALYZE');
  const t = async (name: string, f: () => Promise<unknown>) => { const s = performance.now(); const r = await f(); console.log(name, Math.round(performance.now() - s), Array.isArray(r) ? r.length : ''); };
  await prisma().$transaction(async (tx) => {
    await t('agents', () => store.listAgents(tx)); await t('perm', () => store.listPermissions(tx, 30)); await t('halts', () => store.listHalts(tx, 7)); await t('missing', () => store.listMissing(tx, 7));
  }, { timeout: 120000 });
  await t('snapshot', () => prisma().$transaction(loadSnapshot, { timeout: 120000 }));
  await t('sweep1', () => sweepFindings()); await t('sweep2', () => sweepFindings()); await t('sweep3', () => sweepFindings());
}, 300000);
