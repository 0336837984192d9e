import { breakerKey, type ActionFacts, type AgentFacts, type Kills, type OpenBreaker, type Rules } from '../domain';
import type {
  ActionRow,
  AgentRow,
  AuthorisationRow,
  BreakerRow,
  CredentialRow,
  KillRow,
  PolicyRow,
  RatesRow,
  RuleRows,
  SigningKeyRow,
} from '../store/rules';
import { probeCounter } from '@/lib/containment/domain/probes';
import { BreakerCause, BreakerFacts } from '@/lib/containment/schema';
import type { CredentialFacts, SigningKeyRow as SealedKey } from '@/lib/identity/domain';
import { compileActionType, compilePolicies, type PolicySet } from '@/lib/policy/domain';
import { Policy, RateTable } from '@/lib/policy/schema';
import { ActionType, AutonomyFloor } from '@/lib/registry/schema';

/** All that a gateway holds in memory, as of `rules.epoch`. `unreadable` says why nothing may be decided: a policy or rate table that cannot be used. */
export type Snapshot = {
  rules: Rules;
  signingKeys: readonly SealedKey[];
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
    credentials: new Map(),
    policies: compilePolicies([], noRates),
    rates: noRates,
    kills: killsOf([]),
    breakers: new Map(),
    authorisations: new Map(),
  },
  signingKeys: [],
  policies: new Map(),
  unreadable: 'nothing has been loaded yet',
};

/**
 * isIncremental tells whether only changes need to be read on top of this snapshot. One that cannot be used is read whole again, since it does not
 * hold what it could not understand.
 */
export const isIncremental = (known: Snapshot): boolean => known.unreadable === undefined;

/** applyRows makes the snapshot at the rows' epoch: compiled action types and policies are kept for all that did not change. */
export function applyRows(known: Snapshot, rows: RuleRows): Snapshot {
  const { changed } = rows;
  const unreadable: string[] = [];
  const rates = rows.rates === undefined ? known.rules.rates : ratesOf(rows.rates, unreadable);
  const policies = merged(known.policies, changed?.policies, rows.policies, (row) => policyOf(row, unreadable));
  const recompile = policies !== known.policies || rates !== known.rules.rates;
  return {
    rules: {
      epoch: rows.epoch,
      agents: merged(known.rules.agents, changed?.agents, rows.agents, agentOf),
      actions: merged(known.rules.actions, changed?.actions, rows.actions, actionOf),
      credentials: credentialsOf(known.rules.credentials, changed?.agents, rows.credentials),
      kills: rows.kills ? killsOf(rows.kills) : known.rules.kills,
      breakers: rows.breakers ? breakersOf(rows.breakers) : known.rules.breakers,
      authorisations: rows.authorisations ? authorisationsOf(rows.authorisations) : known.rules.authorisations,
      rates,
      policies: recompile ? compile([...policies.values()], rates, unreadable) : known.rules.policies,
    },
    signingKeys: rows.signingKeys?.map(sealedKeyOf) ?? known.signingKeys,
    policies,
    unreadable: unreadable.length > 0 ? unreadable.join('; ') : undefined,
  };
}

function breakersOf(rows: readonly BreakerRow[]): Rules['breakers'] {
  const of = ({
    cause,
    facts,
    opened_at: openedAt,
    probe_at: probeAt,
    probes,
    agent_id: agent,
    action_type: action,
  }: BreakerRow): OpenBreaker => ({
    cause: BreakerCause.parse(cause),
    // Facts that this version cannot read hold nothing up: the breaker is open all the same.
    facts: BreakerFacts.catch(unreadableFacts).parse(facts),
    openedAt,
    probeAt,
    probes,
    counter: probeCounter(agent, action, openedAt),
  });
  return new Map(rows.map((row) => [breakerKey(row.agent_id, row.action_type), of(row)]));
}

const unreadableFacts: BreakerFacts = { observed: '', threshold: '', of: 0, windowSeconds: 1, policy: null, pauseSeconds: 1 };

function authorisationsOf(rows: readonly AuthorisationRow[]): Rules['authorisations'] {
  const byAgent = new Map<string, Map<string, string>>();
  for (const { id, agent_id: agent, digest } of rows) {
    const ofAgent = byAgent.get(agent) ?? new Map<string, string>();
    byAgent.set(agent, ofAgent.set(id, digest.toString('hex')));
  }
  return byAgent;
}

