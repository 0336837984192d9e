import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '@/lib/people/service';
import { eventsAbout, person, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { listHalts, releaseWorkflow } from './halts';

let plane: PeoplePlane;
let owner: TestPerson;
let security: TestPerson;
let leader: TestPerson;
let engineer: TestPerson;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owner, security, leader, engineer] = [
    await person(['process_owner']),
    await person(['security']),
    await person(['leader']),
    await person(['engineer']),
  ];
});
afterAll(() => plane.drop());

const reason = 'Fixed and reviewed.';

describe('a halted workflow', () => {
  let workflows = 0;
  async function halted(decisions = 1): Promise<string> {
    const workflow = `wfl_test${++workflows}`;
    const client = new pg.Client({ connectionString: plane.ownerUrl });
    await client.connect();
    for (let i = 0; i < decisions; i++) {
      await client.query('INSERT INTO workflow_halts (decision_id, workflow_id, agent_id, halted_at) VALUES ($1, $2, $3, now())', [
        `dec_${workflow}_${i}`,
        workflow,
        'agt_a',
      ]);
    }
    await client.end();
    return workflow;
  }

  it('goes on when a leader or security releases it, every halt of it at once', async () => {
    for (const { actor } of [leader, security]) {
      const workflow = await halted(2);
      expect(await releaseWorkflow(actor, { workflowId: workflow, reason })).toEqual({
        ok: true,
        decisions: [`dec_${workflow}_0`, `dec_${workflow}_1`],
      });
      expect((await listHalts()).filter((halt) => halt.workflowId === workflow)).toEqual([]);
      expect(await eventsAbout(workflow)).toMatchObject([{ kind: 'workflow.released', actor }]);
    }
  });

  it('is not released by anybody else, nor twice, nor when it never halted', async () => {
    const workflow = await halted();
    for (const { actor } of [owner, engineer, await person(['admin', 'risk', 'auditor'])]) {
      expect(await releaseWorkflow(actor, { workflowId: workflow, reason })).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    }
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => releaseWorkflow(leader.actor, { workflowId: workflow, reason })));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await releaseWorkflow(leader.actor, { workflowId: 'wfl_none', reason })).toEqual({ ok: false, code: 'NOT_HALTED' });
  });

  it('is never released without its event', async () => {
    const workflow = await halted();
    await expect(
      inTransaction((tx) => tx.$executeRaw`UPDATE workflow_halts SET released_at = now() WHERE workflow_id = ${workflow}`),
    ).rejects.toThrow(/changed without an event/);
    expect((await listHalts()).map((halt) => halt.workflowId)).toContain(workflow);
  });
});
