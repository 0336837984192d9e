import { describe, expect, it } from 'vitest';
import { permissions, roles, type Role } from './schema';
import { consequencesOf, permissionGroups, permissionWords, reachOf, roleList } from './wording';

const wordsOf = (before: Role[], after: Role[]) => {
  const { gains, loses } = consequencesOf(before, after);
  return { gains: gains.map(({ words }) => words), loses: loses.map(({ words }) => words) };
};

describe('roles in words', () => {
  it('the page of roles names every permission once, under some heading', () => {
    expect(permissionGroups.flatMap((group) => group.permissions).sort()).toEqual([...permissions].sort());
    for (const { title, permissions: named } of permissionGroups) expect(named.length, title).toBeGreaterThan(0);
  });

  it('no two permissions are said in the same words', () => {
    expect(new Set(Object.values(permissionWords)).size).toBe(permissions.length);
  });

  it('a process owner stops agents in their own processes, and reads the ledger everywhere', () => {
    expect(reachOf({ roles: ['process_owner'] }, 'kill:set')).toBe('own');
    expect(reachOf({ roles: ['process_owner', 'leader'] }, 'kill:set')).toBe('all');
    expect(reachOf({ roles: ['process_owner'] }, 'ledger:read')).toBe('all');
  });

  it('an engineer signs nothing', () => {
    expect(reachOf({ roles: ['engineer'] }, 'approvals:decide')).toBe('none');
  });

  it('a change of roles says what it gives, what it takes, and what only reaches less far', () => {
    expect(wordsOf(['engineer'], ['leader']).gains).toContain('sign approvals routed to them');
    expect(wordsOf(['engineer'], ['leader']).loses).toContain('register agents and edit their records');
    expect(wordsOf(['leader', 'process_owner'], ['process_owner']).loses).toContain(
      'stop an agent, a process or everything, outside processes they own',
    );
  });

  it('a change that changes nothing says nothing', () => {
    for (const role of roles) expect(consequencesOf([role], [role])).toEqual({ gains: [], loses: [] });
    expect(consequencesOf(['leader', 'auditor'], ['leader'])).toEqual({ gains: [], loses: [] });
  });

  it('roles are listed in one order', () => {
    expect(roleList(['auditor', 'process_owner'])).toBe('Process owner, auditor');
    expect(roleList([])).toBe('');
  });
});
