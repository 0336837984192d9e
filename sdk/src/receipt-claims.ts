import type { Decision } from './answers';
import type { Check } from './client';
import { actionDigest, digestShape } from './digest';
import { Unavailable } from './errors';

/** What a receipt says: this very action of this agent was allowed. Instants are seconds since 1970. */
export type ReceiptClaims = {
  issuer: string;
  audience: string;
  agent: string;
  /** The decision's id, to be taken once. */
  decision: string;
  issuedAt: number;
  expiresAt: number;
  action: string;
  digest: string;
  verdict: 'allow' | 'allow_reversible';
  tier: number;
  workflow: string;
  task?: string;
  /** The approval that was used, when a person decided. */
  approval?: string;
  onBehalfOf?: string;
  schemaVersion: number | null;
};

const base64url = /^[A-Za-z0-9_-]+$/;
const decisionShape = /^dec_[0-9a-z]{26}$/;

/** decodePart decodes base64url strictly: Node takes padding, white space and stray bits, which would give one receipt many spellings. */
export function decodePart(text: string): Buffer | undefined {
  if (!base64url.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** jsonPart reads one part of a compact JWS as a JSON object; undefined when it is none. */
export function jsonPart(text: string): Record<string, unknown> | undefined {
  const bytes = decodePart(text);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** readClaims reads the payload of a receipt; undefined when a member is missing or has another shape. */
export function readClaims(payload: Record<string, unknown>): ReceiptClaims | undefined {
  const text = (name: string): string | undefined => {
    const value = payload[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const seconds = (name: string): number | undefined => {
    const value = payload[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  const [issuer, audience, agent, decision, action, digest] = [
    text('iss'),
    text('aud'),
    text('sub'),
    text('jti'),
    text('action'),
    text('digest'),
  ];
  const [issuedAt, expiresAt, tier, workflow] = [seconds('iat'), seconds('exp'), seconds('tier'), text('workflow')];
  const { verdict, schema_version: schemaVersion } = payload;
  if (issuer === undefined || audience === undefined || agent === undefined || action === undefined || workflow === undefined)
    return undefined;
  if (decision === undefined || !decisionShape.test(decision) || digest === undefined || !digestShape.test(digest)) return undefined;
  if (issuedAt === undefined || expiresAt === undefined || tier === undefined || tier < 1 || tier > 4) return undefined;
  if (verdict !== 'allow' && verdict !== 'allow_reversible') return undefined;
  if (schemaVersion !== null && seconds('schema_version') === undefined) return undefined;
  const optional = (['task', 'approval', 'on_behalf_of'] as const).map((name) => [name, payload[name]] as const);
  if (optional.some(([, value]) => value !== undefined && typeof value !== 'string')) return undefined;
  const [task, approval, onBehalfOf] = optional.map(([, value]) => value as string | undefined);
  return {
    issuer,
    audience,
    agent,
    decision,
    issuedAt,
    expiresAt,
    action,
    digest,
    verdict,
    tier,
    workflow,
    ...(task === undefined ? {} : { task }),
    ...(approval === undefined ? {} : { approval }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    schemaVersion: schemaVersion === null ? null : (seconds('schema_version') ?? null),
  };
}

/** The longest a receipt lives. */
export const receiptSecondsMax = 30;

/**
 * consistentReceipt answers the receipt of an allow after comparing it with the decision and with the action that was asked for. An agent need not
 * check the signature (its tool does), but a receipt that is missing, or for something else than was asked, is no allow.
 */
export function consistentReceipt(decision: Decision, check: Check): { text: string; approval: string | undefined } {
  const broken = (why: string): Unavailable => new Unavailable(why, 'RECEIPT_MALFORMED');
  if (decision.receipt === undefined) throw new Unavailable('it allowed the action and sent no receipt', 'RECEIPT_MISSING');
  const payload = jsonPart(decision.receipt.split('.')[1] ?? '');
  const claims = payload && readClaims(payload);
  if (!claims) throw broken('its receipt cannot be read');
  const asked = actionDigest(check, { agent: claims.agent, onBehalfOf: check.onBehalfOf, schemaVersion: claims.schemaVersion });
  if (claims.decision !== decision.id || claims.verdict !== decision.verdict) throw broken('its receipt is for another decision');
  if (asked !== decision.digest || asked !== claims.digest) throw broken('its receipt is for another action');
  const lives = claims.expiresAt - claims.issuedAt;
  if (lives <= 0 || lives > receiptSecondsMax) throw broken('its receipt has no lifetime a tool would take');
  return { text: decision.receipt, approval: claims.approval };
}
