import { startAgentPlane } from '@/lib/http/agent/plane';
import { gatewayEnv } from '@/lib/platform/env';
import { createLog } from '@/lib/platform/log';
import { sealingKeyFrom } from '@/lib/platform/secrets';

const log = createLog('gateway');

/** The agent plane's process: everything a decision needs in memory, one durable commit before each answer. */
async function main(): Promise<void> {
  const env = gatewayEnv();
  const plane = await startAgentPlane({
    databaseUrl: env.DATABASE_URL_GATEWAY,
    publicUrl: env.PUBLIC_URL,
    host: env.GATEWAY_HOST,
    port: env.GATEWAY_PORT,
    argumentsKey: sealingKeyFrom(env.MASTER_KEY_FILE, 'arguments'),
    signingKeysKey: sealingKeyFrom(env.MASTER_KEY_FILE, 'signing-keys'),
    trustProxy: env.TRUST_PROXY === '1',
    outside: env.CHECKPOINT_DIR === undefined ? undefined : { directory: env.CHECKPOINT_DIR, vkey: env.CHECKPOINT_VKEY },
    log,
  });
  log.info({ port: plane.port }, 'gateway listens');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void plane.close().finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