type Entry<Value> = [id: string, value: Value] | undefined;

// What was read again is removed first, so that a row that is gone, or no longer active, is gone here too. Nothing read: the same map, untouched.
function merged<Row, Value>(
  known: ReadonlyMap<string, Value>,
  changed: readonly string[] | undefined,
  rows: readonly Row[],
  entryOf: (row: Row) => Entry<Value>,
): ReadonlyMap<string, Value> {
  if (changed?.length === 0) return known;
  const map = changed ? new Map(known) : new Map<string, Value>();
  for (const id of changed ?? []) map.delete(id);
  for (const row of rows) {
    const entry = entryOf(row);
    if (entry) map.set(...entry);
  }
  return map;
}

function agentOf(row: AgentRow): Entry<AgentFacts> {
  return [
    row.id,
    {
      id: row.id,
      processId: row.process_id,
      ownerId: row.owner_id,
      status: row.status,
      autonomyFloor: AutonomyFloor.parse(row.autonomy_floor),
      permissions: new Set(row.permissions),
      accountable: { execution: row.accountable_execution ?? row.owner_id, escalation: row.accountable_escalation ?? row.owner_id },
    },
  ];
}

function actionOf(row: ActionRow): Entry<ActionFacts> {
  const base = { name: row.name, title: row.title, system: row.system_id, version: row.schema_version };
  const { parameters, classification } = row.document;
  const type = ActionType.safeParse({ ...base, status: row.status, parameters, classification });
  // A classification that does not parse leaves the action unclassified: Tier 4.
  const compiled = compileActionType(type.success ? type.data : { ...base, status: 'unset', parameters: {}, classification: null });
  return [row.name, { systemId: row.system_id, type: compiled }];
}

// Leaving a policy out would loosen what it tightens.
function policyOf(row: PolicyRow, unreadable: string[]): Entry<Policy> {
  const policy = Policy.safeParse({ ...row.document, id: row.id, version: row.version });
  if (policy.success) return [row.id, policy.data];
  unreadable.push(`policy ${row.id} version ${row.version} cannot be read`);
  return undefined;
}

function ratesOf(row: RatesRow | null, unreadable: string[]): RateTable {
  if (!row) return noRates;
  const table = RateTable.safeParse({ base: row.base, asOf: row.as_of, rates: row.rates });
  if (table.success) return table.data;
  unreadable.push('the exchange rates cannot be read');
  return noRates;
}

function compile(policies: Policy[], rates: RateTable, unreadable: string[]): PolicySet {
  try {
    return compilePolicies(policies, rates);
  } catch (error) {
    unreadable.push(error instanceof Error ? error.message : 'the policies do not compile');
    return emptySnapshot.rules.policies;
  }
}

// Credentials are read again for every changed agent, so all of those agents' are replaced.
function credentialsOf(
  known: ReadonlyMap<string, CredentialFacts>,
  changedAgents: readonly string[] | undefined,
  rows: readonly CredentialRow[],
): ReadonlyMap<string, CredentialFacts> {
  if (changedAgents?.length === 0) return known;
  const map = changedAgents
    ? new Map([...known].filter(([, { agentId }]) => !changedAgents.includes(agentId)))
    : new Map<string, CredentialFacts>();
  for (const row of rows) {
    const { id, agent_id: agentId, secret_hash: secretHash, expires_at: expiresAt, revoked_at: revokedAt } = row;
    map.set(id, { id, agentId, secretHash, expiresAt, revokedAt });
  }
  return map;
}

function killsOf(rows: readonly KillRow[]): Kills {
  const of = (scope: string): ReadonlySet<string> => new Set(rows.filter((row) => row.scope === scope).map((row) => row.target));
  return {
    organisation: rows.some((row) => row.scope === 'organisation'),
    process: of('process'),
    agent: of('agent'),
    action_type: of('action_type'),
    system: of('system'),
  };
}

function sealedKeyOf(row: SigningKeyRow): SealedKey {
  return {
    kid: row.kid,
    publicJwk: row.public_jwk,
    privateSealed: row.private_sealed,
    signsFrom: row.signs_from,
    signsUntil: row.signs_until,
    verifiesUntil: row.verifies_until,
  };
}
