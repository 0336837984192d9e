import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createProcess, decommissionAgent } from '@/lib/registry/service';
import { active, closeOffice, engineer, leader, openOffice, owner, risk, security } from '@/lib/registry/testdata/office';
import { Fate, findingOf, look } from '../testdata/causes';
import type { Finding } from '../schema';
import { assignFindings, lookAgain } from '.';

let fate: Fate;
let auditor: TestPerson;
let stranger: TestPerson;
beforeAll(async () => {
  fate = await Fate.begin(await openOffice());
  auditor = await person(['auditor']);
  stranger = await person(['process_owner']);
  await createProcess(setup, { name: 'Of a stranger', ownerId: stranger.id });
});
afterAll(async () => {
  await fate.end();
  await closeOffice();
});

/** overdue makes an agent whose review is overdue, and its finding. */
async function overdue(): Promise<Finding> {
  const agent = await active();
  await fate.sql('UPDATE agents SET next_review_on = current_date - 1 WHERE id = $1', [agent]);
  const finding = await look('review_overdue', agent);
  if (!finding) throw new Error('it was not found');
  return finding;
}

describe('a finding is looked at again', () => {
  test('by who looks after it, and closed as soon as its cause is gone', async () => {
    const finding = await overdue();
    for (const who of [owner, risk, security]) expect(await lookAgain(who.actor, finding.id)).toEqual({ ok: true, status: 'open' });
    expect(await decommissionAgent(leader.actor, finding.key, 'Not needed')).toMatchObject({ ok: true });
    expect(await lookAgain(owner.actor, finding.id)).toEqual({ ok: true, status: 'closed' });
  });

  test('by whoever it was given to, through any of their accounts', async () => {
    const finding = await overdue();
    const second = await person(['auditor'], engineer.personId);
    await assignFindings(risk.actor, { ids: [finding.id], to: engineer.id });
    for (const who of [engineer, second]) expect(await lookAgain(who.actor, finding.id)).toEqual({ ok: true, status: 'open' });
    await assignFindings(risk.actor, { ids: [finding.id], to: auditor.id });
    expect(await lookAgain(engineer.actor, finding.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
  });

  test.each([
    ['an engineer', () => engineer],
    ['an auditor', () => auditor],
    ['a leader', () => leader],
    ['the owner of another process', () => stranger],
  ])('not by %s, who has nothing to do with it, and then no detector runs', async (_, who) => {
    const finding = await overdue();
    await fate.sql('UPDATE agents SET next_review_on = NULL WHERE id = $1', [finding.key]);
    expect(await lookAgain(who().actor, finding.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await findingOf('review_overdue', finding.key)).toMatchObject({ status: 'open' });
  });

  test('not when there is none', async () => {
    expect(await lookAgain(risk.actor, `fnd_${'0'.repeat(26)}`)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });
});
