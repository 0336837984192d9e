import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import type { Facts, Holder, RaciRole, Row, RuleCode, RuleProblem, StandingAgent, Standing } from '../schema';
import { stageTexts } from '../schema';
import { holdersIn, sameHolder } from './matrix';

/** expand lists the accounts that holders stand for, teams as their members; each once. */
export function expand(holders: readonly Holder[], { people, teams }: Pick<Facts, 'people' | 'teams'>): Standing[] {
  const ids = new Set(
    holders.flatMap((holder) => (holder.type === 'user' ? [holder.id] : (teams.find((team) => team.id === holder.id)?.members ?? []))),
  );
  return people.filter((person) => ids.has(person.id));
}

/** agentsMeant are those a matrix speaks for: one agent's exceptions for that one, a process's matrix for all that may still act. */
export const agentsMeant = ({ agents }: Pick<Facts, 'agents'>, agentId: string | null): StandingAgent[] =>
  agents.filter((agent) => (agentId === null ? agent.status !== 'decommissioned' && agent.status !== 'rejected' : agent.id === agentId));

/** signsFor tells whether somebody who stands in the Escalation row can sign: for one agent's exceptions, whoever did not build that agent. */
export const signsFor = (agentId: string | null, person: Standing, facts: Pick<Facts, 'agents'>): boolean =>
  person.active && person.signs && !(agentId !== null && agentsMeant(facts, agentId).some((agent) => hasBuilt(person, agent)));

/**
 * problemsOf lists every rule that an edit breaks: the Accountable of each stage is one active person and built no agent it holds for; nobody who
 * left is named anew; and among the Responsible for Escalation is at least one who may sign. `shown` is what stood there before.
 */
export function problemsOf(agentId: string | null, rows: readonly Row[], shown: readonly Row[], facts: Facts): RuleProblem[] {
  return rows.flatMap((row) => {
    const before = shown.find(({ stage }) => stage === row.stage);
    return [...accountableProblems(agentId, row, facts), ...holderProblems(row, before, facts), ...escalationProblems(agentId, row, facts)];
  });
}

const problem = (code: RuleCode, { stage }: Row, role: RaciRole, text: string): RuleProblem => ({ code, stage, role, text });

function accountableProblems(agentId: string | null, row: Row, facts: Facts): RuleProblem[] {
  const person = facts.people.find(({ id }) => id === row.accountable);
  const title = stageTexts[row.stage].title;
  if (!person) return [problem('PERSON_UNKNOWN', row, 'accountable', `${title}: whoever is named Accountable has no account here.`)];
  if (!person.active)
    return [problem('PERSON_INACTIVE', row, 'accountable', `${title}: ${person.name} is no longer here and cannot be Accountable.`)];
  const built = agentsMeant(facts, agentId).find((agent) => hasBuilt(person, agent));
  if (!built) return [];
  return [
    problem('AUTHOR_ACCOUNTABLE', row, 'accountable', `${title}: ${person.name} built ${built.name}, so somebody else answers for it.`),
  ];
}

function holderProblems(row: Row, before: Row | undefined, { people, teams }: Facts): RuleProblem[] {
  const roles = ['responsible', 'consulted', 'informed'] as const;
  return roles.flatMap((role) =>
    row[role].flatMap((holder): RuleProblem[] => {
      if (holder.type === 'team')
        return teams.some(({ id }) => id === holder.id)
          ? []
          : [problem('TEAM_UNKNOWN', row, role, `${stageTexts[row.stage].title}: there is no such team.`)];
      const person = people.find(({ id }) => id === holder.id);
      if (!person) return [problem('PERSON_UNKNOWN', row, role, `${stageTexts[row.stage].title}: somebody named has no account here.`)];
      // Whoever stood there when they left may stay, as a gap in red, while something else is changed.
      if (person.active || holdersIn(before, role).some((other) => sameHolder(other, holder))) return [];
      return [problem('PERSON_INACTIVE', row, role, `${stageTexts[row.stage].title}: ${person.name} is no longer here.`)];
    }),
  );
}

function escalationProblems(agentId: string | null, row: Row, facts: Facts): RuleProblem[] {
  if (row.stage !== 'escalation') return [];
  if (expand(row.responsible, facts).some((person) => signsFor(agentId, person, facts))) return [];
  const text =
    'Escalation: nobody Responsible may sign, so nothing that waits could be decided. Name an active process owner or leader, or a team with one in it.';
  return [problem('ESCALATION_UNROUTED', row, 'responsible', text)];
}
