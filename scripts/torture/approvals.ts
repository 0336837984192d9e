import { paymentCall, type Call, type TortureAgent } from './agents';
import { decidedBy } from './client';
import { people, type Ground } from './ground';
import type { Random } from './random';
import { approveRequest, rejectRequest, type DecideOutcome } from '@/lib/approvals/service';
import type { PersonActor } from '@/lib/people/service';

/** A payment that waits for a person, and who asked. */
export type Waiting = { agent: TortureAgent; call: Call; id: string; digest: string };

const waitsFrom = 50_000;
const waitsTo = 200_000;

/** askForPerson proposes a payment that only a person may let go ahead; undefined when no answer said so. */
export async function askForPerson(
  ground: Ground,
  agent: TortureAgent,
  random: Random,
  gateway = ground.gateway(0),
): Promise<Waiting | undefined> {
  const call = paymentCall(random, random.between(waitsFrom, waitsTo), true);
  const answer = decidedBy(await agent.ask(ground.client, gateway, call));
  const id = answer?.context.access_request?.id;
  return answer && id !== undefined ? { agent, call, id, digest: answer.context.digest } : undefined;
}

/** approve is what a person's button does. */
export const approve = ({ id, digest }: Waiting, person: PersonActor = people.owner): Promise<DecideOutcome> =>
  approveRequest(person, id, { digest });

/** reject likewise. */
export const reject = ({ id, digest }: Waiting, person: PersonActor = people.leader): Promise<DecideOutcome> =>
  rejectRequest(person, id, { digest, reason_code: 'NOT_AUTHORISED' });

/** redeeming is the same call again, with the approval and a key of its own. */
export function redeeming({ call, id }: Waiting, random: Random): Call {
  const trace = `00-${random.hex(32)}-${random.hex(16)}-01`;
  return { ...call, approval: id, trace, key: trace };
}

/** takeBack is what an agent does that no longer wants what it asked for; true when it was told that the request is cancelled. */
export async function takeBack(ground: Ground, { agent, id }: Waiting, gateway = ground.gateway(0)): Promise<boolean> {
  const reply = await ground.client.send({
    url: `${gateway.url}/access/v1/requests/${id}/cancel`,
    headers: { authorization: `Bearer ${await agent.token(gateway)}` },
  });
  return reply.kind === 'answer' && reply.status === 200;
}
