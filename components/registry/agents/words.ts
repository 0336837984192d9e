import type { AgentStatus, AutonomyFloor, Environment, RiskCategory } from '@/lib/registry/schema';
import type { CredentialState } from '@/lib/registry/reading/schema';

export const statusLabels: Record<AgentStatus, string> = {
  draft: 'Draft',
  in_review: 'In review',
  approved: 'Approved',
  active: 'Active',
  suspended: 'Suspended',
  decommissioned: 'Decommissioned',
  rejected: 'Sent back',
};

/** What a state means for whether the agent may act. */
export const statusMeaning: Record<AgentStatus, string> = {
  draft: 'a draft, may not act',
  in_review: 'in review, may not act yet',
  approved: 'approved, not activated yet',
  active: 'active, may act',
  suspended: 'suspended, may not act',
  decommissioned: 'decommissioned, never acts again',
  rejected: 'sent back, may not act',
};

export const environmentLabels: Record<Environment, string> = { production: 'Production', staging: 'Staging', development: 'Development' };

export const riskLabels: Record<RiskCategory, string> = {
  unassessed: 'Not assessed',
  minimal: 'Minimal',
  limited: 'Limited',
  high: 'High',
  prohibited: 'Prohibited',
};

/** What an autonomy floor leaves the agent to do alone. */
export const floorWords: Record<AutonomyFloor, string> = {
  1: 'Tier 1: whatever its policies let it do alone',
  2: 'Tier 2: it acts, and people are told of it',
  3: 'Tier 3: a person approves everything it does',
  4: 'Tier 4: everything it asks is halted',
};

export const credentialLabels: Record<CredentialState, string> = {
  live: 'Own',
  ending: 'Ends soon',
  over: 'Expired',
  none: 'None',
};

export const roleLabels: Record<string, string> = {
  admin: 'administrator',
  process_owner: 'process owner',
  leader: 'leader',
  security: 'security',
  risk: 'risk officer',
  engineer: 'engineer',
  auditor: 'auditor',
};

/** joined lists names as a sentence does: "Ana, Liam or 3 others". */
export function joined(names: readonly string[], more: number, word: 'and' | 'or'): string {
  const all = more > 0 ? [...names, `${more} other${more === 1 ? '' : 's'}`] : [...names];
  const last = all.pop();
  return last === undefined ? 'nobody here' : all.length === 0 ? last : `${all.join(', ')} ${word} ${last}`;
}
