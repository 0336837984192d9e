import { raciRoles, stages, type Cell, type Holder, type Row, type Stage, type StandingTeam } from '../schema';

/** Teams that do a stage's work by default; each by the names it goes by. `duty`: its part of a stage that several share. */
type DefaultTeam = { names: readonly [string, ...string[]]; duty?: string };

/** The default Responsible of each stage. Accountable is the process owner throughout. */
export const defaultResponsible: Record<Stage, { owner: boolean; teams: readonly DefaultTeam[] }> = {
  trigger: { owner: true, teams: [] },
  context_retrieval: { owner: false, teams: [{ names: ['Data governance'] }] },
  decision_generation: { owner: false, teams: [{ names: ['AI engineering', 'AI/ML engineering', 'ML engineering'] }] },
  policy_validation: {
    owner: false,
    teams: [
      { names: ['Risk and compliance', 'Risk'], duty: 'the policy' },
      { names: ['AI operations', 'AI Ops'], duty: 'the layer that applies it' },
    ],
  },
  action_execution: { owner: true, teams: [] },
  logging_audit: { owner: false, teams: [{ names: ['Platform engineering'] }] },
  escalation: { owner: true, teams: [{ names: ['Human supervisors', 'Supervisors'] }] },
  incident_response: {
    owner: false,
    teams: [
      { names: ['Security'], duty: 'containment' },
      { names: ['Risk and compliance', 'Risk'], duty: 'the risk that remains' },
      { names: ['Legal'], duty: 'reporting duties' },
      { names: ['Business leadership', 'Leadership'], duty: 'the business' },
    ],
  },
};

const named = (name: string): string => name.trim().toLowerCase();

/** templateTeams answers the teams that exist under the default names of a stage. */
export function templateTeams(stage: Stage, teams: readonly Pick<StandingTeam, 'id' | 'name'>[]): Holder[] {
  return defaultResponsible[stage].teams.flatMap(({ names }): Holder[] => {
    const team = names.flatMap((name) => teams.find((known) => named(known.name) === named(name)) ?? []).at(0);
    return team ? [{ type: 'team', id: team.id }] : [];
  });
}

/** templateRows is the matrix of a new process: its owner accountable for every stage and responsible where the work is theirs, teams for the rest. */
export function templateRows(ownerId: string, teams: readonly Pick<StandingTeam, 'id' | 'name'>[] = []): Row[] {
  return stages.map((stage) => ({
    stage,
    accountable: ownerId,
    responsible: defaultResponsible[stage].owner ? [{ type: 'user', id: ownerId }] : templateTeams(stage, teams),
    consulted: [],
    informed: [],
  }));
}

/** applyTemplate fills the Responsible cells that are empty with teams of the default names, where there are such; nobody is taken out. */
export function applyTemplate(rows: readonly Row[], teams: readonly Pick<StandingTeam, 'id' | 'name'>[]): Row[] {
  return rows.map((row) => (row.responsible.length > 0 ? row : { ...row, responsible: templateTeams(row.stage, teams) }));
}

/** cellsOf writes rows as cells, in the order of stages and roles. */
export function cellsOf(rows: readonly Row[], agentId: string | null = null): Cell[] {
  return rows.flatMap((row) =>
    raciRoles.flatMap((role): Cell[] => {
      const holders = role === 'accountable' ? [{ type: 'user' as const, id: row.accountable }] : row[role];
      return holders.map((holder) => ({ stage: row.stage, role, holder, agentId }));
    }),
  );
}

/** templateCells is templateRows as cells. */
export const templateCells = (ownerId: string, teams: readonly Pick<StandingTeam, 'id' | 'name'>[] = []): Cell[] =>
  cellsOf(templateRows(ownerId, teams));
