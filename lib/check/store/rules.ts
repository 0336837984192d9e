import type pg from 'pg';
import type { ActionFacts, AgentFacts, Kills, Rules } from '../domain';
import { compileActionType, compilePolicies, type PolicySet } from '@/lib/policy/domain';
import { Policy, RateTable } from '@/lib/policy/schema';
import { ActionType, AutonomyFloor } from '@/lib/registry/schema';

/** A credential as the token endpoint and the token cache need it. */
export type CredentialFacts = { id: string; agentId: string; secretHash: Buffer; expiresAt: Date; revokedAt: Date | null };

/** A signing key row; the private part is sealed with the master key, bound to its kid. */
export type SigningKeyRow = {
  kid: string;
  publicJwk: unknown;
  privateSealed: Buffer;
  signsFrom: Date;
  signsUntil: Date | null;
  verifiesUntil: Date | null;
};

/** All that a gateway holds in memory, as of `rules.epoch`. `unreadable` says why nothing may be decided: a policy or rate table that does not parse. */
export type Snapshot = {
  rules: Rules;
  credentials: ReadonlyMap<string, CredentialFacts>;
  signingKeys: readonly SigningKeyRow[];
  policies: ReadonlyMap<string, Policy>;
  unreadable: string | undefined;
};

const noRates: RateTable = { base: 'USD', asOf: '1970-01-01', rates: {} };

/** emptySnapshot decides nothing; it is what a gateway holds before its first load. */
export const emptySnapshot: Snapshot = {
  rules: {
    epoch: -1,
    agents: new Map(),
    actions: new Map(),
    policies: compilePolicies([], noRates),
    rates: noRates,
    kills: { organisation: false, process: new Set(), agent: new Set(), action_type: new Set(), system: new Set() },
  },
  credentials: new Map(),
  signingKeys: [],
  policies: new Map(),
  unreadable: 'nothing has been loaded yet',
};

type Changes = { agents?: string[]; actions?: string[]; policies?: string[]; rates: boolean; kills: boolean; keys: boolean; workflows: string[] };

/**
 * loadSnapshot reads what changed since `known` (everything, when it is the empty one) in one REPEATABLE READ transaction together with the epoch, so
 * that the result is exactly the state at that epoch. Also returns the workflows released since, whose remembered halts must be forgotten.
 */
export async function loadSnapshot(client: pg.Client, known: Snapshot): Promise<{ snapshot: Snapshot; released: string[] }> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const head = await client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
    const epoch = Number(head.rows[0]?.epoch ?? 0);
    const changes = known === emptySnapshot || epoch < known.rules.epoch ? everything : await changesSince(client, known.rules.epoch);
    const snapshot = await applyChanges(client, known, epoch, changes);
    await client.query('COMMIT');
    return { snapshot, released: changes.workflows };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

const everything: Changes = { rates: true, kills: true, keys: true, workflows: [] };

async function changesSince(client: pg.Client, epoch: number): Promise<Changes> {
  const { rows } = await client.query<{ kind: string; subject: string }>('SELECT kind, subject FROM ledger_epochs WHERE seq > $1 ORDER BY seq', [epoch]);
  const agents = new Set<string>();
  const actions = new Set<string>();
  const policies = new Set<string>();
  const changes: Changes = { rates: false, kills: false, keys: false, workflows: [] };
  for (const { kind, subject } of rows) {
    const [noun] = kind.split('.');
    switch (noun) {
      case 'agent':
      case 'credential':
        agents.add(subject);
        break;
      case 'action_type':
        actions.add(subject);
        break;
      case 'policy':
        policies.add(subject);
        break;
      case 'rates':
        changes.rates = true;
        break;
      case 'kill':
        changes.kills = true;
        break;
      case 'key':
        changes.keys = true;
        break;
      case 'workflow':
        changes.workflows.push(subject);
        break;
      case 'process':
      case 'system':
      case 'user':
        // A new process, system or leaver changes no decision by itself; what it does to agents has an event of its own.
        break;
      default:
        // A kind this version does not know moved the epoch: only a full load is safe.
        return { ...everything, workflows: changes.workflows };
    }
  }
  return { ...changes, agents: [...agents], actions: [...actions], policies: [...policies] };
}

