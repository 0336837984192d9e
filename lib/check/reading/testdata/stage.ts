import pg from 'pg';
import { Gateway } from '@/lib/approvals/testdata/requests';
import { projectLedger } from '@/lib/ledger/service/projection';
import { roles, type Role } from '@/lib/people/schema';
import { findUser, type User } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { Decisions, type Deciding } from './decisions';

/** What an agent writes to be mistaken for something else, and what only some roles may read. */
export const secret = '<img src=x onerror=alert(1)>\u202eGeheim';

/** userOf reads an account as the pages are given it. */
export async function userOf({ id }: { id: string }): Promise<User> {
  const found = await findUser(id);
  if (!found) throw new Error('nobody');
  return found;
}

/** processOf makes a process with its owner. */
export async function processOf(name: string, ownerId: string): Promise<string> {
  const created = await createProcess(setup, { name, ownerId });
  if (!created.ok) throw new Error(created.code);
  return created.process.id;
}

/** Stage is a database with two processes, their owners, and somebody of each role; and what writes requests and decisions into it. */
export class Stage {
  private constructor(
    readonly plane: PeoplePlane,
    readonly gateway: Gateway,
    readonly decisions: Decisions,
    readonly web: pg.Pool,
    readonly superuser: pg.Client,
    readonly owner: TestPerson,
    readonly other: TestPerson,
    readonly mine: string,
    readonly theirs: string,
    private readonly people: ReadonlyMap<Role, User>,
  ) {}

  static async set(): Promise<Stage> {
    const plane = await testPeoplePlane();
    const [owner, other] = [await person(['process_owner']), await person(['process_owner'])];
    const people = new Map<Role, User>();
    for (const role of roles) people.set(role, await userOf(await person([role])));
    const [mine, theirs] = [await processOf('Payables', owner.id), await processOf('Refunds', other.id)];
    const [gateway, decisions] = [await Gateway.start(plane), await Decisions.start(plane)];
    const web = new pg.Pool({ connectionString: plane.webUrl, max: 2 });
    const superuser = new pg.Client({ connectionString: plane.superuserUrl });
    await superuser.connect();
    return new Stage(plane, gateway, decisions, web, superuser, owner, other, mine, theirs, people);
  }

  async clear(): Promise<void> {
    await Promise.all([this.gateway.stop(), this.decisions.stop(), this.web.end(), this.superuser.end()]);
    await this.plane.drop();
  }

  byRole(role: Role): User {
    const found = this.people.get(role);
    if (!found) throw new Error(role);
    return found;
  }

  /** project lets the explorer take in what was written. */
  project(): Promise<number> {
    return projectLedger(this.web, createLog('test'));
  }

  /** supervised writes an action that went ahead and can be undone for an hour. */
  supervised(change: Partial<Deciding> = {}) {
    return this.decisions.decide({
      process: this.mine,
      verdict: 'allow_reversible',
      tier: 2,
      windowSeconds: 3600,
      money: '4200',
      arguments: { vendor: secret, nonce: Math.random() },
      ...change,
    });
  }
}
