import type { AddressInfo } from 'node:net';
import os from 'node:os';
import type { Logger } from 'pino';
import { createAgentServer } from './server';
import { Breakers } from '@/lib/containment/service/breakers/counting';
import { Presence } from '@/lib/containment/service/presence';
import { breakerRulesOf } from '@/lib/check/domain';
import { Canceller, Doorkeeper, Gatekeeper, RulesKeeper, Waiters } from '@/lib/check/service';
import { Observer } from '@/lib/findings/observations/service/observer';
import { Sightings } from '@/lib/findings/observations/service/sightings';
import { newId } from '@/lib/kernel/ids';
import { Committer } from '@/lib/ledger/service';
import type { OutsidePlace } from '@/lib/ledger/service/divergence';
import { OutsideGuard } from '@/lib/ledger/service/guard';
import { Reporter } from '@/lib/outcomes/service/report';
import { createPool, newClient } from '@/lib/platform/db';
import { ToolKeyKeeper } from '@/lib/registry/service/tool-key-keeper';

export type AgentPlaneOptions = {
  databaseUrl: string;
  /** What agents call this plane, without a trailing slash: issuer of tokens, base of every link. */
  publicUrl: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** What people call this machine; its host name unless given. */
  name?: string;
  argumentsKey: Buffer;
  signingKeysKey: Buffer;
  /** See lib/platform/env.ts, TRUST_PROXY. */
  trustProxy: boolean;
  /** Where checkpoints were handed to, to be compared with before anything is decided; without, a restored database goes unnoticed. */
  outside?: OutsidePlace | undefined;
  /** How often what was noticed beside decisions is written; five seconds unless given. */
  observeEveryMs?: number;
  /** How often what circuit breakers count is written; a second unless given. */
  countEveryMs?: number;
  log: Logger;
};

/** `doors` are the routes it serves, as lib/http/agent/doors.ts names them. */
export type AgentPlane = { port: number; doors: readonly string[]; close: () => Promise<void> };

/** Longest one statement of a comparison with what was handed outside; all else is given far less by its own callers. */
const compareMsMax = 11_000;

/** Said of a server whose commits would not survive a crash; the one trouble with the database that ends the start instead of waiting for it to mend. */
const neverDurable = 'would not survive a crash';

/**
 * startAgentPlane puts the gateway together and listens. A database that is away is no reason to fail: every check is answered 503 until it is
 * back. Throws one sentence when the port is taken, or when PostgreSQL runs without durability.
 */