async function applyChanges(client: pg.Client, known: Snapshot, epoch: number, changes: Changes): Promise<Snapshot> {
  const unreadable: string[] = [];
  const agents = await loadAgents(client, known.rules.agents, changes.agents);
  const credentials = await loadCredentials(client, known.credentials, changes.agents);
  const actions = await loadActions(client, known.rules.actions, changes.actions);
  const kills = changes.kills ? await loadKills(client) : known.rules.kills;
  const signingKeys = changes.keys ? await loadSigningKeys(client) : known.signingKeys;
  const rates = changes.rates || known.unreadable ? await loadRates(client, unreadable) : known.rules.rates;
  const reloadPolicies = known.unreadable !== undefined ? undefined : changes.policies;
  const policies = await loadPolicies(client, known.policies, reloadPolicies, unreadable);
  const recompile = policies !== known.policies || rates !== known.rules.rates;
  const compiled = recompile ? compile([...policies.values()], rates, unreadable) : known.rules.policies;
  return {
    rules: { epoch, agents, actions, kills, rates, policies: compiled },
    credentials,
    signingKeys,
    policies,
    unreadable: unreadable.length > 0 ? unreadable.join('; ') : undefined,
  };
}

function compile(policies: Policy[], rates: RateTable, unreadable: string[]): PolicySet {
  try {
    return compilePolicies(policies, rates);
  } catch (error) {
    unreadable.push(error instanceof Error ? error.message : 'the policies do not compile');
    return emptySnapshot.rules.policies;
  }
}

type AgentRow = { id: string; process_id: string; owner_id: string; status: string; autonomy_floor: number; permissions: string[] };

async function loadAgents(client: pg.Client, known: ReadonlyMap<string, AgentFacts>, ids: string[] | undefined): Promise<ReadonlyMap<string, AgentFacts>> {
  if (ids?.length === 0) return known;
  const { rows } = await client.query<AgentRow>(
    `SELECT a.id, a.process_id, a.owner_id, a.status, a.autonomy_floor,
       ARRAY(SELECT p.action_type FROM agent_permissions p WHERE p.agent_id = a.id) AS permissions
     FROM agents a WHERE $1::text[] IS NULL OR a.id = ANY ($1)`,
    [ids ?? null],
  );
  const agents = startFrom(known, ids);
  for (const row of rows) {
    agents.set(row.id, {
      id: row.id,
      processId: row.process_id,
      ownerId: row.owner_id,
      status: row.status,
      autonomyFloor: AutonomyFloor.parse(row.autonomy_floor),
      permissions: new Set(row.permissions),
    });
  }
  return agents;
}

type CredentialRow = { id: string; agent_id: string; secret_hash: Buffer; expires_at: Date; revoked_at: Date | null };

async function loadCredentials(
  client: pg.Client,
  known: ReadonlyMap<string, CredentialFacts>,
  agentIds: string[] | undefined,
): Promise<ReadonlyMap<string, CredentialFacts>> {
  if (agentIds?.length === 0) return known;
  const { rows } = await client.query<CredentialRow>(
    'SELECT id, agent_id, secret_hash, expires_at, revoked_at FROM credentials WHERE $1::text[] IS NULL OR agent_id = ANY ($1)',
    [agentIds ?? null],
  );
  const credentials = agentIds ? new Map(known) : new Map<string, CredentialFacts>();
  for (const row of rows) {
    credentials.set(row.id, { id: row.id, agentId: row.agent_id, secretHash: row.secret_hash, expiresAt: row.expires_at, revokedAt: row.revoked_at });
  }
  return credentials;
}

type ActionRow = { name: string; system_id: string; title: string; status: string; schema_version: number; document: Record<string, unknown> };

