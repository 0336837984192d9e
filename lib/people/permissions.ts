import type { Permission, Role } from './schema';

const everyone = [
  'ledger:read',
  'approvals:read',
  'kill:read',
  'policy:read',
  'agents:read',
  'raci:read',
  'people:read',
  'findings:read',
  'reviews:read',
  'maturity:read',
] as const satisfies Permission[];

/**
 * The one table of who may do what. Engineers read the ledger with redacted arguments (no `arguments:read`) and never review or activate what they
 * register; the auditor reads everything and changes nothing. What a process owner holds about agents reaches their own processes only: see
 * `ownProcessOnly`. What a program says when it fails may name what is inside: `findings:diagnose` reads it. `approvals:decide` is the ability to sign; which requests reach whom is the Escalation row of RACI.
 */
const table = {
  admin: [
    ...everyone,
    'people:manage',
    'systems:manage',
    'processes:manage',
    'raci:manage',
    'policy:edit',
    'policy:publish',
    'keys:rotate',
    'agents:reassign',
    'reviews:manage',
    'findings:diagnose',
    'jobs:manage',
    'organisation:manage',
  ],
  process_owner: [
    ...everyone,
    'arguments:read',
    'approvals:decide',
    'outcomes:settle',
    'kill:set',
    'breakers:reset',
    'agents:review',
    'agents:activate',
    'agents:suspend',
    'agents:decommission',
    'findings:manage',
    'changes:request',
    'changes:decide',
    'reviews:decide',
  ],
  leader: [
    ...everyone,
    'arguments:read',
    'approvals:decide',
    'workflow:release',
    'kill:set',
    'kill:lift',
    'breakers:reset',
    'drills:manage',
    'ledger:resume',
    'agents:activate',
    'agents:suspend',
    'agents:resume',
    'agents:decommission',
    'outcomes:settle',
    'agents:reassign',
    'changes:request',
    'changes:decide',
    'reviews:decide',
  ],
  security: [
    ...everyone,
    'arguments:read',
    'workflow:release',
    'kill:set',
    'kill:lift',
    'breakers:reset',
    'drills:manage',
    'ledger:resume',
    'agents:review',
    'agents:activate',
    'agents:suspend',
    'agents:resume',
    'agents:decommission',
    'outcomes:settle',
    'credentials:manage',
    'keys:rotate',
    'findings:manage',
    'findings:diagnose',
    'agents:reassign',
    'changes:request',
    'changes:decide',
  ],
  risk: [
    ...everyone,
    'arguments:read',
    'policy:edit',
    'policy:publish',
    'agents:review',
    'raci:manage',
    'actions:classify',
    'findings:manage',
    'changes:decide',
    'reviews:decide',
    'reviews:manage',
  ],
  engineer: [...everyone, 'agents:register', 'systems:manage', 'actions:classify', 'credentials:manage', 'changes:request'],
  auditor: [...everyone, 'arguments:read'],
} as const satisfies Record<Role, readonly Permission[]>;

const granted: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(table.admin),
  process_owner: new Set(table.process_owner),
  leader: new Set(table.leader),
  security: new Set(table.security),
  risk: new Set(table.risk),
  engineer: new Set(table.engineer),
  auditor: new Set(table.auditor),
};

type Holder = { roles: readonly Role[] };

/** may tells whether any of a person's roles allows it; no role, no permission. */
export function may(holder: Holder, permission: Permission): boolean {
  return holder.roles.some((role) => granted[role].has(permission));
}

/** permissionsOf lists all that a person may do, in the order of the closed list's roles, each once. */
export function permissionsOf(holder: Holder): Permission[] {
  return [...new Set(holder.roles.flatMap((role) => [...granted[role]]))];
}

/** ownProcessOnly tells whether a person holds the permission as process owner alone, so that it reaches only processes they own. */
export function ownProcessOnly(holder: Holder, permission: Permission): boolean {
  const others = holder.roles.filter((role) => role !== 'process_owner');
  return may(holder, permission) && !may({ roles: others }, permission);
}
