import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlreadyReported, Countersign, Halted, type Permit } from './index';
import { signAuthorisation } from '@/lib/containment/service';
import { action, ask, prepare, reason, type Halted as HaltedAction } from '@/lib/containment/testdata/halted';
import { World } from '@/lib/http/agent/testdata/world';
import { person, type TestPerson } from '@/lib/people/testdata/people';

let world: World;
let agent: string;
let leader: TestPerson;
let security: TestPerson;
beforeAll(async () => {
  world = await World.withPeople(2);
  await prepare(world);
  agent = await world.addAgent([action], { floor: 4 });
  [leader, security] = [await person(['leader']), await person(['security'])];
});
afterAll(() => world.end());

let tasks = 0;
const client = (task = `task ${++tasks}`, gateway = 0): Countersign => {
  const { id: clientId, secret: clientSecret } = world.credentialOf(agent);
  return new Countersign({ url: world.url('', gateway), clientId, clientSecret, task });
};
const guarded = (of: Countersign, ran: Permit[]) =>
  of.guard((_args: object, permit: Permit) => ran.push(permit), { action, effect: () => 'merge V-9', idempotent: true });
const args = { from: 'V-9', into: 'V-1' };
const haltedBy = async (call: Promise<unknown>): Promise<Pick<HaltedAction, 'decision' | 'digest'>> => {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof Halted)) throw new Error('it did not halt');
  return { decision: error.decision.id, digest: error.decision.digest };
};
const happen = async (halt: Pick<HaltedAction, 'decision' | 'digest'>) => {
  const id = await ask(leader, { ...halt, agent, token: '', workflow: '', args });
  expect(await signAuthorisation(security.actor, id, { digest: halt.digest, reason })).toMatchObject({ ok: true });
};

describe('a guarded tool whose action was halted', () => {
  test('runs once when it is called again after two people let it happen, in another process as well, and not again', async () => {
    const ran: Permit[] = [];
    const task = `task ${++tasks}`;
    const halt = await haltedBy(guarded(client(task), ran)(args));
    expect(await client(task).halt(halt.decision)).toMatchObject({ status: 'halted' });
    await happen(halt);
    expect(await client(task, 1).halt(halt.decision, { waitSeconds: 5 })).toMatchObject({
      status: 'released',
      approval: { status: 'approved' },
    });
    await guarded(client(task, 1), ran)(args);
    expect(ran).toMatchObject([{ tier: 4, verdict: 'allow', approval: expect.stringMatching(/^apr_/) as string }]);
    await expect(guarded(client(task), ran)(args)).rejects.toBeInstanceOf(AlreadyReported);
    expect(ran).toHaveLength(1);
  });

  test('halts again with other arguments under another name, and when its workflow was merely released', async () => {
    const ran: Permit[] = [];
    const one = client();
    const halt = await haltedBy(guarded(one, ran)(args));
    await happen(halt);
    await haltedBy(
      one.guard((_args: object, permit: Permit) => ran.push(permit), { action, effect: () => 'merge V-10' })({ ...args, from: 'V-10' }),
    );
    expect(ran).toEqual([]);
  });

  test('asks for nothing when nobody knows of its halt', async () => {
    await expect(client().halt(`dec_${'0'.repeat(26)}`)).rejects.toMatchObject({ status: 404 });
    await expect(client().halt('dec_x/../../')).rejects.toThrow(TypeError);
  });
});
