import pg from 'pg';
import { startAgentPlane, type AgentPlane, type AgentPlaneOptions } from '../plane';
import type { CheckAnswer } from '@/lib/check/schema';
import { newSecret, newSigningKey } from '@/lib/identity/domain';
import { newId } from '@/lib/kernel/ids';
import { sealingKey } from '@/lib/kernel/seal';
import { projectLedger } from '@/lib/ledger/service/projection';
import { prisma } from '@/lib/platform/db/prisma';
import { createLog } from '@/lib/platform/log';
import { testDatabase, type TestDatabase } from '@/lib/platform/testing/database';
import { beWeb } from '@/lib/platform/testing/people-plane';
import { templateCells } from '@/lib/raci/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { Policy } from '@/lib/policy/schema';
import { calmPolicy } from '@/lib/policy/testdata/calm';
import { newToolSecret } from '@/lib/registry/domain/tool-keys';
import type { ActionType } from '@/lib/registry/schema';

const rates = baselineRates();
const master = Buffer.alloc(32, 1);
const argumentsKey = sealingKey(master, 'arguments');
const signingKeysKey = Buffer.alloc(32, 2);

/** A classification with nothing remarkable about it, to be changed where a test is about it. */
export function actionType(
  name: string,
  changes: Partial<NonNullable<ActionType['classification']>> = {},
  parameters: Record<string, unknown> = { type: 'object' },
): ActionType {
  const classification = {
    effect: 'write',
    reversibility: 'reversible',
    sensitivity: { constant: 'internal' },
    audience: { constant: 'internal' },
    ...changes,
  } as const;
  const undone =
    classification.effect !== 'read' && classification.reversibility !== 'irreversible'
      ? { compensation: { action: 'anything.undo' } }
      : {};
  return {
    name,
    title: `Uses of ${name}`,
    system: 'sys_test',
    version: 1,
    status: 'approved',
    parameters,
    classification: { ...undone, ...classification },
  };
}

type GatewayOptions = { trustProxy?: boolean; outside?: AgentPlaneOptions['outside']; log?: AgentPlaneOptions['log'] };

/** `calm`: no circuit breaker opens, unless a test says so. */
type WorldOptions = { calm?: boolean };

