import type { Facts, Holder, Row, Stage, Standing } from '../schema';

export const user = (id: string): Holder => ({ type: 'user', id });
export const team = (id: string): Holder => ({ type: 'team', id });

/** withRow is a matrix with one stage changed. */
export const withRow = (rows: readonly Row[], stage: Stage, change: Partial<Row>): Row[] =>
  rows.map((row) => (row.stage === stage ? { ...row, ...change } : row));

const standing = (name: string, change: Partial<Standing> = {}): Standing => ({
  id: `usr_${name.toLowerCase()}`,
  personId: `per_${name.toLowerCase()}`,
  name,
  active: true,
  signs: false,
  ...change,
});

/** A small organisation: Ana and Liam sign, Emma and Pat built the agent and Emma signs nothing, Gus left. */
export const facts: Facts = {
  people: [
    standing('Ana', { signs: true }),
    standing('Liam', { signs: true }),
    standing('Emma'),
    standing('Gus', { active: false, signs: true }),
    // She finished what Emma had begun.
    standing('Pat', { signs: true }),
    // A second account of Emma's, which signs.
    standing('Emma2', { personId: 'per_emma', signs: true }),
  ],
  teams: [
    { id: 'tea_signers', name: 'Payables supervisors', members: ['usr_liam', 'usr_emma'] },
    { id: 'tea_builders', name: 'AI engineering', members: ['usr_emma'] },
    { id: 'tea_left', name: 'Old hands', members: ['usr_gus'] },
    { id: 'tea_empty', name: 'Nobody yet', members: [] },
  ],
  agents: [
    { id: 'agt_invoices', name: 'Invoice agent', status: 'active', editors: ['per_emma', 'per_pat'] },
    { id: 'agt_gone', name: 'Old agent', status: 'decommissioned', editors: ['per_liam'] },
    { id: 'agt_setup', name: 'Sample agent', status: 'active', editors: [] },
  ],
};
