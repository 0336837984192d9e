import type pg from 'pg';

/** The rows that decisions are made from, as they stand; a list that is missing did not change. */
export type AgentRow = {
  id: string;
  process_id: string;
  owner_id: string;
  status: string;
  autonomy_floor: number;
  permissions: string[];
  /** Accountable for the stage, by the agent's own exception or its process's matrix. */
  accountable_execution: string | null;
  accountable_escalation: string | null;
};
export type CredentialRow = { id: string; agent_id: string; secret_hash: Buffer; expires_at: Date; revoked_at: Date | null };
export type ActionRow = {
  name: string;
  system_id: string;
  title: string;
  status: string;
  schema_version: number;
  document: Record<string, unknown>;
};
export type KillRow = { scope: string; target: string };
/** A circuit breaker that is open, or half-open since probe_at. */
export type BreakerRow = {
  agent_id: string;
  action_type: string;
  cause: string;
  facts: unknown;
  opened_at: Date;
  probe_at: Date;
  probes: number;
};
/** A halted action that two people let happen once. */
export type AuthorisationRow = { id: string; agent_id: string; digest: Buffer; expires_at: Date };
export type SigningKeyRow = {
  kid: string;
  public_jwk: unknown;
  private_sealed: Buffer;
  signs_from: Date;
  signs_until: Date | null;
  verifies_until: Date | null;
};
export type RatesRow = { base: string; as_of: string; rates: unknown };
export type PolicyRow = { id: string; version: number; document: Record<string, unknown> };

/** `changed` names what was read again, so that what is gone from the rows is known to be gone; undefined: everything. */
export type RuleRows = {
  epoch: number;
  changed: { agents: string[]; actions: string[]; policies: string[]; workflows: string[] } | undefined;
  agents: AgentRow[];
  credentials: CredentialRow[];
  actions: ActionRow[];
  policies: PolicyRow[];
  kills?: KillRow[];
  breakers?: BreakerRow[];
  authorisations?: AuthorisationRow[];
  signingKeys?: SigningKeyRow[];
  rates?: RatesRow | null;
};

/**
 * readRules reads what changed after `since` (everything, when undefined) in one REPEATABLE READ transaction together with the epoch, so that the
 * rows are exactly the state at that epoch.
 */
export async function readRules(client: pg.Client, since: number | undefined): Promise<RuleRows> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const head = await client.query<{ epoch: string }>('SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1');
    const epoch = Number(head.rows[0]?.epoch ?? 0);
    const changes = since === undefined || epoch < since ? undefined : await changesSince(client, since);
    const rows = await readChanged(client, epoch, changes);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

type Changes = {
  agents: string[];
  actions: string[];
  policies: string[];
  workflows: string[];
  rates: boolean;
  kills: boolean;
  breakers: boolean;
  authorisations: boolean;
  keys: boolean;
};

async function changesSince(client: pg.Client, epoch: number): Promise<Changes | undefined> {
  const { rows } = await client.query<{ kind: string; subject: string }>(
    'SELECT kind, subject FROM ledger_epochs WHERE seq > $1 ORDER BY seq',
    [epoch],
  );
  const agents = new Set<string>();
  const actions = new Set<string>();
  const policies = new Set<string>();
  const workflows = new Set<string>();
  const processes = new Set<string>();
  const changes = { rates: false, kills: false, breakers: false, authorisations: false, keys: false };
  for (const { kind, subject } of rows) {
    const [noun] = kind.split('.');
    switch (noun) {
      case 'agent':
      case 'credential':
      // Of an agent or of a process; what the latter does to agents is told of its matrix.
      case 'ownership':
        agents.add(subject);
        break;
      case 'action_type':
        actions.add(subject);
        break;
      case 'policy':
        policies.add(subject);
        break;
      case 'workflow':
        workflows.add(subject);
        break;
      case 'rates':
        changes.rates = true;
        break;
      case 'kill':
        changes.kills = true;
        break;
      case 'breaker':
        changes.breakers = true;
        break;
      // Two people let a halted action happen once.
      case 'release':
        changes.authorisations = true;
        break;
      case 'key':
        changes.keys = true;
        break;
      case 'raci':
        processes.add(subject);
        break;
      case 'process':
      case 'system':
      case 'user':
      case 'resumption':
        // A new process, system or leaver changes no decision by itself; what it does to agents has an event of its own.
        break;
      default:
        // A kind this version does not know moved the epoch: only reading everything is safe.
        return undefined;
    }
  }
  // A matrix names who is accountable for every agent of its process.
  if (processes.size > 0) {
    const affected = await client.query<{ id: string }>('SELECT id FROM agents WHERE process_id = ANY ($1)', [[...processes]]);
    for (const { id } of affected.rows) agents.add(id);
  }
  return { ...changes, agents: [...agents], actions: [...actions], policies: [...policies], workflows: [...workflows] };
}

