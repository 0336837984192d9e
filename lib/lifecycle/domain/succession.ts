import type { Role } from '@/lib/people/schema';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import { graceDaysDefault, graceDaysMax, type Part, type SuccessionItem, type SuccessionWay } from '../schema/succession';

/** Account is somebody as far as it matters to who may hold a thing. */
export type Account = { id: string; personId: string; roles: readonly Role[]; active: boolean };

/**
 * Thing is one part of an agent or a process that somebody holds. `editors` are the persons who built the agent, or an agent of the process. `successorIds` and `accountableIds` are in their order; `ownerId` is who owns the process (for an agent: its process).
 */
export type Thing =
  | {
      type: 'agent';
      part: Exclude<Part, 'accountable'>;
      editors: readonly string[];
      successorIds: readonly string[];
      ownerId: string;
    }
  | { type: 'process'; part: 'owner'; editors: readonly string[]; accountableIds: readonly string[] }
  | { type: 'process'; part: 'accountable'; editors: readonly string[]; ownerId: string };

/** Leaving is the account that goes. */
export type Leaving = { id: string; personId: string; managerId: string | null };
/** Everybody who could be asked, and who goes. Other accounts of the same human are in `accounts` too. */
export type Household = { leaving: Leaving; accounts: ReadonlyMap<string, Account> };

export type Heir = { to: string; how: Exclude<SuccessionWay, 'orphaned' | 'reassigned'> };

export type HolderRefusal = 'NOT_ACTIVE' | 'IS_BUILDER' | 'NOT_PROCESS_OWNER';

/** Who may own a process when a person names them, as in the form of the process; who may inherit one: leaders too, since nobody was asked. */
export const ownerRoles = ['process_owner'] as const satisfies Role[];
export const heirRoles = ['process_owner', 'leader'] as const satisfies Role[];

/**
 * whyNotHold says why somebody may not hold a part: nobody who left; nobody answers for what they built, under any of their accounts; a process is
 * owned by one of these roles. Who sponsors or runs an agent may have built it, as in the form of its record.
 */
export function whyNotHold(
  thing: Pick<Thing, 'type' | 'part' | 'editors'>,
  person: Account | undefined,
  processRoles: readonly Role[] = ownerRoles,
): HolderRefusal | undefined {
  if (!person?.active) return 'NOT_ACTIVE';
  const answers = thing.part === 'owner' || thing.part === 'accountable';
  if (answers && hasBuilt(person, thing)) return 'IS_BUILDER';
  const owns = thing.type === 'process' && thing.part === 'owner';
  if (owns && !person.roles.some((role) => processRoles.includes(role))) return 'NOT_PROCESS_OWNER';
  return undefined;
}

/**
 * heirOf answers who takes a part when its holder leaves; undefined: nobody can be found. In order: another account of the same human, which is no
 * departure; an agent's first successor who may; the manager; for an agent's owner the owner of its process; for a process an Accountable of one of
 * its stages; for stages of another's process its owner. Never the account that leaves.
 */
export function heirOf(thing: Thing, { leaving, accounts }: Household): Heir | undefined {
  const own = [...accounts.values()].filter(({ personId }) => personId === leaving.personId).map(({ id }) => id);
  const candidates: Heir[] = [
    ...own.sort().map((to): Heir => ({ to, how: 'same_person' })),
    ...named(thing),
    ...(leaving.managerId === null || isStage(thing) ? [] : [{ to: leaving.managerId, how: 'manager' } as const]),
    ...last(thing),
  ];
  return candidates.find(({ to }) => to !== leaving.id && whyNotHold(thing, accounts.get(to), heirRoles) === undefined);
}

// Stages of another's process are that person's to give: no manager of who left comes in between.
const isStage = ({ type, part }: Thing): boolean => type === 'process' && part === 'accountable';
const named = (thing: Thing): Heir[] => (thing.type === 'agent' ? thing.successorIds.map((to): Heir => ({ to, how: 'successor' })) : []);

function last(thing: Thing): Heir[] {
  if (thing.type === 'agent') return thing.part === 'owner' ? [{ to: thing.ownerId, how: 'process_owner' }] : [];
  if (thing.part === 'owner') return thing.accountableIds.map((to): Heir => ({ to, how: 'accountable' }));
  return [{ to: thing.ownerId, how: 'process_owner' }];
}

/** graceDaysOf reads the organisation's grace in whole days, 0 to graceDaysMax; anything else is the default. */
export function graceDaysOf(setting: unknown): number {
  const days = typeof setting === 'number' && Number.isInteger(setting) ? setting : graceDaysDefault;
  return days >= 0 && days <= graceDaysMax ? days : graceDaysDefault;
}

export const partWords: Record<Part, string> = {
  owner: 'owner',
  sponsor: 'sponsor',
  technical_owner: 'technical owner',
  accountable: 'Accountable',
};

/** Why an heir is the one, after their name. */
export const wayWords: Record<SuccessionWay, string> = {
  same_person: 'another account of the same person',
  successor: 'named as successor',
  manager: 'their manager',
  process_owner: 'owner of the process',
  accountable: 'Accountable in its matrix',
  reassigned: 'named by a person',
  orphaned: 'nobody',
};

type Told = Pick<SuccessionItem, 'type' | 'part' | 'how' | 'subject' | 'from' | 'to'>;

/** A process and an agent may share a name. */
const nameOf = ({ type, subject }: Pick<Told, 'type' | 'subject'>): string =>
  type === 'process' ? `process ${subject.name}` : subject.name;

/** successionSentence tells one succession: who holds what now, since whom and why. */
export function successionSentence({ type, part, how, subject, from, to }: Told): string {
  const named = nameOf({ type, subject });
  const what = part === 'accountable' ? `Accountable in ${subject.name}` : `${partWords[part]} of ${named}`;
  if (to === null) return `${type === 'process' ? 'Process ' : ''}${subject.name} has no ${partWords[part]} since ${from.name} left.`;
  if (how === 'reassigned') return `${to.name} is ${what}, given by a person who took it from ${from.name}.`;
  return `${to.name} is ${what} since ${from.name} left: ${wayWords[how]}.`;
}