async function loadActions(client: pg.Client, known: ReadonlyMap<string, ActionFacts>, names: string[] | undefined): Promise<ReadonlyMap<string, ActionFacts>> {
  if (names?.length === 0) return known;
  const { rows } = await client.query<ActionRow>(
    'SELECT name, system_id, title, status, schema_version, document FROM action_types WHERE $1::text[] IS NULL OR name = ANY ($1)',
    [names ?? null],
  );
  const actions = startFrom(known, names);
  for (const row of rows) {
    const base = { name: row.name, title: row.title, system: row.system_id, version: row.schema_version };
    const type = ActionType.safeParse({ ...base, status: row.status, parameters: row.document['parameters'], classification: row.document['classification'] });
    actions.set(row.name, {
      systemId: row.system_id,
      // A classification that does not parse leaves the action unclassified: Tier 4.
      type: compileActionType(type.success ? type.data : { ...base, status: 'unset', parameters: {}, classification: null }),
    });
  }
  return actions;
}

async function loadKills(client: pg.Client): Promise<Kills> {
  const { rows } = await client.query<{ scope: string; target: string }>('SELECT scope, target FROM kill_switches WHERE lifted_at IS NULL');
  const of = (scope: string): ReadonlySet<string> => new Set(rows.filter((row) => row.scope === scope).map((row) => row.target));
  return {
    organisation: rows.some((row) => row.scope === 'organisation'),
    process: of('process'),
    agent: of('agent'),
    action_type: of('action_type'),
    system: of('system'),
  };
}

async function loadSigningKeys(client: pg.Client): Promise<SigningKeyRow[]> {
  const { rows } = await client.query<{
    kid: string;
    public_jwk: unknown;
    private_sealed: Buffer;
    signs_from: Date;
    signs_until: Date | null;
    verifies_until: Date | null;
  }>('SELECT kid, public_jwk, private_sealed, signs_from, signs_until, verifies_until FROM signing_keys ORDER BY signs_from');
  return rows.map((row) => ({
    kid: row.kid,
    publicJwk: row.public_jwk,
    privateSealed: row.private_sealed,
    signsFrom: row.signs_from,
    signsUntil: row.signs_until,
    verifiesUntil: row.verifies_until,
  }));
}

async function loadRates(client: pg.Client, unreadable: string[]): Promise<RateTable> {
  const { rows } = await client.query<{ base: string; as_of: string; rates: unknown }>(
    `SELECT base, to_char(as_of, 'YYYY-MM-DD') AS as_of, rates FROM exchange_rates ORDER BY as_of DESC, published_at DESC LIMIT 1`,
  );
  const row = rows[0];
  if (!row) return noRates;
  const table = RateTable.safeParse({ base: row.base, asOf: row.as_of, rates: row.rates });
  if (table.success) return table.data;
  unreadable.push('the exchange rates cannot be read');
  return noRates;
}

async function loadPolicies(
  client: pg.Client,
  known: ReadonlyMap<string, Policy>,
  ids: string[] | undefined,
  unreadable: string[],
): Promise<ReadonlyMap<string, Policy>> {
  if (ids?.length === 0) return known;
  const { rows } = await client.query<{ id: string; version: number; document: Record<string, unknown> }>(
    `SELECT id, version, document FROM policies WHERE status = 'active' AND ($1::text[] IS NULL OR id = ANY ($1)) ORDER BY id`,
    [ids ?? null],
  );
  const policies = startFrom(known, ids);
  for (const row of rows) {
    const policy = Policy.safeParse({ ...row.document, id: row.id, version: row.version });
    // Leaving a policy out would loosen what it tightens.
    if (policy.success) policies.set(row.id, policy.data);
    else unreadable.push(`policy ${row.id} version ${row.version} cannot be read`);
  }
  return policies;
}

// What is reloaded is removed first, so that a row that is gone, or no longer active, is gone here too.
function startFrom<Value>(known: ReadonlyMap<string, Value>, ids: string[] | undefined): Map<string, Value> {
  if (!ids) return new Map();
  const copy = new Map(known);
  for (const id of ids) copy.delete(id);
  return copy;
}
