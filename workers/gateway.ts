import pg from 'pg';
import { Doorkeeper, Gatekeeper, RulesKeeper, Waiters } from '@/lib/check/service';
import { createAgentServer } from '@/lib/http/agent/server';
import { newId } from '@/lib/kernel/ids';
import { Committer } from '@/lib/ledger/service';
import { createPool } from '@/lib/platform/db';
import { gatewayEnv } from '@/lib/platform/env';
import { createLog } from '@/lib/platform/log';
import { sealingKeyFrom } from '@/lib/platform/secrets';

/** The agent plane's process: everything a decision needs in memory, one durable commit before each answer. */
async function main(): Promise<void> {
  const env = gatewayEnv();
  const log = createLog('gateway');
  const writer = newId('req').replace('req_', 'gateway_');
  const newClient = (application: string) => (): pg.Client =>
    new pg.Client({
      connectionString: env.DATABASE_URL_GATEWAY,
      application_name: application,
      connectionTimeoutMillis: 1_000,
      keepAlive: true,
      // The server gives up before the client does, so that no abandoned commit holds the order lock.
      options: '-c statement_timeout=1100 -c lock_timeout=1000 -c synchronous_commit=on -c idle_in_transaction_session_timeout=5000',
    });

  const waiters = new Waiters();
  const committer = new Committer({
    newClient: newClient('countersign-commit'),
    writer,
    onState: (state, why) => (state === 'up' ? log.info('the ledger can be written') : log.error({ why }, 'the ledger cannot be written: every check is answered 503')),
  });
  const rules = new RulesKeeper({
    newClient: newClient('countersign-rules'),
    onLoaded: ({ rules: { epoch }, unreadable }, tookMs) =>
      unreadable === undefined ? log.info({ epoch, tookMs: Math.round(tookMs) }, 'rules loaded') : log.error({ epoch, unreadable }, 'the rules cannot be used: every check is answered 503'),
    onTrouble: (why) => log.warn({ why }, 'the rules could not be loaded'),
    onEvent: (kind, subject) => {
      if (kind.startsWith('approval.')) waiters.wake(subject);
    },
  });
  const reads = createPool(env.DATABASE_URL_GATEWAY, { application: 'countersign-reads', max: 4, statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
  const doorkeeper = new Doorkeeper({ rules, committer, signingKeysKey: sealingKeyFrom(env.MASTER_KEY_FILE, 'signing-keys'), issuer: env.PUBLIC_URL });
  const gatekeeper = new Gatekeeper({
    rules,
    committer,
    reads,
    argumentsKey: sealingKeyFrom(env.MASTER_KEY_FILE, 'arguments'),
    statusEndpoint: (id) => `${env.PUBLIC_URL}/access/v1/requests/${id}`,
  });

  const refused = await committer.start();
  if (refused?.includes('would not survive a crash')) throw new Error(refused);
  if (refused !== undefined) log.error({ why: refused }, 'the ledger cannot be written yet: every check is answered 503');
  await rules.start();
  const { server, app } = await createAgentServer({ gatekeeper, doorkeeper, committer, rules, waiters, reads, publicUrl: env.PUBLIC_URL });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.GATEWAY_PORT, env.GATEWAY_HOST, resolve);
  });
  log.info({ port: env.GATEWAY_PORT, writer }, 'gateway listens');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    waiters.wakeAll();
    void app
      .close()
      .then(() => Promise.all([committer.close(), rules.close(), reads.end()]))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  createLog('gateway').fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
