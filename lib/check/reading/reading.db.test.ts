import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveRequest } from '@/lib/approvals/service';
import { Gateway, type AskedFor } from '@/lib/approvals/testdata/requests';
import { newId } from '@/lib/kernel/ids';
import { listEntries, readHead } from '@/lib/ledger/reading';
import { EntryQuery } from '@/lib/ledger/reading/schema';
import { projectLedger } from '@/lib/ledger/service/projection';
import { findUser, type User } from '@/lib/people/service';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { createLog } from '@/lib/platform/log';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { createProcess } from '@/lib/registry/service';
import { listApprovals, readApproval, viewEvent } from '.';
import { ApprovalCard, ApprovalPage } from './schema';

let plane: PeoplePlane;
let gateway: Gateway;
let superuser: pg.Client;
let web: pg.Pool;
let owner: TestPerson;
let process: string;

const user = async ({ id }: { id: string }): Promise<User> => {
  const found = await findUser(id);
  if (!found) throw new Error('nobody');
  return found;
};
const project = () => projectLedger(web, createLog('test'));
const secret = 'V-88 Geheim GmbH';
const ask = (change: Parameters<Gateway['ask']>[0] | object = {}): Promise<AskedFor> =>
  gateway.ask({
    process,
    owner: owner.id,
    arguments: { vendor: secret, nonce: Math.random() },
    said: { summary: `pay ${secret}` },
    ...change,
  });

