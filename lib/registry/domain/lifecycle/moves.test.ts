import { describe, expect, it } from 'vitest';
import { roles, type Role } from '@/lib/people/schema';
import { AgentStatus } from '@/lib/registry/schema';
import { agentMoveNames, agentMoves, canMove, whyNotMove, type AgentMove } from '.';

const builder = 'per_emma';
const doer = (role: Role, personId = 'per_other', ownsProcess = true) => ({ roles: [role], personId, ownsProcess });

describe('the life of an agent, every step from every state', () => {
  const allowed: Record<AgentMove, AgentStatus[]> = {
    submit: ['draft'],
    approve: ['in_review'],
    reject: ['in_review'],
    reopen: ['in_review', 'approved', 'rejected'],
    activate: ['approved'],
    suspend: ['active'],
    resume: ['suspended'],
    decommission: ['draft', 'in_review', 'approved', 'active', 'suspended', 'rejected'],
  };
  for (const move of agentMoveNames) {
    for (const status of AgentStatus.options) {
      const can = allowed[move].includes(status);
      it(`${can ? 'can' : 'cannot'} "${move}" when it is ${status}`, () => {
        expect(canMove(move, status)).toBe(can);
        const why = whyNotMove(move, { status, editors: [builder] }, undefined);
        expect(why?.code).toBe(can ? undefined : 'WRONG_STATE');
      });
    }
  }

  it('never leads back from decommissioned', () => {
    expect(agentMoveNames.filter((move) => canMove(move, 'decommissioned'))).toEqual([]);
  });

  it('reaches active from approved or suspended only, and only past the gate', () => {
    const into = agentMoveNames.filter((move) => agentMoves[move].to === 'active');
    expect(into.flatMap((move) => [...agentMoves[move].from])).toEqual(['approved', 'suspended']);
    expect(into.every((move) => agentMoves[move].gated)).toBe(true);
  });
});

describe('who takes each step, every role', () => {
  const may: Record<AgentMove, Role[]> = {
    submit: ['engineer'],
    approve: ['process_owner', 'security', 'risk'],
    reject: ['process_owner', 'security', 'risk'],
    reopen: ['engineer'],
    activate: ['process_owner', 'leader', 'security'],
    suspend: ['process_owner', 'leader', 'security'],
    resume: ['leader', 'security'],
    decommission: ['process_owner', 'leader', 'security'],
  };
  for (const move of agentMoveNames) {
    const [status = 'draft'] = agentMoves[move].from;
    for (const role of roles) {
      const can = may[move].includes(role);
      it(`${can ? 'a' : 'no'} ${role} may "${move}"`, () => {
        expect(whyNotMove(move, { status, editors: [builder] }, doer(role))?.code).toBe(can ? undefined : 'NOT_ALLOWED');
      });
    }
    it(`the owner of another process may not "${move}"`, () => {
      const why = whyNotMove(move, { status, editors: [builder] }, doer('process_owner', 'per_other', false));
      expect(why?.code).toBe('NOT_ALLOWED');
    });
  }

  it.each<AgentMove>(['approve', 'reject', 'activate'])('whoever wrote it may not "%s" it, from any of their accounts', (move) => {
    const [status] = agentMoves[move].from;
    expect(whyNotMove(move, { status, editors: ['per_first', builder] }, doer('security', builder))?.code).toBe('OWN_AGENT');
  });

  it.each<AgentMove>(['suspend', 'decommission'])('whoever wrote it may "%s" it: stopping needs no second person', (move) => {
    expect(whyNotMove(move, { status: 'active', editors: [builder] }, doer('security', builder))).toBeUndefined();
  });

  it('a person without a role may do nothing', () => {
    for (const move of agentMoveNames) {
      const [status] = agentMoves[move].from;
      expect(whyNotMove(move, { status, editors: [] }, { roles: [], personId: 'per_x', ownsProcess: true })?.code).toBe('NOT_ALLOWED');
    }
  });
});
