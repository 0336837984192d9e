import type pg from 'pg';

/** The same sequence for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Decision = { seq: number; at: Date; id: string; agent: string; process: string; workflow: string; verdict: string };
export type Release = { seq: number; at: Date; id: string; workflow: string };
/** A tool's report of calls that came past the gate. */
export type Sighting = { seq: number; at: Date; id: string };
export type Request = {
  id: string;
  agent: string;
  process: string;
  status: string;
  requestedAt: Date;
  expiresAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
  seenAt: Date | null;
};
/** A stop with what became of it: milliseconds from the press to the last acknowledgement (null: nobody gave one). */
export type Stop = {
  id: string;
  at: Date;
  scope: string;
  target: string;
  drill: string | null;
  detectedAt: Date | null;
  lastMs: number | null;
  gateways: number;
  silent: string[];
};
/** All rows that metrics are made of, as they were written. */
export type Traffic = {
  decisions: Decision[];
  releases: Release[];
  sightings: Sighting[];
  outcomes: Set<string>;
  halts: Map<string, Decision[]>;
  requests: Request[];
  stops: Stop[];
};

const dayMs = 86_400_000;
export const agents = ['agt_a', 'agt_b', 'agt_c', 'agt_quiet'] as const;
const processOf: Record<string, string> = { agt_a: 'prc_x', agt_b: 'prc_x', agt_c: 'prc_y' };

