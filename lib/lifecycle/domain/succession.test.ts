import { describe, expect, test } from 'vitest';
import type { Role } from '@/lib/people/schema';
import { graceDaysDefault, graceDaysMax } from '../schema/succession';
import { graceDaysOf, heirOf, successionSentence, whyNotHold, type Account, type Heir, type Thing } from './succession';

const account = (name: string, change: Partial<Account> = {}): Account => ({
  id: `usr_${name}`,
  personId: `per_${name}`,
  roles: ['leader'],
  active: true,
  ...change,
});
const gone = { active: false } as const;
const role = (...roles: Role[]) => ({ roles });
/** Gus leaves; his manager is Mia, the process belongs to Ana, Ben and Cem are successors in this order. */
const everybody = [account('gus', gone), account('mia'), account('ana', role('process_owner')), account('ben'), account('cem')];
const leaving = { id: 'usr_gus', personId: 'per_gus', managerId: 'usr_mia' };

type AgentThing = Extract<Thing, { type: 'agent' }>;
const agent = (change: Partial<AgentThing> = {}): Thing => ({
  type: 'agent',
  part: 'owner',
  editors: [],
  successorIds: ['usr_ben', 'usr_cem'],
  ownerId: 'usr_ana',
  ...change,
});
const process = (accountableIds: string[], editors: string[] = []): Thing => ({
  type: 'process',
  part: 'owner',
  editors,
  accountableIds,
});
const stagesOf = (ownerId: string, editors: string[] = []): Thing => ({ type: 'process', part: 'accountable', editors, ownerId });

function heir(thing: Thing, changes: readonly Account[] = [], managerId: string | null = 'usr_mia'): Heir | undefined {
  const accounts = new Map([...everybody, ...changes].map((one) => [one.id, one]));
  return heirOf(thing, { leaving: { ...leaving, managerId }, accounts });
}

describe('who inherits', () => {
  const owner = role('process_owner');
  test.each<[string, Heir | undefined, Heir | undefined]>([
    ['an agent: the first successor', heir(agent()), { to: 'usr_ben', how: 'successor' }],
    ['an agent: the second when the first left', heir(agent(), [account('ben', gone)]), { to: 'usr_cem', how: 'successor' }],
    ['an agent: never a successor who wrote its record', heir(agent({ editors: ['per_ben'] })), { to: 'usr_cem', how: 'successor' }],
    [
      'an agent: never a successor who wrote it under another account',
      heir(agent({ successorIds: ['usr_ben2'], editors: ['per_ben'] }), [account('ben2', { personId: 'per_ben' })]),
      { to: 'usr_mia', how: 'manager' },
    ],
    ['an agent: nobody twice, and never who leaves', heir(agent({ successorIds: ['usr_gus'] })), { to: 'usr_mia', how: 'manager' }],
    ['an agent: never a successor who has no account', heir(agent({ successorIds: ['usr_nobody'] })), { to: 'usr_mia', how: 'manager' }],
    ['an agent without successors: the manager', heir(agent({ successorIds: [] })), { to: 'usr_mia', how: 'manager' }],
    [
      'an agent whose manager left too: the owner of its process',
      heir(agent({ successorIds: [] }), [account('mia', gone)]),
      { to: 'usr_ana', how: 'process_owner' },
    ],
    [
      'an agent without a manager: the owner of its process',
      heir(agent({ successorIds: [] }), [], null),
      { to: 'usr_ana', how: 'process_owner' },
    ],
    ['an agent: not the owner of its process who built it', heir(agent({ successorIds: [], editors: ['per_ana'] }), [], null), undefined],
    ['an agent: not the owner of its process who left', heir(agent({ successorIds: [] }), [account('ana', gone)], null), undefined],
    ['an agent whose process belongs to who leaves: nobody', heir(agent({ successorIds: [], ownerId: 'usr_gus' }), [], null), undefined],
    [
      'an agent: another account of the same human before anybody else',
      heir(agent(), [account('gus2', { personId: 'per_gus' })]),
      { to: 'usr_gus2', how: 'same_person' },
    ],
    [
      'an agent: not another account of the same human that was deactivated',
      heir(agent(), [account('gus2', { personId: 'per_gus', ...gone })]),
      { to: 'usr_ben', how: 'successor' },
    ],
    [
      'a sponsor’s part: the first successor, also who built it',
      heir(agent({ part: 'sponsor', editors: ['per_ben'] })),
      { to: 'usr_ben', how: 'successor' },
    ],
    ['a sponsor’s part: not the owner of the process', heir(agent({ part: 'sponsor', successorIds: [] }), [], null), undefined],
    [
      'a technical owner’s part: a successor who is an engineer and built it',
      heir(agent({ part: 'technical_owner', editors: ['per_ben'] }), [account('ben', role('engineer'))]),
      { to: 'usr_ben', how: 'successor' },
    ],
    [
      'a technical owner’s part: nobody when all left',
      heir(
        agent({ part: 'technical_owner' }),
        everybody.map((one) => ({ ...one, ...gone })),
      ),
      undefined,
    ],
    ['a process: the manager who leads', heir(process([])), { to: 'usr_mia', how: 'manager' }],
    ['a process: the manager who owns processes', heir(process([]), [account('mia', owner)]), { to: 'usr_mia', how: 'manager' }],
    [
      'a process: not a manager who may own none, but an Accountable',
      heir(process(['usr_gus', 'usr_cem', 'usr_ana']), [account('mia', role('engineer')), account('cem', role('risk'))]),
      { to: 'usr_ana', how: 'accountable' },
    ],
    ['a process: not a manager who built in it', heir(process(['usr_ana'], ['per_mia'])), { to: 'usr_ana', how: 'accountable' }],
    ['a process: not an Accountable who left', heir(process(['usr_ana']), [account('ana', gone)], null), undefined],
    ['a process in which nobody else is Accountable and nobody manages: nobody', heir(process(['usr_gus']), [], null), undefined],
    [
      'stages of another’s process: its owner, not the manager of who left',
      heir(stagesOf('usr_ana')),
      { to: 'usr_ana', how: 'process_owner' },
    ],
    ['stages of another’s process: not its owner who built in it', heir(stagesOf('usr_ana', ['per_ana'])), undefined],
    ['stages of another’s process: not its owner who left', heir(stagesOf('usr_ana'), [account('ana', gone)]), undefined],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected));
});

