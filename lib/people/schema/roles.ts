import { z } from 'zod';

/** The seven roles; one person may hold several. */
export const roles = ['admin', 'process_owner', 'leader', 'security', 'risk', 'engineer', 'auditor'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** The closed list of what a person may be allowed to do; lib/people/permissions.ts says who may. */
export const permissions = [
  'ledger:read',
  'arguments:read',
  'approvals:read',
  'approvals:decide',
  'workflow:release',
  'kill:read',
  'kill:set',
  'kill:lift',
  'breakers:reset',
  'drills:manage',
  'ledger:resume',
  'policy:read',
  'policy:edit',
  'policy:publish',
  'agents:read',
  'agents:register',
  'agents:review',
  'agents:activate',
  'agents:suspend',
  'agents:resume',
  'agents:decommission',
  'systems:manage',
  'processes:manage',
  'raci:read',
  'raci:manage',
  'actions:classify',
  'credentials:manage',
  'keys:rotate',
  'outcomes:settle',
  'people:read',
  'people:manage',
  'findings:read',
  'findings:manage',
  'findings:diagnose',
  'agents:reassign',
  'changes:request',
  'changes:decide',
  'reviews:read',
  'reviews:decide',
  'reviews:manage',
  'maturity:read',
  'jobs:manage',
  'organisation:manage',
] as const;
export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;
