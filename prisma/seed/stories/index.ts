import { randomBytes } from 'node:crypto';
import { withClient } from '@/lib/platform/db';
import { ownerEnv, webEnv } from '@/lib/platform/env';
import { abandoned, agents, creeping, type SampleAgent } from '../organisation/agents';
import { people } from '../organisation/people';
import { everyone, type Cast } from '../history/lives';
import { loadHistory } from '../history/load';
import * as small from '../sample';
import { SampleSecrets } from '../secrets';
import { seedIfEmpty } from '@/prisma/seed';

/** A page worth opening, and why. */
export type Link = { path: string; why: string };
/** Without a cast it has no past. */
type Story = { title: string; cast?: Cast; links: readonly Link[] };

const some = (...ids: string[]): SampleAgent[] => agents.filter(({ agent }) => ids.includes(agent.id));

/** The stories, each loadable into an empty database. */
export const stories = {
  small: {
    title: 'Fourteen people, one process, one agent, and no past',
    links: [{ path: '/registry/agents/agt_invoices', why: 'the agent' }],
  },
  organisation: {
    title: 'Ninety days of a whole organisation: forty agents in eight processes',
    cast: everyone,
    links: [
      { path: '/registry/agents', why: 'all agents' },
      { path: '/approvals', why: 'what waits now' },
      { path: `/registry/agents/${abandoned.agent.id}`, why: 'one nobody answers for' },
      { path: `/registry/agents/${creeping.agent.id}`, why: 'one that asks for more than it was given' },
      { path: '/raci/prc_people', why: 'a process whose oversight cannot be shown' },
    ],
  },
  'orphaned-agent': {
    title: 'An agent whose project is over and whose owner has left',
    cast: { days: 60, agents: [...some('agt_newsletter', 'agt_meeting_notes'), abandoned] },
    links: [{ path: `/registry/agents/${abandoned.agent.id}`, why: 'the agent' }],
  },
  'scope-creep': {
    title: 'An agent that began to ask for what it was never given',
    cast: { days: 30, agents: [...some('agt_deal_keeper'), creeping] },
    links: [
      { path: `/registry/agents/${creeping.agent.id}`, why: 'the agent' },
      { path: '/approvals', why: 'its halts' },
    ],
  },
  'unproven-oversight': {
    title: 'A process in which people decide, and nobody can show it',
    cast: { days: 45, agents: some('agt_screening', 'agt_leave_clerk', 'agt_policy_answers') },
    links: [
      { path: '/outcomes', why: 'actions nobody knows the end of' },
      { path: '/raci/prc_people', why: 'the gap in its matrix' },
      { path: '/approvals?tab=decided', why: 'requests that ran out of time' },
    ],
  },
} as const satisfies Record<string, Story>;
export type StoryName = keyof typeof stories;

/** isStory tells whether there is a story of that name. */
export const isStory = (name: string): name is StoryName => Object.hasOwn(stories, name);

export type Loaded = { signIn: { email: string; password: string }; decisions: number; links: readonly Link[] };

const passwordBytes = 15;
const organisationName = 'Halden Travel and Trade';

/**
 * loadStory makes a story in the empty database of the environment and labels it as a sample. Throws, with nothing written, when its ledger has a
 * row. The people's one password and the agents' secrets go to SECRETS_DIR.
 */
export async function loadStory(name: StoryName, say?: (line: string) => void): Promise<Loaded> {
  const { cast, links }: Story = stories[name];
  const { password, decisions } = cast ? await loadCast(cast, say) : await loadSmall();
  // Last: a database without the label was cut off half way.
  await withClient(ownerEnv().DATABASE_URL_OWNER, (client) =>
    client.query('UPDATE organisation SET name = $1, sample = true, changed_at = now()', [organisationName]),
  );
  return { signIn: { email: small.firstSignIn, password }, decisions, links };
}

type Made = { password: string; decisions: number };

async function loadSmall(): Promise<Made> {
  const { signIn } = await seedIfEmpty();
  if (!signIn) throw new Error('This database has people already.');
  return { password: signIn.password, decisions: 0 };
}

async function loadCast(cast: Cast, say?: (line: string) => void): Promise<Made> {
  const secrets = new SampleSecrets(webEnv().SECRETS_DIR);
  const password = randomBytes(passwordBytes).toString('base64url');
  const kept = { password, emails: people.map(({ email }) => email) };
  const history = await loadHistory({ cast, password, ...(say ? { say } : {}) });
  secrets.savePeople({ ...kept, complete: true });
  secrets.saveAgents(Object.fromEntries(history.credentials));
  return { password, decisions: history.decisions };
}
