import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowHeadBytes } from '../schema';
import { projectRow } from './projection';

const at = new Date('2026-11-21T10:00:00Z');
const row = (payload: unknown) => ({
  seq: 7n,
  at,
  bytes: Buffer.concat([
    Buffer.alloc(rowHeadBytes),
    typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(JSON.stringify(payload)),
  ]),
});
const empty = {
  seq: 7n,
  at,
  agentId: null,
  workflowId: null,
  actionType: null,
  verdict: null,
  tier: null,
  approvalId: null,
  actorId: null,
  processId: null,
  money: null,
  reversibleUntil: null,
  decisionId: null,
  findingId: null,
};

describe('what the explorer filters by', () => {
  it.each([
    [
      'a decision by its agent, workflow, action, verdict, tier and approval',
      {
        kind: 'decision.made',
        id: 'dec_1',
        agent: 'agt_1',
        workflow: 'wfl_1',
        action: 'payments.execute',
        verdict: 'approval_required',
        tier: 3,
        approval: 'apr_1',
      },
      {
        kind: 'decision.made',
        eventId: 'dec_1',
        agentId: 'agt_1',
        workflowId: 'wfl_1',
        actionType: 'payments.execute',
        verdict: 'approval_required',
        tier: 3,
        approvalId: 'apr_1',
      },
    ],
    [
      'a circuit breaker by its agent and action type',
      {
        kind: 'breaker.opened',
        id: 'evt_1',
        actor: { type: 'system', id: 'breaker' },
        subject: { type: 'agent', id: 'agt_1' },
        data: { action_type: 'payments.execute', cause: 'errors' },
      },
      { kind: 'breaker.opened', eventId: 'evt_1', agentId: 'agt_1', actionType: 'payments.execute', actorId: 'breaker' },
    ],
    [
      'a decision that used an approval by that approval',
      { kind: 'decision.made', id: 'dec_2', used_approval: 'apr_9', tier: null },
      { kind: 'decision.made', eventId: 'dec_2', approvalId: 'apr_9' },
    ],
    [
      'a person’s verdict by the approval and the person',
      {
        kind: 'approval.approved',
        id: 'evt_1',
        actor: { type: 'user', id: 'usr_1' },
        subject: { type: 'approval', id: 'apr_1' },
        data: { decision: 'dec_1' },
      },
      { kind: 'approval.approved', eventId: 'evt_1', approvalId: 'apr_1', actorId: 'usr_1', decisionId: 'dec_1' },
    ],
    [
      'a supervised decision by its process, with its money and the instant until which it can be undone',
      {
        kind: 'decision.made',
        id: 'dec_4',
        process: 'prc_1',
        verdict: 'allow_reversible',
        tier: 2,
        risk: { money: { amount: '4999.5', currency: 'USD' } },
        window_seconds: 1800,
      },
      {
        kind: 'decision.made',
        eventId: 'dec_4',
        processId: 'prc_1',
        verdict: 'allow_reversible',
        tier: 2,
        money: '4999.5',
        reversibleUntil: new Date('2026-11-21T10:30:00Z'),
      },
    ],
    [
      'a decision with a window that nothing went ahead in, without an instant',
      { kind: 'decision.made', id: 'dec_5', verdict: 'approval_required', tier: 3, window_seconds: 1800 },
      { kind: 'decision.made', eventId: 'dec_5', verdict: 'approval_required', tier: 3 },
    ],
    [
      'money and windows that are not to be believed, not at all',
      {
        kind: 'decision.made',
        id: 'dec_6',
        verdict: 'allow_reversible',
        tier: 2,
        risk: { money: { amount: '1e400', currency: 'USD' } },
        window_seconds: 1e12,
      },
      { kind: 'decision.made', eventId: 'dec_6', verdict: 'allow_reversible', tier: 2 },
    ],
    [
      'an outcome by its decision, agent and process',
      {
        kind: 'outcome.reported',
        id: 'evt_2',
        actor: { type: 'agent', id: 'agt_1' },
        subject: { type: 'outcome', id: 'dec_1' },
        data: { decision: 'dec_1', agent: 'agt_1', process: 'prc_1', status: 'succeeded' },
      },
      { kind: 'outcome.reported', eventId: 'evt_2', agentId: 'agt_1', actorId: 'agt_1', processId: 'prc_1', decisionId: 'dec_1' },
    ],
    [
      'a grant by its agent and its workflow',
      {
        kind: 'grant.issued',
        id: 'grt_1',
        actor: { type: 'agent', id: 'agt_1' },
        subject: { type: 'agent', id: 'agt_1' },
        data: { task: 'pay', workflow: 'wfl_1' },
      },
      { kind: 'grant.issued', eventId: 'grt_1', agentId: 'agt_1', workflowId: 'wfl_1', actorId: 'agt_1' },
    ],
    ['a payload that cannot be read, as such', '{"kind":', { kind: 'unreadable', eventId: 'row_7' }],
    ['a payload that is no object, as such', '[1]', { kind: 'unreadable', eventId: 'row_7' }],
    [
      'a name that the database cannot keep, not at all',
      { kind: 'decision.made', id: 'dec_3', action: 'a\0b', tier: 1.5 },
      { kind: 'decision.made', eventId: 'dec_3' },
    ],
  ])('finds %s', (_, payload, expected) => {
    expect(projectRow(row(payload))).toEqual({ ...empty, ...expected });
  });

  it('makes an entry of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => projectRow({ seq: 1n, at, bytes }).seq === 1n));
    fc.assert(fc.property(fc.jsonValue(), (value) => projectRow(row(value)).seq === 7n));
  });
});
