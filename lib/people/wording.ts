import { may, ownProcessOnly } from './permissions';
import { permissions, roles, type Permission, type Role } from './schema';

/** roleNames is what each role is called. */
export const roleNames: Record<Role, string> = {
  admin: 'Administrator',
  process_owner: 'Process owner',
  leader: 'Leader',
  security: 'Security',
  risk: 'Risk',
  engineer: 'Engineer',
  auditor: 'Auditor',
};

/** roleDuties says in a sentence what each role is for. */
export const roleDuties: Record<Role, string> = {
  admin: 'Keeps people, processes, systems and tiers in order; signs nothing.',
  process_owner: 'Answers for their processes: signs approvals, stops and attests the agents in them.',
  leader: 'Senior operations: signs approvals routed to them, lets halted workflows go on, lifts stops.',
  security: 'Watches the whole inventory, stops agents, lets halted workflows go on; signs no approvals.',
  risk: 'Writes policies and RACI; signs no approvals.',
  engineer: 'Registers agents, their credentials and action types; never reviews or signs what they built.',
  auditor: 'Reads everything, changes nothing.',
};

/** permissionWords says what each permission lets a person do, after "may". */
export const permissionWords: Record<Permission, string> = {
  'ledger:read': 'read the ledger, with arguments redacted',
  'arguments:read': 'read the full arguments of actions',
  'approvals:read': 'see requests for approval',
  'approvals:decide': 'sign approvals routed to them',
  'workflow:release': 'let a halted workflow go on; with a second person, let the halted action happen once',
  'kill:read': 'see what is stopped',
  'kill:set': 'stop an agent, a process or everything',
  'kill:lift': 'lift a stop',
  'breakers:reset': 'close a circuit breaker before it recovers',
  'drills:manage': 'plan and start kill drills',
  'ledger:resume': 'let gateways go on after a restore, with a second person',
  'policy:read': 'read policies and tiers',
  'policy:edit': 'draft policies and tiers',
  'policy:publish': 'put in force a draft that others wrote',
  'agents:read': 'see the inventory of agents',
  'agents:register': 'register agents and edit their records',
  'agents:review': 'review an agent that others registered',
  'agents:activate': 'let a reviewed agent act',
  'agents:suspend': 'suspend an agent',
  'agents:resume': 'let a suspended agent act again',
  'agents:decommission': 'decommission an agent',
  'systems:manage': 'add and edit systems',
  'processes:manage': 'add processes and name their owners',
  'raci:read': 'see who answers for what',
  'raci:manage': 'edit RACI matrices, which route approvals',
  'actions:classify': 'classify action types',
  'credentials:manage': 'issue and revoke credentials of agents',
  'keys:rotate': 'rotate signing keys',
  'outcomes:settle': 'settle actions whose outcome is unclear',
  'people:read': 'see people and teams',
  'people:manage': 'add and deactivate people, give roles, reset passwords',
  'findings:read': 'see findings',
  'findings:manage': 'assign and put off findings',
  'findings:diagnose': 'read why a detector failed',
  'agents:reassign': 'give agents and processes to other people',
  'changes:request': 'ask for a change of an agent that may act',
  'changes:decide': 'approve such a change that others asked for',
  'reviews:read': 'see reviews',
  'reviews:decide': 'review what they answer for',
  'reviews:manage': 'begin reviews and give them to others',
  'maturity:read': 'see maturity and metrics',
  'jobs:manage': 'see and start jobs',
  'organisation:manage': 'change the settings of the organisation',
};

/** Whether a role holds a permission: not, only within processes its person owns, or everywhere. */
export type Reach = 'none' | 'own' | 'all';

/** reachOf is how far roles together reach with a permission. */
export function reachOf(holder: { roles: readonly Role[] }, permission: Permission): Reach {
  if (!may(holder, permission)) return 'none';
  return boundToProcess.has(permission) && ownProcessOnly(holder, permission) ? 'own' : 'all';
}
// What is about a process or an agent in one; reading lists is not.
const boundToProcess: ReadonlySet<Permission> = new Set([
  'arguments:read',
  'kill:set',
  'agents:review',
  'agents:activate',
  'agents:suspend',
  'agents:decommission',
  'outcomes:settle',
  'findings:manage',
  'changes:request',
  'changes:decide',
  'reviews:decide',
]);

/** mayWords is permissionWords with how far it reaches. */
export const mayWords = (permission: Permission, reach: Reach): string =>
  reach === 'own' ? `${permissionWords[permission]}, in processes they own` : permissionWords[permission];

export type PermissionGroup = { title: string; permissions: readonly Permission[] };

const groupTitles = {
  ledger: 'Ledger',
  approvals: 'Approvals',
  stops: 'Stops and halts',
  policy: 'Policies',
  agents: 'Agents',
  systems: 'Systems and processes',
  accountability: 'Accountability',
  people: 'People',
} as const;
const groupOf: Record<string, keyof typeof groupTitles> = {
  ledger: 'ledger',
  arguments: 'ledger',
  outcomes: 'ledger',
  approvals: 'approvals',
  workflow: 'stops',
  kill: 'stops',
  policy: 'policy',
  agents: 'agents',
  credentials: 'agents',
  keys: 'agents',
  systems: 'systems',
  processes: 'systems',
  actions: 'systems',
  raci: 'systems',
  people: 'people',
  organisation: 'people',
  jobs: 'people',
  findings: 'accountability',
  changes: 'accountability',
  reviews: 'accountability',
  maturity: 'accountability',
};

/** permissionGroups is the closed list of permissions under a heading each; a permission of a new noun stands under the last. */
export const permissionGroups: readonly PermissionGroup[] = Object.entries(groupTitles).map(([key, title]) => ({
  title,
  permissions: permissions.filter((permission) => (groupOf[permission.split(':')[0] ?? ''] ?? 'people') === key),
}));

export type Consequence = { permission: Permission; words: string };

/** consequencesOf says what a change of roles gives and takes away. */
export function consequencesOf(before: readonly Role[], after: readonly Role[]): { gains: Consequence[]; loses: Consequence[] } {
  const rank: Record<Reach, number> = { none: 0, own: 1, all: 2 };
  const [gains, loses]: [Consequence[], Consequence[]] = [[], []];
  for (const permission of permissions) {
    const [was, is] = [reachOf({ roles: before }, permission), reachOf({ roles: after }, permission)];
    if (rank[is] > rank[was]) gains.push({ permission, words: mayWords(permission, is) });
    if (rank[is] < rank[was])
      loses.push({
        permission,
        words: is === 'own' ? `${permissionWords[permission]}, outside processes they own` : permissionWords[permission],
      });
  }
  return { gains, loses };
}

/** roleList names roles in the order of the closed list: "Leader, risk". */
export function roleList(given: readonly Role[]): string {
  const names = roles.filter((role) => given.includes(role)).map((role) => roleNames[role]);
  return names.map((name, i) => (i === 0 ? name : name.toLowerCase())).join(', ');
}
