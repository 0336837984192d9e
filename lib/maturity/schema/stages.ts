import { z } from 'zod';

/** MaturityStage is one of the four; it is computed from records and never declared. */
export const MaturityStage = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type MaturityStage = z.infer<typeof MaturityStage>;

/** What each stage is called, and what share of organisations stand there, as the product's design takes it for 2026. */
export const stageTexts: Record<MaturityStage, { word: string; text: string; industryShare: number }> = {
  1: { word: 'Ad hoc', text: 'Nothing is asked of this stage: it is where everybody begins.', industryShare: 0.45 },
  2: { word: 'Defined', text: 'It is written down who answers for what, and what is decided is recorded.', industryShare: 0.35 },
  3: {
    word: 'Managed',
    text: 'Every agent has an identity of its own, and the rules are enforced and can be shown to be.',
    industryShare: 0.15,
  },
  4: { word: 'Embedded', text: 'Governance is how agents come, change and go, not something beside it.', industryShare: 0.05 },
};
export const industrySharesYear = 2026;

/** Which kind of work leads on from a stage. */
export const works = {
  organisational: { from: 1, title: 'Organisational work', text: 'owners, policies, inventory' },
  technical: { from: 2, title: 'Technical work', text: 'identity, gateway, audit' },
  integration: { from: 3, title: 'Integration work', text: 'lifecycle, CI, monitoring' },
} as const;
export const Work = z.enum(['organisational', 'technical', 'integration']);
export type Work = z.infer<typeof Work>;

export const ScopeType = z.enum(['organisation', 'process', 'agent']);
export type ScopeType = z.infer<typeof ScopeType>;

/** Scope is what a stage or a metric is of: everything, one process, or one agent. */
export type Scope = { type: 'organisation' } | { type: 'process' | 'agent'; id: string };
/** What stands for the organisation where an id is asked for. */
export const organisationId = 'organisation';
export const scopeId = (scope: Scope): string => (scope.type === 'organisation' ? organisationId : scope.id);

const Id = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_.:-]+$/);

/** ScopeQuery is a scope as an address carries it: an agent, else a process, else everything. */
export const ScopeQuery = z.object({ process: Id.optional(), agent: Id.optional() });
export type ScopeQuery = z.infer<typeof ScopeQuery>;

export const scopeOf = ({ agent, process }: ScopeQuery): Scope =>
  agent !== undefined ? { type: 'agent', id: agent } : process !== undefined ? { type: 'process', id: process } : { type: 'organisation' };

/** queryOf is the other way round. */
export const queryOf = (scope: Scope): ScopeQuery => (scope.type === 'organisation' ? {} : { [scope.type]: scope.id });