describe('who may hold what a person gives them', () => {
  const owned = (editors: string[] = []) => ({ type: 'process', part: 'owner', editors }) as const;
  test.each<[string, string | undefined, string | undefined]>([
    ['an active person may own an agent', whyNotHold(agent(), account('ben')), undefined],
    ['nobody may who has no account', whyNotHold(agent(), undefined), 'NOT_ACTIVE'],
    ['nobody may who left', whyNotHold(agent(), account('ben', gone)), 'NOT_ACTIVE'],
    ['nobody owns what they wrote', whyNotHold(agent({ editors: ['per_ben'] }), account('ben')), 'IS_BUILDER'],
    ['who wrote it may sponsor it', whyNotHold(agent({ part: 'sponsor', editors: ['per_ben'] }), account('ben')), undefined],
    ['a process owner may own a process', whyNotHold(owned(), account('ana', role('process_owner'))), undefined],
    ['a leader may not be named owner of a process', whyNotHold(owned(), account('mia')), 'NOT_PROCESS_OWNER'],
    ['nobody owns a process they built in', whyNotHold(owned(['per_ana']), account('ana', role('process_owner'))), 'IS_BUILDER'],
  ])('%s', (_, found, expected) => expect(found).toBe(expected));
});

test.each<[unknown, number]>([
  [undefined, graceDaysDefault],
  [null, graceDaysDefault],
  ['3', graceDaysDefault],
  [2.5, graceDaysDefault],
  [-1, graceDaysDefault],
  [graceDaysMax + 1, graceDaysDefault],
  [0, 0],
  [14, 14],
])('a grace set to %j is %d days', (setting, days) => expect(graceDaysOf(setting)).toBe(days));

describe('a succession as a sentence', () => {
  const told = {
    type: 'agent',
    part: 'owner',
    subject: { id: 'agt_x', name: 'Invoice agent' },
    from: { id: 'usr_gus', name: 'Gus', active: false },
  } as const;
  const to = { id: 'usr_ben', name: 'Ben', active: true };
  test.each<[string, string]>([
    [successionSentence({ ...told, to, how: 'successor' }), 'Ben is owner of Invoice agent since Gus left: named as successor.'],
    [
      successionSentence({ ...told, part: 'technical_owner', to: null, how: 'orphaned' }),
      'Invoice agent has no technical owner since Gus left.',
    ],
    [successionSentence({ ...told, to, how: 'reassigned' }), 'Ben is owner of Invoice agent, given by a person who took it from Gus.'],
  ])('says %s', (said, expected) => expect(said).toBe(expected));
});
