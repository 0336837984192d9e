import { listCredentials } from '@/lib/identity/service';

/** findCredentialOf answers the first credential of an agent. */
export async function findCredentialOf(agentId: string): Promise<string> {
  const [first] = await listCredentials(agentId);
  if (!first) throw new Error(`${agentId} has no credential`);
  return first.id;
}
