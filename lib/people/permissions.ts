import type { Permission, Role } from './schema';

const everyone = [
  'ledger:read',
  'approvals:read',
  'kill:read',
  'policy:read',
  'agents:read',
  'people:read',
] as const satisfies Permission[];

/**
 * The one table of who may do what. Engineers read the ledger with redacted arguments (no `arguments:read`) and never activate what they
 * register; the auditor reads everything and changes nothing. `approvals:decide`, `kill:set`, `agents:activate`, `agents:suspend` of a process
 * owner reach their own processes only: see `ownProcessOnly`.
 */
const table = {
  admin: [...everyone, 'people:manage', 'systems:manage', 'processes:manage', 'policy:publish', 'keys:rotate'],
  process_owner: [...everyone, 'arguments:read', 'approvals:decide', 'kill:set', 'agents:activate', 'agents:suspend'],
  leader: [
    ...everyone,
    'arguments:read',
    'approvals:decide',
    'workflow:release',
    'kill:set',
    'kill:lift',
    'agents:activate',
    'agents:suspend',
    'agents:resume',
  ],
  security: [
    ...everyone,
    'arguments:read',
    'workflow:release',
    'kill:set',
    'kill:lift',
    'agents:activate',
    'agents:suspend',
    'agents:resume',
    'credentials:manage',
    'keys:rotate',
  ],
  risk: [...everyone, 'arguments:read', 'policy:publish', 'actions:classify'],
  engineer: [...everyone, 'agents:register', 'systems:manage', 'actions:classify', 'credentials:manage'],
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
