import { z } from 'zod';

/** The eight stages of a decision's life, in order. */
export const stages = [
  'trigger',
  'context_retrieval',
  'decision_generation',
  'policy_validation',
  'action_execution',
  'logging_audit',
  'escalation',
  'incident_response',
] as const;
export const Stage = z.enum(stages);
export type Stage = z.infer<typeof Stage>;

/** What a stage is called, and what happens in it, for people. */
export const stageTexts: Record<Stage, { title: string; about: string }> = {
  trigger: { title: 'Trigger', about: 'What sets the agent to work, and when it must not start.' },
  context_retrieval: { title: 'Context retrieval', about: 'The data it reads: where from, how fresh, and whether it may.' },
  decision_generation: { title: 'Decision generation', about: 'Model, instructions and tools that make the proposal.' },
  policy_validation: { title: 'Policy validation', about: 'The rules a proposal is measured by, and the gate that applies them.' },
  action_execution: { title: 'Action execution', about: 'What is done in the business, and undoing it.' },
  logging_audit: { title: 'Logging and audit', about: 'The record of it all, complete and kept.' },
  escalation: { title: 'Escalation', about: 'Who signs what waits. Requests for approval are routed by this row.' },
  incident_response: { title: 'Incident response', about: 'Who is called when something went wrong.' },
};

/** What somebody is to a stage. Accountable is exactly one person; the others may be several, people or teams. */
export const raciRoles = ['accountable', 'responsible', 'consulted', 'informed'] as const;
export const RaciRole = z.enum(raciRoles);
export type RaciRole = z.infer<typeof RaciRole>;

export const raciRoleTexts: Record<RaciRole, { title: string; about: string }> = {
  accountable: { title: 'Accountable', about: 'answers for it; exactly one person' },
  responsible: { title: 'Responsible', about: 'does the work' },
  consulted: { title: 'Consulted', about: 'is asked before' },
  informed: { title: 'Informed', about: 'is told after' },
};