export async function startAgentPlane(options: AgentPlaneOptions): Promise<AgentPlane> {
  const { databaseUrl, publicUrl, log } = options;
  // The server gives up before the client does, so that no abandoned commit holds the order lock.
  const settings = '-c statement_timeout=1100 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=5000';
  const clientFor =
    (application: string, more = {}) =>
    () =>
      newClient(databaseUrl, { application, connectTimeoutMs: 1_000, settings, queryTimeoutMs: compareMsMax, ...more });

  const waiters = new Waiters();
  const committer = new Committer({
    newClient: clientFor('countersign-commit'),
    writer: newId('req').replace('req_', 'gateway_'),
    admit: async (client) => {
      const why = await guard.admit(client);
      if (why === undefined) {
        await rules.anew();
        presence.installed(rules.snapshot.rules.epoch);
      }
      return why;
    },
    onState: (state, why) => {
      if (state === 'up') return log.info('the ledger can be written');
      presence.lost();
      return log.error({ why }, 'the ledger cannot be written: every check is answered 503');
    },
  });
  const reads = createPool(databaseUrl, {
    application: 'countersign-reads',
    max: 4,
    statementTimeoutMs: 900,
    queryTimeoutMs: 900,
    connectTimeoutMs: 900,
  });
  const toolKeys = new ToolKeyKeeper(reads);
  // A connection of its own: what people wait for after a stop must not stand behind agents' long polls.
  const presencePool = createPool(databaseUrl, {
    application: 'countersign-presence',
    max: 1,
    statementTimeoutMs: 900,
    queryTimeoutMs: 900,
    connectTimeoutMs: 900,
  });
  const presence = new Presence({
    db: presencePool,
    name: `${options.name ?? os.hostname()}:${options.port}`,
    waitedFor: (limit) => waiters.waitedFor(limit),
    onState: (state, why) =>
      state === 'heard' ? log.info('people hear of this gateway again') : log.warn({ why }, 'people do not hear of this gateway'),
  });
  const guard = new OutsideGuard({
    place: options.outside,
    newClient: clientFor('countersign-compare', { settings: `-c statement_timeout=${compareMsMax}` }),
    log,
    onChange: (locked) => presence.lock(locked?.why, locked?.divergence),
  });
  const rules = new RulesKeeper({
    newClient: clientFor('countersign-rules'),
    onLoaded: ({ rules: { epoch }, unreadable }, tookMs) => {
      // One that cannot be used decides nothing, so it holds every stop as well.
      presence.installed(epoch);
      waiters.wakeAll('rules');
      if (unreadable === undefined) log.info({ epoch, tookMs: Math.round(tookMs) }, 'rules loaded');
      else log.error({ epoch, unreadable }, 'the rules cannot be used: every check is answered 503');
    },
    onTrouble: (why) => log.warn({ why }, 'the rules could not be loaded'),
    onEvent: (kind, subject) => {
      if (kind.startsWith('approval.') || kind === 'release.signed') waiters.wake(subject);
      if (kind.startsWith('tool_key.')) toolKeys.forget();
      if (kind === 'resumption.signed') committer.hurry();
    },
  });
  // A connection of its own as well: opening a breaker waits for the ledger's order, and neither checks nor stops stand behind it.
  const breakersPool = createPool(databaseUrl, {
    application: 'countersign-breakers',
    max: 1,
    statementTimeoutMs: 900,
    queryTimeoutMs: 1_200,
    connectTimeoutMs: 900,
  });
  const breakers = new Breakers({
    db: breakersPool,
    rulesOf: (agent, action) => breakerRulesOf(rules.snapshot.rules, agent, action),
    everyMs: options.countEveryMs,
    onOpened: (agent, action, cause) => log.warn({ agent, action, cause }, 'a circuit breaker opened'),
    onTrouble: (why) => log.warn({ why }, 'what circuit breakers count could not be written yet'),
  });
  const doorkeeper = new Doorkeeper({ rules, committer, signingKeysKey: options.signingKeysKey, issuer: publicUrl });
  const statusEndpoint = (id: string): string => `${publicUrl}/access/v1/requests/${id}`;
  const gatekeeper = new Gatekeeper({
    rules,
    committer,
    reads,
    argumentsKey: options.argumentsKey,
    statusEndpoint,
    issuer: publicUrl,
    signingKey: (now) => doorkeeper.signingKey(now),
    breakers,
  });

  const observer = new Observer({
    db: reads,
    everyMs: options.observeEveryMs,
    onLost: (lost, why) => log.warn({ lost, why }, 'what was noticed beside decisions was not counted'),
  });
  const sightings = new Sightings({ observer, committer, rules });

  const refused = await committer.start();
  const stopParts = async (): Promise<void> => {
    guard.close();
    await Promise.all([observer.close(), breakers.close()]);
    await presence.close();
    await Promise.all([committer.close(), rules.close(), reads.end(), presencePool.end(), breakersPool.end()]);
  };
  if (refused?.includes(neverDurable)) {
    await stopParts();
    throw new Error(refused);
  }
  if (refused !== undefined) log.error({ why: refused }, 'the ledger cannot be written yet: every check is answered 503');
  await rules.start();
  observer.start();
  breakers.start();
  await presence.start();
  guard.start(reads, () => committer.again('the database is not the one that was compared, or holds less than was handed outside'));

  const canceller = new Canceller({ rules, committer, reads });
  const reporter = new Reporter({ rules, committer, reads, argumentsKey: options.argumentsKey, breakers });
  const { trustProxy } = options;
  const parts = {
    gatekeeper,
    doorkeeper,
    canceller,
    reporter,
    committer,
    rules,
    waiters,
    reads,
    publicUrl,
    observer,
    sightings,
    toolKeys,
    trustProxy,
    guard,
  };
  const { server, app, doors } = await createAgentServer(parts);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      void stopParts();
      reject(error);
    });
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    doors,
    close: async () => {
      waiters.wakeAll();
      await app.close();
      await stopParts();
    },
  };
}
