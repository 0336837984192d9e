import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveShown, asked } from '@/lib/lifecycle/testdata/changes';
import { issueCredential, revokeCredential, rotateCredential } from '@/lib/identity/service';
import { changeTeam, createTeam } from '@/lib/people/service';
import { person, setup } from '@/lib/people/testdata/people';
import { publishPolicy } from '@/lib/policy/service';
import { baselinePolicies } from '@/lib/policy/shipped';
import { changeMatrix } from '@/lib/raci/service';
import { editRow, matrixOf, team, user } from '@/lib/raci/testdata/matrix';
import type { AgentFields } from '@/lib/registry/schema';
import {
  changeProcess,
  classifyActionType,
  createProcess,
  decommissionAgent,
  disableActionType,
  findProcess,
  grantPermissions,
  resumeAgent,
  revokePermissions,
  suspendAgent,
} from '@/lib/registry/service';
import {
  actionType,
  active,
  admin,
  agentOf,
  closeOffice,
  engineer,
  leader,
  openOffice,
  owner,
  risk,
  security,
} from '@/lib/registry/testdata/office';
import { Fate, look } from '../testdata/causes';
import { detectors, fixesOf } from '../domain';
import type { Fix } from '../schema';
import { findCredentialOf } from '../testdata/credentials';
import { settleFinding } from '.';

let fate: Fate;
beforeAll(async () => {
  fate = await Fate.begin(await openOffice());
});
afterAll(async () => {
  await fate.end();
  await closeOffice();
});

const done = (outcome: { ok: boolean }): void => expect(outcome).toMatchObject({ ok: true });
/** An account that is gone, without anything that a deactivation sets right. */
async function gone(): Promise<string> {
  const { id } = await person(['process_owner']);
  await fate.sql("UPDATE users SET status = 'deactivated', deactivated_at = now() WHERE id = $1", [id]);
  return id;
}
let made = 0;
const newProcess = async (ownerId: string): Promise<string> => {
  const created = await createProcess(setup, { name: `Process ${++made}`, ownerId });
  if (!created.ok) throw new Error(created.code);
  return created.process.id;
};
const settle = async (detector: string, key: string): Promise<void> => {
  const finding = await look(detector, key);
  done(await settleFinding(security.actor, finding?.id ?? '', { reason: 'It was a test of ours.' }));
};

/** A cause in an office, what removes it, and how it comes back. */
type Cause = { key: string; happen: () => Promise<void>; fix: () => Promise<void>; again?: () => Promise<void> };

/** What an agent is changes when an engineer asks for it and the owner of its process approves. */
async function changed(agent: string, fields: Partial<AgentFields>): Promise<void> {
  done(await approveShown(owner.actor, await asked(engineer.actor, agent, fields)));
}

/** Somebody stands in one part of an agent and is gone. */
async function leaves(column: string, field: 'ownerId' | 'sponsorId' | 'technicalOwnerId'): Promise<Cause> {
  const [key, left] = [await active(), await gone()];
  return {
    key,
    happen: () => fate.sql(`UPDATE agents SET ${column} = $2 WHERE id = $1`, [key, left]),
    fix: () => changed(key, { [field]: leader.id }),
  };
}

/** A day in an agent's record passes; another is set. */
async function passes(column: string, field: 'endsOn' | 'nextReviewOn'): Promise<Cause> {
  const key = await active();
  return {
    key,
    happen: () => fate.sql(`UPDATE agents SET ${column} = current_date - 1 WHERE id = $1`, [key]),
    fix: () => changed(key, { [field]: '2999-01-31' }),
  };
}

/** An agent that may act says nothing; suspended, it may not. */
async function quiet(key: string, happen: () => Promise<void>): Promise<Cause> {
  return {
    key,
    happen,
    fix: async () => done(await suspendAgent(leader.actor, key)),
    again: async () => done(await resumeAgent(leader.actor, key)),
  };
}

