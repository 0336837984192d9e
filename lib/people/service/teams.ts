import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { prisma } from '@/lib/platform/db/prisma';
import { NewTeam, TeamRecord, type Actor, type Refused, type Team } from '../schema';
import * as store from '../store';
import { actAs } from './transactions';

type TeamRefusal = 'NOT_ALLOWED' | 'NAME_TAKEN' | 'MEMBER_UNKNOWN';
export type NewTeamOutcome = { ok: true; team: Team } | Refused<TeamRefusal>;
export type TeamChangeOutcome = { ok: true; team: Team } | Refused<TeamRefusal | 'NOT_FOUND'>;

/** createTeam makes a team of active people; throws when `input` is not a NewTeam. */
export function createTeam(actor: Actor, input: NewTeam): Promise<NewTeamOutcome> {
  const { id = newId('tea'), name, memberIds } = NewTeam.parse(input);
  const members = [...new Set(memberIds)].sort();
  return actAs(actor, 'people:manage', async (tx): Promise<NewTeamOutcome> => {
    if ((await store.countActive(tx, members)) !== members.length) return { ok: false, code: 'MEMBER_UNKNOWN' };
    if (!(await store.insertTeam(tx, { id, name }))) return { ok: false, code: 'NAME_TAKEN' };
    await store.addMembers(tx, id, members);
    await appendEvent(tx, { kind: 'team.created', actor, subject: { type: 'team', id }, data: { members } });
    const team = await store.findTeam(tx, id);
    return team ? { ok: true, team } : { ok: false, code: 'NAME_TAKEN' };
  });
}

/**
 * changeTeam gives a team the name and the members of `input`. Who joins is active; who was deactivated may stay listed or be taken out. Nothing
 * is written when nothing changes. Throws when `input` is not a TeamRecord.
 */
export function changeTeam(actor: Actor, teamId: string, input: TeamRecord): Promise<TeamChangeOutcome> {
  const { name, memberIds } = TeamRecord.parse(input);
  return actAs(actor, 'people:manage', async (tx): Promise<TeamChangeOutcome> => {
    const before = (await store.lockTeam(tx, teamId)) ? await store.findTeam(tx, teamId) : undefined;
    if (!before) return { ok: false, code: 'NOT_FOUND' };
    const [had, has] = [new Set(before.members.map(({ id }) => id)), new Set(memberIds)];
    const added = [...has].filter((id) => !had.has(id)).sort();
    const removed = [...had].filter((id) => !has.has(id)).sort();
    const renamed = name !== before.name;
    if ((await store.countActive(tx, added)) !== added.length) return { ok: false, code: 'MEMBER_UNKNOWN' };
    if (renamed && !(await store.renameTeamRow(tx, teamId, name))) return { ok: false, code: 'NAME_TAKEN' };
    await store.addMembers(tx, teamId, added);
    await store.removeMembers(tx, teamId, removed);
    if (renamed || added.length > 0 || removed.length > 0)
      await appendEvent(tx, { kind: 'team.changed', actor, subject: { type: 'team', id: teamId }, data: { renamed, added, removed } });
    return { ok: true, team: (await store.findTeam(tx, teamId)) ?? before };
  });
}

/** listTeams answers every team with its members, by name. */
export const listTeams = (): Promise<Team[]> => store.listTeams(prisma());
