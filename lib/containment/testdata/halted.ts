import { actionType, type World } from '@/lib/http/agent/testdata/world';
import type { CheckAnswer } from '@/lib/check/schema';
import { newId } from '@/lib/kernel/ids';
import { askAuthorisation, signAuthorisation } from '../service';
import type { SeniorRole } from '../schema';
import type { TestPerson } from '@/lib/people/testdata/people';

export const action = 'vendors.merge';
export const other = 'vendors.read';
/** Whatever a person gives as their reason in these tests. */
export const reason = 'Looked at with the supplier on the phone.';
/** Every action of an agent with this autonomy floor is Tier 4. */
const alwaysHalts = 4;

export const prepare = (world: World): Promise<void> => world.addActionTypes([actionType(action), actionType(other)]);

export type Halted = { agent: string; token: string; decision: string; digest: string; workflow: string; args: Record<string, unknown> };

let merges = 0;

/** halted is an agent whose action a gateway has just halted, and with it its workflow. */
export async function halted(
  world: World,
  { context = {}, agent, token }: { context?: Record<string, unknown>; agent?: string; token?: string } = {},
): Promise<Halted> {
  const who = agent ?? (await world.addAgent([action, other], { floor: alwaysHalts }));
  const with_ = token ?? (await world.token(who));
  const args = { from: `V-${++merges}`, into: 'V-1' };
  const { answer } = await world.check(with_, action, args, { context });
  if (answer.context.verdict !== 'halt') throw new Error(JSON.stringify(answer));
  const { id: decision, digest, workflow } = answer.context;
  return { agent: who, token: with_, decision, digest, workflow, args };
}

/** ask is askAuthorisation for what was halted; answers the question's id. */
export async function ask(by: TestPerson, halt: Halted, as: SeniorRole = 'leader', minutes = 60): Promise<string> {
  const outcome = await askAuthorisation(by.actor, { decision: halt.decision, digest: halt.digest, as, minutes, reason });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.authorisation.id;
}

/** authorise lets what was halted happen once, by a leader who asks and security who signs; answers the approval's id. */
export async function authorise(leader: TestPerson, security: TestPerson, halt: Halted): Promise<string> {
  const outcome = await signAuthorisation(security.actor, await ask(leader, halt), { digest: halt.digest, reason });
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.approvalId;
}

type More = { args?: Record<string, unknown>; key?: string; gateway?: number; name?: string; token?: string };

/** use asks for the action again with an approval. */
export async function use(world: World, halt: Halted, approval: string | undefined, more: More = {}): Promise<CheckAnswer> {
  const { answer } = await world.check(more.token ?? halt.token, more.name ?? action, more.args ?? halt.args, {
    context: approval === undefined ? {} : { approval: { id: approval } },
    headers: { 'idempotency-key': more.key ?? newId('req'), prefer: 'receipt' },
    gateway: more.gateway ?? 0,
  });
  return answer;
}