const causes: Record<string, () => Promise<Cause>> = {
  owner_left: () => leaves('owner_id', 'ownerId'),
  sponsor_left: () => leaves('sponsor_id', 'sponsorId'),
  technical_owner_left: () => leaves('technical_owner_id', 'technicalOwnerId'),
  sponsor_missing: async () => {
    const key = await active();
    return {
      key,
      happen: () => fate.sql('UPDATE agents SET sponsor_id = NULL WHERE id = $1', [key]),
      fix: () => changed(key, { sponsorId: leader.id }),
    };
  },
  process_owner_left: async () => {
    const [key, left] = [await newProcess(owner.id), await gone()];
    return {
      key,
      happen: () => fate.sql('UPDATE processes SET owner_id = $2 WHERE id = $1', [key, left]),
      fix: async () => {
        const { id: _, ...shown } = (await findProcess(key)) ?? { id: '', name: '', description: '', ownerId: '' };
        done(await changeProcess(admin.actor, key, { ...shown, ownerId: owner.id, shown }));
      },
    };
  },
  team_empty: async () => {
    const process = await newProcess(owner.id);
    const created = await createTeam(setup, { name: `Crew ${++made}`, memberIds: [leader.id] });
    if (!created.ok) throw new Error(created.code);
    const { id: key, name } = created.team;
    done(await editRow(process, 'logging_audit', { responsible: [team(key)] }));
    return {
      key,
      happen: () => fate.sql('DELETE FROM team_members WHERE team_id = $1', [key]),
      fix: async () => done(await changeTeam(setup, key, { name, memberIds: [leader.id] })),
    };
  },
  end_date_past: () => passes('ends_on', 'endsOn'),
  review_overdue: () => passes('next_review_on', 'nextReviewOn'),
  never_seen: async () => {
    const key = await active();
    return quiet(key, () => fate.sql("UPDATE agents SET activated_at = now() - interval '8 days' WHERE id = $1", [key]));
  },
  silent: async () => {
    const key = await active();
    return quiet(key, async () => {
      await fate.decided(key, 'invoices.read', 31);
    });
  },
  outcome_missing: async () => {
    const key = await active();
    let decision = '';
    return {
      key,
      happen: async () => {
        decision = await fate.decided(key, 'invoices.read', 1);
      },
      // What a gateway's commit writes for a report; lib/findings/service/gateway.db.test.ts reports through one.
      fix: () =>
        fate.sql(
          "INSERT INTO outcomes (decision_id, agent_id, digest, status, reported_as, event_id, reported_at) VALUES ($1, $2, '', 'succeeded', 'succeeded', 'evt_x', now())",
          [decision, key],
        ),
    };
  },
  credential_expired: async () => {
    const key = await active();
    return {
      key,
      happen: () => fate.sql("UPDATE credentials SET expires_at = now() - interval '1 hour' WHERE agent_id = $1", [key]),
      fix: async () => done(await issueCredential(engineer.actor, key)),
    };
  },
  credential_unrotated: async () => {
    const agent = await active();
    const key = await findCredentialOf(agent);
    return {
      key,
      happen: () => fate.sql("UPDATE credentials SET created_at = now() - interval '91 days' WHERE id = $1", [key]),
      fix: async () => done(await rotateCredential(engineer.actor, key)),
      // The new one is given up, and the old one is made to last.
      again: async () => {
        await fate.sql('UPDATE credentials SET revoked_at = now() WHERE agent_id = $1 AND id <> $2', [agent, key]);
        await fate.sql("UPDATE credentials SET expires_at = now() + interval '30 days' WHERE id = $1", [key]);
      },
    };
  },
  credential_shared: async () => {
    const key = await findCredentialOf(await active());
    return {
      key,
      happen: () => fate.observe('credential.workload', key, ['one', 'two']),
      fix: async () => done(await revokeCredential(engineer.actor, key)),
      again: () => fate.sql('UPDATE credentials SET revoked_at = NULL WHERE id = $1', [key]),
    };
  },
  over_privileged: async () => {
    const key = await active({ permissions: ['invoices.read', 'invoices.list'] });
    const age = async (): Promise<void> => {
      await fate.sql("UPDATE agents SET activated_at = now() - interval '40 days' WHERE id = $1", [key]);
      await fate.sql("UPDATE agent_permissions SET granted_at = now() - interval '40 days' WHERE agent_id = $1", [key]);
    };
    await fate.decided(key, 'invoices.read', 2);
    return {
      key,
      happen: age,
      fix: async () => done(await revokePermissions(owner.actor, key, ['invoices.list'])),
      again: async () => {
        done(await grantPermissions(setup, key, ['invoices.list']));
        await age();
      },
    };
  },
  unclassified_in_use: async () => {
    const name = 'letters.send';
    done(await classifyActionType(setup, actionType(name)));
    const key = await active({ permissions: [name] });
    return {
      key,
      happen: async () => done(await disableActionType(risk.actor, name)),
      fix: async () => done(await classifyActionType(risk.actor, actionType(name))),
    };
  },
  unknown_client: async () => ({
    key: 'ghost',
    happen: () => fate.observe('client.unknown', 'ghost', ['somewhere']),
    fix: () => settle('unknown_client', 'ghost'),
  }),
  receiptless_call: async () => ({
    key: 'sys_erp',
    happen: () => fate.observe('tool.unreceipted', 'sys_erp', ['invoices.pay unknown']),
    fix: () => settle('receiptless_call', 'sys_erp'),
  }),
  model_changed: async () => {
    const key = await active({ record: { model: { vendor: 'Acme', name: 'atlas-4' } } });
    return {
      key,
      happen: () => fate.observe('agent.model', key, ['acme/atlas-5']),
      fix: async () => {
        const { record } = await agentOf(key);
        const model = { vendor: 'Acme', name: 'atlas-5', version: '' };
        await changed(key, { record: { ...record, model } });
      },
      again: () => fate.observe('agent.model', key, ['acme/atlas-6']),
    };
  },
  raci_gap: async () => {
    const key = await newProcess(owner.id);
    return {
      key,
      happen: () => fate.sql("DELETE FROM raci_cells WHERE process_id = $1 AND role = 'responsible'", [key]),
      fix: async () => {
        const { rows: shown } = await matrixOf(key);
        const rows = shown.map((row) => ({ ...row, responsible: [user(leader.id)] }));
        done(await changeMatrix(setup, key, { agentId: null, shown, rows }));
      },
    };
  },
  policy_review_due: async () => {
    const [policy] = baselinePolicies();
    if (!policy) throw new Error('no policy is shipped');
    return {
      key: policy.id,
      happen: () => fate.sql("UPDATE policies SET published_at = now() - interval '366 days' WHERE id = $1", [policy.id]),
      fix: async () => done(await publishPolicy(setup, { ...policy, version: policy.version + 1 })),
    };
  },
};

