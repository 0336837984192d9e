import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { newId } from '@/lib/kernel/ids';
import { deactivateUser } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';

const rounds = 15;
let world: World;

beforeAll(async () => {
  world = await World.withPeople(2);
  await world.addActionTypes([actionType('notes.write')]);
  await person(['admin']);
});
afterAll(() => world.end());

/** ownedBy is an acting agent of this owner with one successor. */
async function ownedBy(owner: TestPerson, successor: TestPerson): Promise<string> {
  const id = await world.addAgent(['notes.write']);
  await world.change('agent.changed', id, (client) =>
    client.query('UPDATE agents SET owner_id = $2, successor_ids = ARRAY[$3] WHERE id = $1', [id, owner.id, successor.id]),
  );
  return id;
}

test(`a decision made while its agent’s owner is deactivated names the old owner or the heir, in the order of the ledger: ${rounds} races`, async () => {
  for (let round = 0; round < rounds; round++) {
    const [leaver, heir] = [await person(['leader']), await person(['leader'])];
    const agent = await ownedBy(leaver, heir);
    const token = await world.token(agent);
    const decisions: string[] = [];
    let over = false;
    const ask = async (gateway: number) => {
      while (!over) {
        const { answer } = await world.check(token, 'notes.write', { note: newId('req') }, { gateway });
        if (answer.context.id) decisions.push(answer.context.id);
      }
    };
    const asking = [ask(0), ask(1)];
    while (decisions.length < 4) await prisma().$queryRaw`SELECT 1`;
    expect(await deactivateUser(setup, leaver.id)).toMatchObject({ ok: true });
    const before = decisions.length;
    while (decisions.length < before + 4) await prisma().$queryRaw`SELECT 1`;
    over = true;
    await Promise.all(asking);
    const rows = await prisma().$queryRaw<
      { seq: bigint }[]
    >`SELECT seq FROM ledger_epochs WHERE kind = 'ownership.inherited' AND subject = ${agent}`;
    const moved = Number(rows[0]?.seq ?? 0);
    expect(moved).toBeGreaterThan(0);
    const made = await Promise.all(decisions.map((id) => world.rowOf(id)));
    for (const row of made) expect(row?.payload['owner'], `round ${round}`).toBe((row?.seq ?? 0) < moved ? leaver.id : heir.id);
    expect(made.filter((row) => (row?.seq ?? 0) > moved).length).toBeGreaterThan(0);
  }
});
