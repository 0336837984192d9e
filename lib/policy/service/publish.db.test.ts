import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsAbout, setup } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { Policy } from '../schema';
import { findPolicyVersion, findRates, listActivePolicies, publishPolicy, publishRates, retirePolicy } from './index';

let plane: PeoplePlane;
beforeAll(async () => {
  plane = await testPeoplePlane();
});
afterAll(() => plane.drop());

const policy = (id: string, version: number, from: string): Policy => ({
  id,
  name: 'Money',
  version,
  kind: 'default',
  selector: { level: 'organisation', actions: ['*'] },
  ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: from } }],
});

describe('publishing a policy', () => {
  it('puts it in force and retires the version before, each kept as it was', async () => {
    const id = 'pol_money';
    expect(await publishPolicy(setup, policy(id, 1, '500'))).toMatchObject({ ok: true, replaces: undefined });
    expect(await publishPolicy(setup, policy(id, 3, '400'))).toMatchObject({ ok: true, replaces: 1 });
    expect((await listActivePolicies()).filter((active) => active.id === id)).toEqual([policy(id, 3, '400')]);
    expect(await findPolicyVersion(id, 1)).toEqual(policy(id, 1, '500'));
    expect((await eventsAbout(id)).map(({ kind, data }) => [kind, data['version'], data['replaces']])).toEqual([
      ['policy.published', 1, undefined],
      ['policy.published', 3, 1],
    ]);
  });

  it('is refused for a version that was used or passed', async () => {
    const id = 'pol_twice';
    await publishPolicy(setup, policy(id, 2, '500'));
    expect(await publishPolicy(setup, policy(id, 2, '900000'))).toEqual({ ok: false, code: 'VERSION_NOT_NEXT', latest: 2 });
    expect(await publishPolicy(setup, policy(id, 1, '900000'))).toEqual({ ok: false, code: 'VERSION_NOT_NEXT', latest: 2 });
    expect(await findPolicyVersion(id, 2)).toEqual(policy(id, 2, '500'));
  });

  it('leaves one version in force when several are published at once', async () => {
    const id = 'pol_race';
    const outcomes = await Promise.all([1, 1, 1, 1].map((version) => publishPolicy(setup, policy(id, version, '500'))));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await prisma().policy.count({ where: { id, status: 'active' } })).toBe(1);
    expect(await eventsAbout(id)).toHaveLength(1);
  });

  it('throws for what is no policy, and nothing is written', async () => {
    const broken = { ...policy('pol_broken', 1, '500'), ladders: [{ dimension: 'money', currency: 'USD', tiers: {} }] };
    expect(() => publishPolicy(setup, broken as Policy)).toThrow();
    expect(await prisma().policy.count({ where: { id: 'pol_broken' } })).toBe(0);
  });

  it('is undone by retiring it, once', async () => {
    const id = 'pol_retired';
    await publishPolicy(setup, policy(id, 1, '500'));
    expect(await retirePolicy(setup, id)).toEqual({ ok: true, version: 1 });
    expect(await retirePolicy(setup, id)).toEqual({ ok: false, code: 'NOT_ACTIVE' });
    expect((await listActivePolicies()).map((active) => active.id)).not.toContain(id);
    expect(await publishPolicy(setup, policy(id, 1, '500'))).toMatchObject({ ok: false, code: 'VERSION_NOT_NEXT' });
  });
});

describe('publishing rates', () => {
  it('puts the latest date in force, whatever order they come in', async () => {
    await publishRates(setup, { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092' } });
    await publishRates(setup, { base: 'USD', asOf: '2026-10-01', rates: { EUR: '1.05' } });
    expect(await findRates()).toEqual({ base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092' } });
    await publishRates(setup, { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.093' } });
    expect(await findRates()).toMatchObject({ rates: { EUR: '1.093' } });
    expect(await eventsAbout('rates')).toHaveLength(3);
  });

  it('throws for a rate that is no number above zero', () => {
    for (const EUR of ['0', '-1', 'x', '1e3', '']) {
      expect(() => publishRates(setup, { base: 'USD', asOf: '2026-11-02', rates: { EUR } }), EUR).toThrow();
    }
  });
});