/** Halts come from a gateway: lib/findings/service/gateway.db.test.ts. */
const ofGateway = ['out_of_scope'];

describe('a finding', () => {
  test.each(Object.entries(causes))(
    'of %s closes when its fix was made, and is the same one when its cause returns',
    async (detector, of) => {
      const { key, happen, fix, again = happen } = await of();
      if (detector !== 'raci_gap') expect((await look(detector, key))?.status ?? 'none', 'before').toBe('none');
      await happen();
      const opened = await look(detector, key);
      expect(opened).toMatchObject({ status: 'open', timesOpened: 1 });
      expect(await look(detector, key), 'still there').toMatchObject({ id: opened?.id, status: 'open', timesOpened: 1 });
      await fix();
      expect(await look(detector, key), 'after its fix').toMatchObject({ id: opened?.id, status: 'closed' });
      await again();
      expect(await look(detector, key), 'back').toMatchObject({ id: opened?.id, status: 'open', timesOpened: 2, closedAt: null });
    },
  );

  test('has a cause and a fix here for every detector', () => {
    expect([...Object.keys(causes), ...ofGateway].sort()).toEqual(detectors.map(({ id }) => id).sort());
  });
});

type Doing = Exclude<Fix['kind'], 'link' | 'settle'>;
const does: { [Kind in Doing]: (fix: Extract<Fix, { kind: Kind }>) => Promise<{ ok: boolean }> } = {
  suspend: ({ agent }) => suspendAgent(leader.actor, agent),
  decommission: ({ agent }) => decommissionAgent(leader.actor, agent, 'It is not needed.'),
  revoke_credential: ({ credential }) => revokeCredential(security.actor, credential),
  revoke_permissions: ({ agent, actions }) => revokePermissions(owner.actor, agent, actions),
};
const doIt = <Kind extends Doing>(kind: Kind, fix: Extract<Fix, { kind: Kind }>): Promise<{ ok: boolean }> => does[kind](fix);
const isDoing = (fix: Fix): fix is Extract<Fix, { kind: Doing }> => fix.kind in does;

/** What becomes of a finding when what it offers was done: a suspension stops an agent, and leaves some causes for a person. */
const becomes: [detector: string, Doing, 'closed' | 'open'][] = [
  ['owner_left', 'suspend', 'open'],
  ['owner_left', 'decommission', 'closed'],
  ['end_date_past', 'suspend', 'open'],
  ['end_date_past', 'decommission', 'closed'],
  ['never_seen', 'suspend', 'closed'],
  ['never_seen', 'decommission', 'closed'],
  ['silent', 'suspend', 'closed'],
  ['silent', 'decommission', 'closed'],
  ['outcome_missing', 'suspend', 'open'],
  ['credential_expired', 'suspend', 'closed'],
  ['credential_unrotated', 'revoke_credential', 'closed'],
  ['credential_shared', 'suspend', 'open'],
  ['credential_shared', 'revoke_credential', 'closed'],
  ['over_privileged', 'revoke_permissions', 'closed'],
  ['unclassified_in_use', 'revoke_permissions', 'closed'],
  ['model_changed', 'suspend', 'closed'],
];

describe('what a finding offers', () => {
  const offered: string[] = [];

  test.each(Object.entries(causes))('of %s, done from where it stands, does what it says', async (detector, of) => {
    for (const [, kind, status] of [...becomes.filter(([id]) => id === detector), [detector, null, null] as const]) {
      const { key, happen } = await of();
      await happen();
      const finding = await look(detector, key);
      const fixes = fixesOf(detector, finding?.facts ?? {}).filter(isDoing);
      if (kind === null) offered.push(...fixes.map((fix) => `${detector} ${fix.kind}`));
      const fix = fixes.find((one) => one.kind === kind);
      if (!fix) continue;
      done(await doIt(fix.kind, fix));
      expect((await look(detector, key))?.status, `after ${fix.kind}`).toBe(status);
    }
  });

  test('is tried, all of it', () => {
    expect(offered.sort()).toEqual(becomes.map(([detector, kind]) => `${detector} ${kind}`).sort());
  });
});
