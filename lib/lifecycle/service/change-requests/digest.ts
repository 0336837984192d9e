import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import type { AgentFields } from '@/lib/registry/schema';
import { changesIn } from '../../domain/change-requests';
import type { ChangeRequest } from '../../schema/change-requests';

/** digestOfChange names what a person approves: the request, the agent, the version it was made from, and every changed field before and after as they are now. */
export function digestOfChange(request: ChangeRequest, agent: AgentFields): string {
  const { id, agentId, version } = request;
  return formatDigest(sha256(canonicalJson({ request: id, agent: agentId, version, changes: changesIn(request, agent) })));
}
