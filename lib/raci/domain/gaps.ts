import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import { stageTexts, type Facts, type Gap, type GapCode, type Holder, type RaciRole, type Row } from '../schema';
import { holdersIn } from './matrix';
import { agentsMeant, expand, signsFor } from './rules';

const others = ['responsible', 'consulted', 'informed'] as const;

/**
 * gapsOf lists what is missing in a matrix, or in one agent's exceptions: an Accountable who left or built what they answer for, a stage whose work
 * is nobody's, holders who left, teams without an active member, an Escalation row in which nobody may sign. Pure: the same for page and finding.
 */
export function gapsOf(agentId: string | null, rows: readonly Row[], facts: Facts): Gap[] {
  return rows.flatMap((row) => {
    const gap = (code: GapCode, role: RaciRole, text: string, fix: string): Gap => ({ code, stage: row.stage, role, agentId, text, fix });
    return [
      ...accountableGaps(agentId, row, facts, gap),
      ...(row.responsible.length === 0
        ? [gap('NO_RESPONSIBLE', 'responsible', 'Nobody does this work.', 'Name a person or a team as Responsible.')]
        : []),
      ...others.flatMap((role) => row[role].flatMap((holder) => holderGaps(role, holder, facts, gap))),
      ...signingGaps(agentId, row, facts, gap),
    ];
  });
}

type NewGap = (code: GapCode, role: RaciRole, text: string, fix: string) => Gap;

function accountableGaps(agentId: string | null, row: Row, facts: Facts, gap: NewGap): Gap[] {
  const person = facts.people.find(({ id }) => id === row.accountable);
  if (!person?.active) {
    const text = `${person?.name ?? 'Whoever was named'} is no longer here.`;
    return [gap('ACCOUNTABLE_GONE', 'accountable', text, 'Name another person as Accountable.')];
  }
  const built = agentsMeant(facts, agentId).find((agent) => hasBuilt(person, agent));
  if (!built) return [];
  return [gap('ACCOUNTABLE_BUILT_IT', 'accountable', `${person.name} built ${built.name}.`, 'Name somebody who built none of its agents.')];
}

function holderGaps(role: RaciRole, holder: Holder, facts: Facts, gap: NewGap): Gap[] {
  if (holder.type === 'team') {
    const team = facts.teams.find(({ id }) => id === holder.id);
    if (expand([holder], facts).some(({ active }) => active)) return [];
    return [
      gap(
        'TEAM_EMPTY',
        role,
        `${team?.name ?? 'The team'} has nobody in it who is still here.`,
        'Put people into the team, or name another.',
      ),
    ];
  }
  const person = facts.people.find(({ id }) => id === holder.id);
  if (person?.active) return [];
  return [gap('HOLDER_GONE', role, `${person?.name ?? 'Somebody named'} is no longer here.`, 'Take them out, and name who does it now.')];
}

function signingGaps(agentId: string | null, row: Row, facts: Facts, gap: NewGap): Gap[] {
  if (row.stage !== 'escalation') return [];
  const standing = expand([...holdersIn(row, 'accountable'), ...row.responsible], facts);
  if (standing.some((person) => signsFor(agentId, person, facts))) return [];
  return [
    gap(
      'NOBODY_SIGNS',
      'responsible',
      'Nobody here may sign: every request would run out.',
      'Name an active process owner or leader, or a team with one in it.',
    ),
  ];
}

/** gapSentence is a gap as one line: where, what, and what closes it. */
export const gapSentence = ({ stage, text, fix }: Gap): string => `${stageTexts[stage].title}: ${text} ${fix}`;