/** makeTraffic makes rows of the last hundred days, some of them just now; the same for the same seed and `now`. */
export function makeTraffic(seed: number, now: Date, count: number): Traffic {
  const roll = dice(seed);
  const pick = <Value>(values: readonly Value[]): Value => {
    const value = values[Math.floor(roll() * values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  const traffic: Traffic = { decisions: [], releases: [], sightings: [], outcomes: new Set(), halts: new Map(), requests: [], stops: [] };
  // A tenth within the last half hour, so that some outcomes are not due.
  const times = Array.from({ length: count }, () => now.getTime() - (roll() < 0.1 ? roll() * 1_800_000 : roll() * 100 * dayMs)).sort(
    (a, b) => a - b,
  );
  for (const [index, time] of times.entries())
    if (index % 40 === 0) traffic.stops.push(stopOf(index, new Date(Math.floor(time)), roll, pick));
  let seq = 1_000_000;
  for (const time of times) {
    const at = new Date(Math.floor(time));
    const agent = pick(agents.slice(0, 3));
    const decision: Decision = {
      seq: ++seq,
      at,
      id: `dec_${seq}`,
      agent,
      process: processOf[agent] ?? '',
      workflow: `wfl_${Math.floor(roll() * 40)}`,
      verdict: pick(['allow', 'allow', 'allow', 'allow', 'allow_reversible', 'approval_required', 'halt', 'deny']),
    };
    traffic.decisions.push(decision);
    if (roll() < 0.02) traffic.sightings.push({ seq: ++seq, at, id: `evt_${seq}` });
    if (decision.verdict.startsWith('allow') && roll() < 0.8) traffic.outcomes.add(decision.id);
    if (decision.verdict === 'approval_required') traffic.requests.push(requestOf(decision, roll, now));
    if (decision.verdict !== 'halt') continue;
    traffic.halts.set(decision.workflow, [...(traffic.halts.get(decision.workflow) ?? []), decision]);
    if (roll() < 0.5) traffic.releases.push({ seq: ++seq, at, id: `evt_${seq}`, workflow: decision.workflow });
  }
  return traffic;
}

const stopTargets = [
  ['agent', 'agt_a'],
  ['agent', 'agt_b'],
  ['agent', 'agt_c'],
  ['process', 'prc_x'],
  ['process', 'prc_y'],
  ['action_type', 'payments.execute'],
  ['organisation', 'organisation'],
] as const;

function stopOf(index: number, at: Date, roll: () => number, pick: <Value>(values: readonly Value[]) => Value): Stop {
  const drill = roll() < 0.4;
  const [scope, target] = pick(drill ? stopTargets.slice(0, 3) : stopTargets);
  const gateways = pick([0, 2, 2, 2, 3]);
  const silent = gateways > 0 && roll() < 0.2 ? ['b:4000'] : [];
  return {
    id: `kil_${index}`,
    at,
    scope,
    target,
    drill: drill ? `drl_${index}` : null,
    detectedAt: !drill && roll() < 0.5 ? new Date(at.getTime() - Math.floor(roll() * 600_000)) : null,
    lastMs: gateways === 0 || gateways === silent.length ? null : Math.floor(roll() ** 4 * 40_000),
    gateways,
    silent,
  };
}

function requestOf({ id, agent, process, at }: Decision, roll: () => number, now: Date): Request {
  const expiresAt = new Date(at.getTime() + 4 * 3_600_000);
  const request = {
    id: id.replace('dec', 'apr'),
    agent,
    process,
    requestedAt: at,
    expiresAt,
    decidedAt: null,
    decidedBy: null,
    seenAt: null,
  };
  const chance = roll();
  const decidedAt = new Date(at.getTime() + Math.floor(roll() * 3 * 3_600_000));
  if (decidedAt.getTime() > now.getTime() || chance < 0.15) return { ...request, status: 'pending' };
  if (chance < 0.25) return { ...request, status: 'cancelled', decidedAt, decidedBy: roll() < 0.5 ? 'usr_decider' : null };
  if (chance < 0.35) return { ...request, status: 'expired', decidedAt: expiresAt };
  const status = chance < 0.5 ? 'rejected' : chance < 0.75 ? 'approved' : 'used';
  const seenAt = roll() < 0.8 ? new Date(decidedAt.getTime() - Math.floor(roll() * 10_000)) : null;
  return { ...request, status, decidedAt, decidedBy: 'usr_decider', seenAt };
}

/** writeTraffic writes the rows as they stand in the tables that metrics read, past triggers: what is tested is how they are counted. */
export async function writeTraffic(superuser: pg.Client, traffic: Traffic): Promise<void> {
  await superuser.query('BEGIN');
  await superuser.query("SET LOCAL session_replication_role = 'replica'");
  const insert = (statement: string, rows: readonly object[]) => superuser.query(statement, [JSON.stringify(rows)]);
  await insert(
    `INSERT INTO ledger_entries (seq, at, kind, event_id, agent_id, process_id, workflow_id, action_type, verdict, tier)
     SELECT seq, at, 'decision.made', id, agent, process, workflow, 'payments.execute', verdict, 1
     FROM jsonb_to_recordset($1::jsonb) AS d(seq bigint, at timestamptz, id text, agent text, process text, workflow text, verdict text)`,
    traffic.decisions,
  );
  await insert(
    `INSERT INTO ledger_entries (seq, at, kind, event_id, workflow_id)
     SELECT seq, at, 'workflow.released', id, workflow FROM jsonb_to_recordset($1::jsonb) AS d(seq bigint, at timestamptz, id text, workflow text)`,
    traffic.releases,
  );
  await insert(
    `INSERT INTO ledger_entries (seq, at, kind, event_id)
     SELECT seq, at, 'sighting.reported', id FROM jsonb_to_recordset($1::jsonb) AS d(seq bigint, at timestamptz, id text)`,
    traffic.sightings,
  );
  await insert(
    `INSERT INTO workflow_halts (decision_id, workflow_id, agent_id, halted_at)
     SELECT id, workflow, agent, at FROM jsonb_to_recordset($1::jsonb) AS d(at timestamptz, id text, agent text, workflow text)`,
    [...traffic.halts.values()].flat(),
  );
  await insert(
    `INSERT INTO outcomes (decision_id, agent_id, digest, status, reported_as, event_id, reported_at)
     SELECT id, agent, '\\x', 'succeeded', 'succeeded', id, at FROM jsonb_to_recordset($1::jsonb) AS d(at timestamptz, id text, agent text)`,
    traffic.decisions.filter(({ id }) => traffic.outcomes.has(id)),
  );
  await insert(
    `INSERT INTO kill_switches (id, scope, target, reason, set_by, set_at, lifted_at, drill_id, detected_at, source_type)
     SELECT id, scope, target, 'test', 'usr_decider', at, at, drill, "detectedAt", CASE WHEN "detectedAt" IS NOT NULL THEN 'report' END
     FROM jsonb_to_recordset($1::jsonb) AS d(id text, scope text, target text, at timestamptz, drill text, "detectedAt" timestamptz)`,
    traffic.stops,
  );
  await insert(
    `INSERT INTO kill_acknowledgements (kill_id, last_ms, detected_ms, gateways, silent)
     SELECT id, "lastMs", CASE WHEN "lastMs" IS NOT NULL THEN extract(epoch FROM at - "detectedAt") * 1000 + "lastMs" END,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', g)) FROM generate_series(1, gateways) g), '[]'), silent
     FROM jsonb_to_recordset($1::jsonb) AS d(id text, at timestamptz, "detectedAt" timestamptz, "lastMs" int, gateways int, silent text[])`,
    traffic.stops,
  );
  await insert(
    `INSERT INTO approvals (id, decision_id, decision_seq, agent_id, process_id, workflow_id, action_type, digest, tier, deciding, status, requested_at, expires_at,
       decided_at, decided_by, used_by, reason_code)
     SELECT id, id, 1, agent, process, 'wfl', 'payments.execute', '\\x', 3, '{}', status, "requestedAt", "expiresAt", "decidedAt", "decidedBy",
       CASE status WHEN 'used' THEN 'dec_x' END,
       CASE status WHEN 'cancelled' THEN 'CANCELLED_BY_AGENT' END
     FROM jsonb_to_recordset($1::jsonb) AS d(id text, agent text, process text, status text, "requestedAt" timestamptz, "expiresAt" timestamptz,
       "decidedAt" timestamptz, "decidedBy" text)`,
    traffic.requests,
  );
  await insert(
    `INSERT INTO approval_views (approval_id, user_id, seen_at)
     SELECT id, 'usr_decider', "seenAt" FROM jsonb_to_recordset($1::jsonb) AS d(id text, "seenAt" timestamptz)`,
    traffic.requests.filter(({ seenAt }) => seenAt !== null),
  );
  await superuser.query('COMMIT');
}
