import { createHash, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The action's name, or the name with the properties it was asked with. */
export type ActionName = string | { name: string; properties?: object };
/** What the action is done to (AuthZEN 1.0, section 5.3). */
export type Resource = { type: string; id?: string; properties?: object };

/** One action as a tool receives it. `arguments` absent counts as none. */
export type Call = { action: ActionName; resource?: Resource | undefined; arguments?: object | undefined };

/** What a digest covers besides the call: who acts, for whom, and the version of the parameter schema it was judged by. */
export type Covered = { agent: string; onBehalfOf?: string | undefined; schemaVersion: number | null };

/**
 * actionDigest is `sha-256:` and the hex SHA-256 of the RFC 8785 text of `{agent, on_behalf_of, action, resource, arguments, schema_version}`, absent
 * members left out. Two actions with the same digest are the same action. Throws for what JSON cannot carry.
 */
export function actionDigest(call: Call, covered: Covered): string {
  const text = canonicalize({
    agent: covered.agent,
    on_behalf_of: covered.onBehalfOf,
    action: typeof call.action === 'string' ? { name: call.action } : call.action,
    resource: call.resource,
    arguments: call.arguments ?? {},
    schema_version: covered.schemaVersion,
  });
  return `sha-256:${createHash('sha256')
    .update(text ?? '')
    .digest('hex')}`;
}

/** valueDigest is the digest of any JSON value, or undefined for what JSON cannot carry. */
export function valueDigest(value: unknown): string | undefined {
  try {
    const text = canonicalize(value);
    return text === undefined ? undefined : `sha-256:${createHash('sha256').update(text).digest('hex')}`;
  } catch {
    return undefined;
  }
}

export const digestShape = /^sha-256:[0-9a-f]{64}$/;

/** sameText compares without telling by its time where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
