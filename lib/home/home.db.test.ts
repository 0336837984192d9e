import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findUser } from '@/lib/people/service';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import type { PeoplePlane } from '@/lib/platform/testing/people-plane';
import { closeOffice, draft, engineer, inReview, openOffice, owner, risk, security } from '@/lib/registry/testdata/office';
import { readHome } from './reading';
import type { SectionId } from './schema';

let plane: PeoplePlane;
let auditor: TestPerson;
let otherOwner: TestPerson;
let drafted: string;
let handedIn: string;

beforeAll(async () => {
  plane = await openOffice();
  auditor = await person(['auditor']);
  otherOwner = await person(['process_owner']);
  drafted = await draft({ name: 'Not handed in' });
  handedIn = await inReview({ name: 'Handed in' });
});
afterAll(closeOffice);

async function home(of: TestPerson) {
  const user = await findUser(of.id);
  if (!user) throw new Error('nobody');
  return readHome(user);
}
const sectionsOf = async (of: TestPerson): Promise<SectionId[]> => (await home(of)).map(({ id }) => id);
const agentsOf = async (of: TestPerson): Promise<string[]> =>
  (await home(of)).filter(({ id }) => id === 'agents').flatMap(({ matters }) => matters.map(({ id }) => id));

describe('Home', () => {
  test('shows an auditor only what everybody looks after, and nothing to decide', async () => {
    expect(await sectionsOf(auditor)).toEqual(['reviews', 'findings']);
  });

  test('shows halts to who may release them, and to nobody else', async () => {
    for (const section of ['halts', 'releases']) {
      expect(await sectionsOf(security)).toContain(section);
      for (const other of [owner, engineer, risk, auditor]) expect(await sectionsOf(other)).not.toContain(section);
    }
  });

  test('shows failing jobs to administrators alone', async () => {
    expect(await sectionsOf(await person(['admin']))).toContain('jobs');
    for (const other of [owner, engineer, risk, security, auditor]) expect(await sectionsOf(other)).not.toContain('jobs');
  });

  test('brings an agent to review to those who may, within their reach', async () => {
    for (const reviewer of [owner, security, risk]) expect(await agentsOf(reviewer)).toEqual([handedIn]);
    expect(await agentsOf(otherOwner)).toEqual([]);
  });

  test('reminds its author of what is not handed in, never of their own to review', async () => {
    expect(await agentsOf(engineer)).toEqual([drafted]);
    expect(await agentsOf(await person(['engineer', 'security'], engineer.personId))).toEqual([drafted]);
  });

  test('counts all, and names a few', async () => {
    for (let i = 0; i < 5; i++) await draft({ name: `Draft ${i}` });
    const [agents] = (await home(engineer)).filter(({ id }) => id === 'agents');
    expect([agents?.total, agents?.matters.length]).toEqual([6, 4]);
  });

  test('says that a part cannot be read, and shows the others', async () => {
    await withClient(plane.superuserUrl, (client) => client.query('ALTER TABLE findings RENAME TO findings_away'));
    const sections = await home(auditor);
    await withClient(plane.superuserUrl, (client) => client.query('ALTER TABLE findings_away RENAME TO findings'));
    expect(sections.map(({ id, unread }) => [id, unread])).toEqual([
      ['reviews', false],
      ['findings', true],
    ]);
  });
});