async function readChanged(client: pg.Client, epoch: number, changes: Changes | undefined): Promise<RuleRows> {
  const { agents, actions, policies } = changes ?? {};
  return {
    epoch,
    changed: changes && { agents: changes.agents, actions: changes.actions, policies: changes.policies, workflows: changes.workflows },
    agents: await readAgents(client, agents),
    credentials: await readCredentials(client, agents),
    actions: await readActions(client, actions),
    policies: await readPolicies(client, policies),
    ...(changes && !changes.kills ? {} : { kills: await readKills(client) }),
    ...(changes && !changes.breakers ? {} : { breakers: await readBreakers(client) }),
    ...(changes && !changes.authorisations ? {} : { authorisations: await readAuthorisations(client) }),
    ...(changes && !changes.keys ? {} : { signingKeys: await readSigningKeys(client) }),
    ...(changes && !changes.rates ? {} : { rates: await readRates(client) }),
  };
}

// An exception for the agent comes before the matrix of its process.
const accountableFor = (stage: 'action_execution' | 'escalation'): string =>
  `(SELECT c.user_id FROM raci_cells c WHERE c.process_id = a.process_id AND (c.agent_id = a.id OR c.agent_id IS NULL)
         AND c.stage = '${stage}' AND c.role = 'accountable' ORDER BY c.agent_id NULLS LAST LIMIT 1)`;

async function readAgents(client: pg.Client, ids: string[] | undefined): Promise<AgentRow[]> {
  if (ids?.length === 0) return [];
  const { rows } = await client.query<AgentRow>(
    `SELECT a.id, a.process_id, a.owner_id, a.status, a.autonomy_floor,
       ARRAY(SELECT p.action_type FROM agent_permissions p WHERE p.agent_id = a.id) AS permissions,
       ${accountableFor('action_execution')} AS accountable_execution, ${accountableFor('escalation')} AS accountable_escalation
     FROM agents a WHERE $1::text[] IS NULL OR a.id = ANY ($1)`,
    [ids ?? null],
  );
  return rows;
}

async function readCredentials(client: pg.Client, agentIds: string[] | undefined): Promise<CredentialRow[]> {
  if (agentIds?.length === 0) return [];
  const { rows } = await client.query<CredentialRow>(
    'SELECT id, agent_id, secret_hash, expires_at, revoked_at FROM credentials WHERE $1::text[] IS NULL OR agent_id = ANY ($1)',
    [agentIds ?? null],
  );
  return rows;
}

async function readActions(client: pg.Client, names: string[] | undefined): Promise<ActionRow[]> {
  if (names?.length === 0) return [];
  const { rows } = await client.query<ActionRow>(
    'SELECT name, system_id, title, status, schema_version, document FROM action_types WHERE $1::text[] IS NULL OR name = ANY ($1)',
    [names ?? null],
  );
  return rows;
}

async function readPolicies(client: pg.Client, ids: string[] | undefined): Promise<PolicyRow[]> {
  if (ids?.length === 0) return [];
  const { rows } = await client.query<PolicyRow>(
    `SELECT id, version, document FROM policies WHERE status = 'active' AND ($1::text[] IS NULL OR id = ANY ($1)) ORDER BY id`,
    [ids ?? null],
  );
  return rows;
}

async function readKills(client: pg.Client): Promise<KillRow[]> {
  return (await client.query<KillRow>('SELECT scope, target FROM kill_switches WHERE lifted_at IS NULL')).rows;
}

async function readBreakers(client: pg.Client): Promise<BreakerRow[]> {
  const { rows } = await client.query<BreakerRow>(
    `SELECT agent_id, action_type, cause, facts, opened_at, probe_at, probes FROM breakers WHERE state = 'open'`,
  );
  return rows;
}

async function readAuthorisations(client: pg.Client): Promise<AuthorisationRow[]> {
  const { rows } = await client.query<AuthorisationRow>(
    `SELECT id, agent_id, digest, expires_at FROM approvals WHERE tier = 4 AND status = 'approved' AND expires_at > now()`,
  );
  return rows;
}

async function readSigningKeys(client: pg.Client): Promise<SigningKeyRow[]> {
  const { rows } = await client.query<SigningKeyRow>(
    'SELECT kid, public_jwk, private_sealed, signs_from, signs_until, verifies_until FROM signing_keys ORDER BY signs_from',
  );
  return rows;
}

async function readRates(client: pg.Client): Promise<RatesRow | null> {
  const { rows } = await client.query<RatesRow>(
    `SELECT base, to_char(as_of, 'YYYY-MM-DD') AS as_of, rates FROM exchange_rates ORDER BY as_of DESC, published_at DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}