/** World is a small organisation on a database of its own, with as many gateways as a test wants; everything enters it as a person's transaction would. */
export class World {
  readonly gateways: AgentPlane[] = [];
  private readonly secrets = new Map<string, { id: string; secret: string }>();
  private leave: () => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly database: TestDatabase,
    readonly owner: pg.Pool,
    readonly gatewayUrl: string,
  ) {}

  /**
   * withPeople is build, with this test's process pointed at the same database, so that people's services run here as they do in the web's process.
   */
  static async withPeople(gateways = 1, options: WorldOptions = {}): Promise<World> {
    const world = await World.build(gateways, undefined, options);
    const web = beWeb(world.database, master);
    world.leave = async () => {
      await prisma().$disconnect();
      web.leave();
    };
    return world;
  }

  static async build(gateways = 1, gatewayUrl?: (database: TestDatabase) => string, { calm = true }: WorldOptions = {}): Promise<World> {
    const database = await testDatabase();
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 8 });
    // A database that a test stops takes its idle connections along.
    owner.on('error', () => undefined);
    const world = new World(database, owner, gatewayUrl?.(database) ?? database.gatewayUrl);
    const key = newSigningKey(signingKeysKey);
    await world.change('key.rotated', key.kid, async (client) => {
      await client.query(
        "INSERT INTO users (id, person_id, email, name, password_hash, roles) VALUES ('usr_ana', 'per_ana', 'ana@example.com', 'Ana', '', '{process_owner}')",
      );
      await client.query("INSERT INTO processes (id, name, owner_id) VALUES ('prc_test', 'Testing', 'usr_ana')");
      for (const cell of templateCells('usr_ana'))
        await client.query('INSERT INTO raci_cells (process_id, stage, role, user_id) VALUES ($1, $2, $3, $4)', [
          'prc_test',
          cell.stage,
          cell.role,
          cell.holder.id,
        ]);
      await client.query("INSERT INTO systems (id, name) VALUES ('sys_test', 'Test system')");
      await client.query('INSERT INTO signing_keys (kid, public_jwk, private_sealed, signs_from) VALUES ($1, $2, $3, now())', [
        key.kid,
        key.publicJwk,
        key.privateSealed,
      ]);
      await client.query('INSERT INTO exchange_rates (base, as_of, rates) VALUES ($1, $2, $3)', [rates.base, rates.asOf, rates.rates]);
      for (const policy of calm ? [...baselinePolicies(), calmPolicy] : baselinePolicies()) {
        await client.query("INSERT INTO policies (id, version, name, status, document) VALUES ($1, $2, $3, 'active', $4)", [
          policy.id,
          policy.version,
          policy.name,
          policy,
        ]);
      }
    });
    for (let i = 0; i < gateways; i++) await world.addGateway();
    return world;
  }

  async addGateway({ trustProxy = false, outside, log = createLog('test') }: GatewayOptions = {}): Promise<AgentPlane> {
    const plane = await startAgentPlane({
      databaseUrl: this.gatewayUrl,
      publicUrl: 'http://gateway.test',
      host: '127.0.0.1',
      port: 0,
      argumentsKey,
      signingKeysKey,
      trustProxy,
      outside,
      observeEveryMs: 50,
      countEveryMs: 100,
      log,
    });
    this.gateways.push(plane);
    return plane;
  }

  /** gatewayClient connects with a gateway's own rights; the caller ends it. */
  async gatewayClient(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.database.gatewayUrl });
    await client.connect();
    return client;
  }

  async end(): Promise<void> {
    await this.leave();
    await Promise.all(this.gateways.map((gateway) => gateway.close()));
    await this.owner.end();
    await this.database.drop();
  }

  /** change makes a rule change with its event in one transaction, and returns the event's seq: the new epoch. */
  async change(kind: string, subject: string, work: (client: pg.PoolClient) => Promise<unknown>): Promise<number> {
    const client = await this.owner.connect();
    try {
      await client.query('BEGIN');
      await work(client);
      await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, $2, convert_to($3, 'UTF8'))", [
        kind,
        subject,
        JSON.stringify({ kind, id: newId('evt'), subject: { type: 'x', id: subject } }),
      ]);
      await client.query('COMMIT');
      const { rows } = await client.query<{ seq: string }>('SELECT max(seq) AS seq FROM ledger_epochs WHERE subject = $1', [subject]);
      return Number(rows[0]?.seq ?? 0);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  /** publish puts a policy in force, with an event; what is left out is an organisation's default for everything that asks for nothing. */
  async publish(policy: Partial<Policy> & Pick<Policy, 'id'>): Promise<void> {
    const whole = Policy.parse({
      name: policy.id,
      version: 1,
      kind: 'default',
      selector: { level: 'organisation', actions: ['*'] },
      ladders: [],
      ...policy,
    });
    await this.change('policy.published', whole.id, (client) =>
      client.query("INSERT INTO policies (id, version, name, status, document) VALUES ($1, $2, $3, 'active', $4)", [
        whole.id,
        whole.version,
        whole.name,
        whole,
      ]),
    );
  }

  async addActionTypes(types: ActionType[]): Promise<void> {
    for (const type of types) {
      await this.change('action_type.classified', type.name, (client) =>
        client.query(
          `INSERT INTO action_types (name, system_id, title, status, schema_version, document) VALUES ($1, 'sys_test', $2, $3, $4, $5)
           ON CONFLICT (name) DO UPDATE SET status = excluded.status, schema_version = excluded.schema_version, document = excluded.document`,
          [type.name, type.title, type.status, type.version, { parameters: type.parameters, classification: type.classification }],
        ),
      );
    }
  }

  /** addAgent registers an active agent with a secret; returns its id. */
  async addAgent(permissions: string[], changes: { floor?: number; status?: string } = {}): Promise<string> {
    const id = newId('agt');
    const credential = newId('crd');
    const { secret, secretHash, hint } = newSecret();
    await this.change('agent.registered', id, async (client) => {
      await client.query(
        "INSERT INTO agents (id, name, purpose, process_id, owner_id, status, autonomy_floor) VALUES ($1, 'Test agent', 'Testing', 'prc_test', 'usr_ana', $2, $3)",
        [id, changes.status ?? 'active', changes.floor ?? 1],
      );
      for (const name of permissions)
        await client.query('INSERT INTO agent_permissions (agent_id, action_type) VALUES ($1, $2)', [id, name]);
      await client.query(
        "INSERT INTO credentials (id, agent_id, secret_hash, hint, expires_at) VALUES ($1, $2, $3, $4, now() + interval '1 day')",
        [credential, id, secretHash, hint],
      );
    });
    this.secrets.set(id, { id: credential, secret });
    return id;
  }

  credentialOf(agent: string): { id: string; secret: string } {
    const credential = this.secrets.get(agent);
    if (!credential) throw new Error(`no credential of ${agent}`);
    return credential;
  }

  /** addToolKey makes a key of the test system as people do, and answers the header that shows it. */
  async addToolKey(system = 'sys_test'): Promise<{ id: string; secret: string; headers: { authorization: string } }> {
    const id = newId('tky');
    const { secret, secretHash } = newToolSecret();
    await this.change('tool_key.issued', system, (client) =>
      client.query("INSERT INTO tool_keys (id, system_id, secret_hash, created_by) VALUES ($1, $2, $3, 'usr_ana')", [
        id,
        system,
        secretHash,
      ]),
    );
    return { id, secret, headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } };
  }

  /** observations reads what the gateways noticed of a kind, by subject and value. */
  async observations(kind: string, subject?: string): Promise<{ subject: string; value: string; count: number }[]> {
    const { rows } = await this.owner.query<{ subject: string; value: string; count: number }>(
      'SELECT subject, value, count::int FROM observations WHERE kind = $1 AND ($2::text IS NULL OR subject = $2) ORDER BY subject, value',
      [kind, subject ?? null],
    );
    return rows;
  }

  url(path: string, gateway = 0): string {
    return `http://127.0.0.1:${this.gateways[gateway]?.port ?? 0}${path}`;
  }

  /** token asks for an access token; `parameters` are added to the form. */
  async token(agent: string, parameters: Record<string, string> = {}, gateway = 0): Promise<string> {
    const response = await this.requestToken(agent, parameters, gateway);
    const body = (await response.json()) as { access_token?: string };
    if (!body.access_token) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`);
    return body.access_token;
  }

  requestToken(agent: string, parameters: Record<string, string> = {}, gateway = 0): Promise<Response> {
    const { id, secret } = this.credentialOf(agent);
    return fetch(this.url('/oauth/token', gateway), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
    });
  }

  taskToken(agent: string, task: string, gateway = 0): Promise<string> {
    return this.token(agent, { authorization_details: JSON.stringify([{ type: 'countersign_task', task }]) }, gateway);
  }

  /** post sends a raw body to the check. */
  post(
    token: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '/api/check',
    gateway = 0,
  ): Promise<Response> {
    return fetch(this.url(path, gateway), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body,
    });
  }

  async check(
    token: string,
    action: string,
    args: Record<string, unknown> = {},
    more: {
      context?: Record<string, unknown>;
      headers?: Record<string, string>;
      gateway?: number;
      resource?: Record<string, unknown>;
    } = {},
  ): Promise<{ status: number; headers: Headers; answer: CheckAnswer }> {
    const body = {
      action: { name: action },
      ...(more.resource ? { resource: more.resource } : {}),
      context: { arguments: args, supported_obligations: ['report_outcome'], ...more.context },
    };
    const response = await this.post(token, JSON.stringify(body), more.headers ?? {}, '/api/check', more.gateway ?? 0);
    return { status: response.status, headers: response.headers, answer: (await response.json()) as CheckAnswer };
  }

  /** project does what the jobs process does: the explorer's table takes in the ledger. */
  project(): Promise<number> {
    return projectLedger(this.owner, createLog('test'));
  }

  /** send posts a JSON body to any route of the plane. */
  send(token: string, path: string, body?: unknown, headers: Record<string, string> = {}, gateway = 0): Promise<Response> {
    return fetch(this.url(path, gateway), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  get(token: string, path: string, gateway = 0): Promise<Response> {
    return fetch(this.url(path, gateway), { headers: { authorization: `Bearer ${token}` } });
  }

  /** decide does what a person's approval or rejection does. */
  async decide(approvalId: string, status: 'approved' | 'rejected'): Promise<void> {
    const client = await this.owner.connect();
    try {
      await client.query('BEGIN');
      const done = await client.query(
        "UPDATE approvals SET status = $2, decided_at = now(), decided_by = 'usr_ana' WHERE id = $1 AND status = 'pending'",
        [approvalId, status],
      );
      if (done.rowCount !== 1) throw new Error(`${approvalId} was not pending`);
      await client.query("INSERT INTO ledger_intake (kind, subject, payload) VALUES ($1, $2, convert_to($3, 'UTF8'))", [
        `approval.${status}`,
        approvalId,
        JSON.stringify({ kind: `approval.${status}` }),
      ]);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }

  /** rowOf reads the ledger row of a decision: its payload and seq; undefined when there is none. */
  async rowOf(decision: string): Promise<{ seq: number; payload: Record<string, unknown> } | undefined> {
    const { rows } = await this.owner.query<{ seq: string; payload: string }>(
      `SELECT seq, convert_from(substring(bytes FROM 49), 'UTF8') AS payload FROM ledger WHERE position($1::bytea IN bytes) > 0 ORDER BY seq LIMIT 1`,
      [Buffer.from(`"id":"${decision}"`)],
    );
    const row = rows[0];
    return row && { seq: Number(row.seq), payload: JSON.parse(row.payload) as Record<string, unknown> };
  }

  async rowCount(): Promise<number> {
    const { rows } = await this.owner.query<{ count: string }>('SELECT count(*) FROM ledger');
    return Number(rows[0]?.count ?? 0);
  }
}
