import { rowHeadBytes, type LedgerRow } from '../schema';

/** One row of the explorer's table. */
export type LedgerEntry = {
  seq: bigint;
  at: Date;
  kind: string;
  eventId: string;
  agentId: string | null;
  workflowId: string | null;
  actionType: string | null;
  verdict: string | null;
  tier: number | null;
  approvalId: string | null;
  actorId: string | null;
  processId: string | null;
  /** Decimal text in the base currency. */
  money: string | null;
  reversibleUntil: Date | null;
  /** The decision that an outcome is about. */
  decisionId: string | null;
  /** The finding that an event is about. */
  findingId: string | null;
};

/** What a row is called whose payload cannot be read: it is shown, never skipped. */
export const unreadableKind = 'unreadable';

/** projectRow reads from a ledger row what the explorer filters by. Total: a payload it cannot read still becomes an entry. */
export function projectRow(row: Pick<LedgerRow, 'seq' | 'at' | 'bytes'>): LedgerEntry {
  const payload = parse(row.bytes.subarray(rowHeadBytes));
  const kind = text(payload['kind']);
  const eventId = text(payload['id']);
  const entry: LedgerEntry = {
    seq: row.seq,
    at: row.at,
    kind: kind ?? unreadableKind,
    eventId: eventId ?? `row_${row.seq}`,
    agentId: null,
    workflowId: null,
    actionType: null,
    verdict: null,
    tier: null,
    approvalId: null,
    actorId: null,
    processId: null,
    money: null,
    reversibleUntil: null,
    decisionId: null,
    findingId: null,
  };
  return kind === 'decision.made' ? { ...entry, ...ofDecision(payload, row.at) } : { ...entry, ...ofEvent(payload) };
}

function ofDecision(payload: Record<string, unknown>, at: Date): Partial<LedgerEntry> {
  const tier = payload['tier'];
  const windowSeconds = payload['window_seconds'];
  return {
    agentId: text(payload['agent']),
    workflowId: text(payload['workflow']),
    actionType: text(payload['action']),
    verdict: text(payload['verdict']),
    tier: typeof tier === 'number' && Number.isInteger(tier) ? tier : null,
    approvalId: text(payload['used_approval']) ?? text(payload['approval']),
    processId: text(payload['process']),
    money: decimal(record(record(payload['risk'])['money'])['amount']),
    reversibleUntil:
      payload['verdict'] === 'allow_reversible' &&
      typeof windowSeconds === 'number' &&
      windowSeconds > 0 &&
      windowSeconds < windowSecondsMax
        ? new Date(at.getTime() + windowSeconds * 1000)
        : null,
  };
}

function ofEvent(payload: Record<string, unknown>): Partial<LedgerEntry> {
  const subject = record(payload['subject']);
  const data = record(payload['data']);
  const about = (type: string): string | null => (subject['type'] === type ? text(subject['id']) : null);
  return {
    agentId: about('agent') ?? text(data['agent']),
    workflowId: about('workflow') ?? text(data['workflow']),
    // A breaker is an agent's, for one action type.
    actionType: about('action_type') ?? text(data['action_type']),
    approvalId: about('approval') ?? text(data['approval']),
    actorId: text(record(payload['actor'])['id']),
    processId: about('process') ?? text(data['process']),
    decisionId: text(data['decision']),
    findingId: about('finding'),
  };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    return record(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

/** Longer than any window a policy may set; past it a payload is not to be believed. */
const windowSecondsMax = 366 * 24 * 3600;

function decimal(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9]{1,40}(\.[0-9]{1,40})?$/.test(value) ? value : null;
}

// PostgreSQL's text refuses NUL, and one such value would stop the projection for good.
function text(value: unknown): string | null {
  return typeof value === 'string' && !value.includes('\0') ? value.toWellFormed() : null;
}
