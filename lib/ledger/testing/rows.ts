import pg from 'pg';
import { sealSide } from '../domain/side';
import { Committer } from '../service/committer';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import { withClient } from '@/lib/platform/db';
import type { TestDatabase } from '@/lib/platform/testing/database';

const sealingKey = Buffer.alloc(32, 7);

/** commitDecisions writes rows with side rows through ledger_commit, as a gateway does. */
export async function commitDecisions(database: TestDatabase, count: number): Promise<void> {
  const epoch = await withClient(database.ownerUrl, (client) =>
    client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1'),
  );
  const committer = new Committer({ newClient: () => new pg.Client({ connectionString: database.gatewayUrl }), writer: 'test' });
  const problem = await committer.start();
  if (problem) throw new Error(problem);
  try {
    const outcomes = await Promise.all(
      Array.from({ length: count }, () => {
        const eventId = newId('dec');
        const side = sealSide(sealingKey, '{}', sha256(eventId), eventId);
        const payload = JSON.stringify({
          kind: 'decision.made',
          id: eventId,
          agent: 'agt_test',
          workflow: 'wfl_test',
          action: 'payments.execute',
          verdict: 'allow',
          tier: 1,
          commitment: side.commitment,
        });
        return committer.submit(
          { eventId, agent: 'agt_test', workflow: 'wfl_test', payload, side, refuseWhenHalted: false, haltsWorkflow: false },
          Number(epoch.rows[0]?.epoch ?? 0),
        );
      }),
    );
    const refused = outcomes.find(({ outcome }) => outcome !== 'written');
    if (refused) throw new Error(`not written: ${refused.outcome}`);
  } finally {
    await committer.close();
  }
}

/** appendEvents writes rows through ledger_intake, as people and jobs do; every other one with a side row. */
export async function appendEvents(database: TestDatabase, count: number, kind = 'user.signed_in'): Promise<void> {
  await withClient(database.webUrl, async (client) => {
    for (let i = 0; i < count; i++) {
      const id = newId('evt');
      const side = i % 2 === 0 ? sealSide(sealingKey, '{"text":"x"}', sha256('x'), id) : undefined;
      const payload = JSON.stringify({
        kind,
        id,
        actor: { type: 'user', id: 'usr_test' },
        subject: { type: 'user', id: 'usr_test' },
        data: {},
        ...(side ? { commitment: side.commitment } : {}),
      });
      await client.query(
        "INSERT INTO ledger_intake (kind, subject, payload, salted, sealed) VALUES ($1, 'usr_test', convert_to($2, 'UTF8'), $3, $4)",
        [kind, payload, side?.salted, side?.sealed],
      );
    }
  });
}