beforeAll(async () => {
  plane = await testPeoplePlane();
  owner = await person(['process_owner']);
  const created = await createProcess(setup, { name: 'Payables', ownerId: owner.id });
  if (!created.ok) throw new Error(created.code);
  process = created.process.id;
  gateway = await Gateway.start(plane);
  web = new pg.Pool({ connectionString: plane.webUrl, max: 2 });
  superuser = new pg.Client({ connectionString: plane.superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  await Promise.all([gateway.stop(), web.end(), superuser.end()]);
  await plane.drop();
});

describe('whoever may decide sees all of what will run', () => {
  test('the owner reads the canonical arguments byte for byte, proven against digest and ledger', async () => {
    const asked = await ask();
    const card = ApprovalCard.parse(await readApproval(await user(owner), asked.id));
    expect(card).toMatchObject({
      state: 'waiting',
      mine: true,
      refusal: null,
      digest: asked.digest,
      arguments: { state: 'full', canonical: asked.canonical, agrees: true },
    });
    expect(card.sentence).toContain(secret);
    expect(card.routed).toMatchObject([{ id: owner.id, how: 'accountable', may: true }]);
  });

  test('arguments exchanged behind the digest are shown as not agreeing', async () => {
    const [asked, other] = [await ask(), await ask()];
    const seqOf = `(SELECT decision_seq FROM approvals WHERE id = $1)`;
    const { rows } = await superuser.query<{ salted: Buffer }>(`SELECT salted FROM ledger_arguments WHERE seq = ${seqOf}`, [other.id]);
    await superuser.query(`UPDATE ledger_arguments SET salted = $2 WHERE seq = ${seqOf}`, [asked.id, rows[0]?.salted]);
    const card = await readApproval(await user(owner), asked.id);
    expect(card?.arguments).toMatchObject({ state: 'full', agrees: false });
  });

  test('encrypted arguments moved here from another decision are not opened at all', async () => {
    const [asked, other] = [await ask(), await ask()];
    const seqOf = `(SELECT decision_seq FROM approvals WHERE id = $1)`;
    const { rows } = await superuser.query<{ sealed: Buffer }>(`SELECT sealed FROM ledger_arguments WHERE seq = ${seqOf}`, [other.id]);
    await superuser.query(`UPDATE ledger_arguments SET sealed = $2 WHERE seq = ${seqOf}`, [asked.id, rows[0]?.sealed]);
    const card = await readApproval(await user(owner), asked.id);
    expect(card?.arguments).toEqual({ state: 'unreadable' });
    expect(JSON.stringify(card)).not.toContain(secret);
  });

  test('erased arguments are said to be erased', async () => {
    const asked = await ask();
    await superuser.query('DELETE FROM ledger_arguments WHERE seq = (SELECT decision_seq FROM approvals WHERE id = $1)', [asked.id]);
    expect((await readApproval(await user(owner), asked.id))?.arguments).toEqual({ state: 'erased' });
  });
});

describe('whoever may not read arguments sees none of them, anywhere', () => {
  test.each([['engineer'], ['admin'], ['process_owner']] as const)(
    '%s (not the owner): not on the card, not in the list, not on the event',
    async (role) => {
      const asked = await ask();
      await project();
      const other = await user(await person([role]));
      const [card, list, event] = [
        await readApproval(other, asked.id),
        await listApprovals(other, { tab: 'waiting' }),
        await viewEvent(other, asked.decision),
      ];
      expect(card?.arguments.state).toBe('redacted');
      expect(event?.type === 'decision' ? event.arguments.state : null).toBe('redacted');
      for (const view of [card, list, event]) expect(JSON.stringify(view)).not.toContain(secret);
    },
  );

  test.each([['leader'], ['security'], ['auditor'], ['risk']] as const)('%s does read them', async (role) => {
    const asked = await ask();
    expect((await readApproval(await user(await person([role])), asked.id))?.arguments).toMatchObject({ state: 'full', agrees: true });
  });
});

describe('the list of requests', () => {
  test('puts first what is most pressing: time left, divided by the tier', async () => {
    const [later, soon] = [await ask({ slaSeconds: 7200 }), await ask({ slaSeconds: 600 })];
    const page = ApprovalPage.parse(await listApprovals(await user(owner), { tab: 'waiting' }));
    const ids = page.items.map(({ id }) => id);
    expect(ids.indexOf(soon.id)).toBeLessThan(ids.indexOf(later.id));
    expect(page.counts.waiting).toBe(page.items.length);
  });

  test('moves a request over once it is decided, with who decided', async () => {
    const asked = await ask();
    await approveRequest(owner.actor, asked.id, { digest: asked.digest });
    const [waiting, decided] = await Promise.all([
      listApprovals(await user(owner), { tab: 'waiting' }),
      listApprovals(await user(owner), { tab: 'decided' }),
    ]);
    expect(waiting.items.map(({ id }) => id)).not.toContain(asked.id);
    expect(decided.items.find(({ id }) => id === asked.id)).toMatchObject({ state: 'approved', decidedBy: { id: owner.id }, mine: false });
  });

  test('never offers a request whose deadline has passed, though no job came yet', async () => {
    const asked = await ask({ slaSeconds: 0 });
    const [waiting, decided] = await Promise.all([
      listApprovals(await user(owner), { tab: 'waiting' }),
      listApprovals(await user(owner), { tab: 'decided' }),
    ]);
    expect(waiting.items.map(({ id }) => id)).not.toContain(asked.id);
    expect(decided.items.find(({ id }) => id === asked.id)).toMatchObject({ state: 'expired', mine: false });
  });
});

describe('the ledger, page by page', () => {
  test('gives every row once, newest first, without a gap, however it is cut', async () => {
    await project();
    const seqs: number[] = [];
    let before: string | undefined;
    do {
      const page = await listEntries(EntryQuery.parse({ show: 'all', limit: 7, ...(before === undefined ? {} : { before }) }));
      seqs.push(...page.entries.map(({ seq }) => Number(seq)));
      before = page.next ?? undefined;
    } while (before !== undefined);
    const head = await readHead();
    expect(head.behind).toBe(0);
    expect(seqs).toEqual(Array.from({ length: Number(head.seq) }, (_, i) => Number(head.seq) - i));
  });

  test('says how far the list is behind the ledger instead of hiding it', async () => {
    await project();
    await ask();
    expect((await readHead()).behind).toBe(1);
    await project();
    expect((await readHead()).behind).toBe(0);
  });

  test('holds all filters together', async () => {
    const asked = await ask({ agent: 'agt_other' });
    await project();
    const found = await listEntries(
      EntryQuery.parse({ agent: 'agt_other', verdict: 'approval_required', tier: '3', action: 'payments.execute', approval: asked.id }),
    );
    expect(found.entries.map(({ eventId }) => eventId)).toEqual([asked.decision]);
    for (const wrong of [{ tier: '2' }, { verdict: 'allow' }, { action: 'payments.schedule' }, { workflow: 'wfl_none' }]) {
      expect((await listEntries(EntryQuery.parse({ agent: 'agt_other', ...wrong }))).entries).toEqual([]);
    }
  });

  test.each([
    ['a cursor that is no number', { before: '1; DROP TABLE ledger' }],
    ['a page without an end', { limit: '100000' }],
    ['a verdict nobody gives', { verdict: 'maybe' }],
    ['a tier that does not exist', { tier: '5' }],
    ['an agent that is no id', { agent: "' OR 1=1 --" }],
  ])('refuses %s', (_, query) => {
    expect(EntryQuery.safeParse(query).success).toBe(false);
  });
});

describe('one event', () => {
  test('is found by its id and by its row number, and shows that its hash is that of its bytes', async () => {
    const asked = await ask();
    await project();
    const byId = await viewEvent(await user(owner), asked.decision);
    expect(byId).toMatchObject({ type: 'decision', row: { intact: true, commitmentHolds: true, digest: asked.digest } });
    expect(await viewEvent(await user(owner), byId?.row.seq ?? '')).toEqual(byId);
  });

  test('has its page from its commit on, before the explorer has taken it in', async () => {
    await project();
    const [asked] = [await ask(), await ask()];
    expect((await readHead()).behind).toBe(2);
    expect(await viewEvent(await user(owner), asked.decision)).toMatchObject({ type: 'decision', row: { digest: asked.digest } });
  });

  test('is not found by an id that another row only mentions', async () => {
    const mentioned = newId('dec');
    await ask({ owner: `x","id":"${mentioned}` });
    await ask({ arguments: { id: mentioned } });
    expect(await viewEvent(await user(owner), mentioned)).toBeUndefined();
  });

  test('names the row before it', async () => {
    const head = await readHead();
    const [last, before] = [await viewEvent(await user(owner), head.seq), await viewEvent(await user(owner), String(Number(head.seq) - 1))];
    expect(last?.row.previous).toBe(before?.row.hash);
  });

  test.each(['dec_00000000000000000000000000', '999999999', '99999999999999999999999', '0', '-1', "1' OR '1'='1", 'apr_x', ''])(
    '%s is not found',
    async (ref) => {
      expect(await viewEvent(await user(owner), ref)).toBeUndefined();
    },
  );

  test('shows what a person wrote to those who read arguments, and to nobody else', async () => {
    const asked = await ask();
    await approveRequest(owner.actor, asked.id, { digest: asked.digest, reason: `fine for ${secret}` });
    await project();
    const { entries } = await listEntries(EntryQuery.parse({ show: 'all', approval: asked.id }));
    const seq = entries.find(({ kind }) => kind === 'approval.approved')?.seq ?? '';
    expect(await viewEvent(await user(await person(['auditor'])), seq)).toMatchObject({
      type: 'event',
      text: `fine for ${secret}`,
      row: { commitmentHolds: true },
    });
    const engineer = await viewEvent(await user(await person(['engineer'])), seq);
    expect(engineer).toMatchObject({ text: 'hidden' });
    expect(JSON.stringify(engineer)).not.toContain(secret);
  });
});
