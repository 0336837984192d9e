import { readChange } from '@/lib/lifecycle/reading';
import { reassign } from '@/lib/lifecycle/service/succession';
import { approveChange, rejectChange, requestChange } from '@/lib/lifecycle/service/change-requests';
import { findUser } from '@/lib/people/service';
import { findAgent } from '@/lib/registry/service';
import type { AgentFields } from '@/lib/registry/schema';
import type { PersonKey } from '../organisation/people';
import { by, done, hourMs, type Event } from './stage';

type Answer = { who: PersonKey; afterHours: number; reject?: string };
type Ask = { days: number; agent: string; who: PersonKey; reason: string; fields: Partial<AgentFields>; answer?: Answer };

/** What engineers asked to change of agents that act: one thing was granted, one was not, and one waits. */
const asks: readonly Ask[] = [
  {
    days: 40,
    agent: 'agt_baggage',
    who: 'mei',
    reason: 'Passengers ask for the day more than for the place.',
    fields: { purpose: 'Follows lost baggage and tells its owner where it is and when it will arrive.' },
    answer: { who: 'ines', afterHours: 26 },
  },
  {
    days: 21,
    agent: 'agt_month_end',
    who: 'emma',
    reason: 'It has made no mistake in two closes.',
    fields: { autonomyFloor: 1 },
    answer: { who: 'ana', afterHours: 5, reject: 'It posts to the books. A person looks first, however good it is.' },
  },
  {
    days: 2,
    agent: 'agt_refunds',
    who: 'kofi',
    reason: 'A refund often ends in another flight; then it has to move the booking.',
    fields: { permissions: ['bookings.change', 'refunds.issue', 'tickets.read'] },
  },
];

/** changes are these requests as events. */
export const changes: readonly Event[] = asks.map(({ days, agent, who, reason, fields, answer }) => ({
  days,
  hour: 10,
  agent,
  act: async ({ timeline }) => {
    const record = await findAgent(agent);
    if (!record) throw new Error(`The sample has no ${agent}`);
    const asked = await requestChange(by(who), agent, { version: record.version, fields: { ...record, ...fields }, reason });
    const { id } = done(asked, `a change of ${agent}`);
    if (answer) timeline.at(timeline.now + answer.afterHours * hourMs, () => decide(id, answer));
  },
}));

async function decide(id: string, { who, reject }: Answer): Promise<void> {
  const person = await findUser(by(who).id);
  const card = person && (await readChange(person, id));
  if (!card) throw new Error(`The sample has no request ${id}`);
  done(reject === undefined ? await approveChange(by(who), id, card.digest) : await rejectChange(by(who), id, reject), `deciding ${id}`);
}

/** givenAway is one who runs an agent giving it to another, as leaders may say. */
export const givenAway: Event = {
  days: 28,
  hour: 13,
  agent: 'agt_patcher',
  act: async () => {
    const item = { type: 'agent', id: 'agt_patcher', part: 'technical_owner', from: 'usr_mei' } as const;
    const [result] = await reassign(by('helena'), { items: [item], to: 'usr_yusuf', reason: 'Mei has the customer agents now.' });
    if (!result || result.refusal) throw new Error(`The sample's agent was not given away: ${result?.refusal}`);
  },
};
