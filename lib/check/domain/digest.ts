import { canonicalJson } from '@/lib/kernel/canonical';
import { sha256 } from '@/lib/kernel/hash';
import type { CheckRequest } from '../schema';

/**
 * canonicalAction is the published object whose RFC 8785 text a person signs: agent, on_behalf_of, action, resource, arguments and the tool's schema
 * version. `action` and `resource` go in whole, members we do not know included.
 */
export function canonicalAction(agent: string, request: CheckRequest, schemaVersion: number | null): { canonical: string; digest: Buffer } {
  const canonical = canonicalJson({
    agent,
    on_behalf_of: request.context.on_behalf_of,
    action: request.action,
    resource: request.resource,
    arguments: request.context.arguments,
    schema_version: schemaVersion,
  });
  return { canonical, digest: sha256(canonical) };
}

/** saidByAgent is the agent's own account of its action: kept, shown as its words, never decided on. */
export function saidByAgent(request: CheckRequest, traceparent: string | undefined): Record<string, unknown> {
  const { summary, rationale, state, trigger, sources, model, confidence, risk } = request.context;
  return { summary, rationale, state, trigger, sources, model, confidence, risk, traceparent };
}
