import { z } from 'zod';
import { gapsOf, rowsOf } from '@/lib/raci/domain';
import { GapCode, RaciRole, Stage, stageTexts, type Facts as RaciFacts, type Gap } from '@/lib/raci/schema';
import type { Snapshot } from '../../schema';
import { count, listed } from '../words';
import { detector } from './detector';
import { cellsInForce, dayOf, daysSince } from './parts';

const SaidGap = z.object({ code: GapCode, stage: Stage, role: RaciRole });

/** An empty team is a finding of its own. */
const gapWords: Record<Exclude<GapCode, 'TEAM_EMPTY'>, string> = {
  ACCOUNTABLE_GONE: 'who is accountable has left',
  ACCOUNTABLE_BUILT_IT: 'who is accountable built an agent of it',
  NO_RESPONSIBLE: 'the work is nobody’s',
  HOLDER_GONE: 'somebody named has left',
  NOBODY_SIGNS: 'nobody may sign',
};
const grave: ReadonlySet<GapCode> = new Set<GapCode>(['ACCOUNTABLE_GONE', 'NOBODY_SIGNS']);

/** The matrix of a process, and those of its agents that have exceptions. */
const scopes = (inForce: Snapshot['cells'], processId: string): (string | null)[] => [
  null,
  ...new Set(inForce.flatMap((cell) => (cell.processId === processId && cell.agentId !== null ? [cell.agentId] : []))),
];

function gapsIn(snapshot: Snapshot, processId: string, agentId: string | null): Gap[] {
  const cells = snapshot.cells.filter((cell) => cell.processId === processId && cell.agentId === agentId);
  const facts: RaciFacts = {
    people: snapshot.people,
    teams: snapshot.teams,
    agents: snapshot.agents.filter((agent) => agent.processId === processId),
  };
  return gapsOf(agentId, rowsOf(cells), facts).filter(({ code }) => code !== 'TEAM_EMPTY');
}

const raciGap = detector({
  id: 'raci_gap',
  title: 'The matrix has a gap',
  means:
    'In the matrix of who does what, a stage lost its person or never had one. Requests for approval and incidents follow this matrix.',
  severity: 'medium',
  facts: z.object({ process: z.string(), agent: z.string().nullable(), gaps: z.array(SaidGap) }),
  find: (snapshot) => {
    const inForce = cellsInForce(snapshot);
    return snapshot.processes.flatMap(({ id: process }) =>
      scopes(inForce, process).flatMap((agent) => {
        const gaps = gapsIn(snapshot, process, agent);
        if (gaps.length === 0) return [];
        return [
          {
            key: agent === null ? process : `${process} ${agent}`,
            subject: { type: 'process' as const, id: process },
            processId: process,
            ...(gaps.some(({ code }) => grave.has(code)) ? { severity: 'high' as const } : {}),
            facts: { process, agent, gaps: gaps.map(({ code, stage, role }) => ({ code, stage, role })) },
          },
        ];
      }),
    );
  },
  sentence: ({ process, agent, gaps }, nameOf) => {
    const where = agent === null ? nameOf(process) : `${nameOf(process)}, for ${nameOf(agent)}`;
    const said = gaps.map(({ code, stage }) => `${stageTexts[stage].title} (${code === 'TEAM_EMPTY' ? 'an empty team' : gapWords[code]})`);
    return `The matrix of ${where} has ${count(gaps.length, 'gap')}: ${listed(said)}.`;
  },
  fixes: ({ process, agent }) => [
    {
      kind: 'link',
      label: 'Change the matrix',
      permission: 'raci:manage',
      href: `/raci/${encodeURIComponent(process)}${agent === null ? '' : '/agents'}`,
    },
  ],
});

const policyReviewDue = detector({
  id: 'policy_review_due',
  title: 'A policy is past its review',
  means: 'Nobody has looked at this policy for long. The business it was written for has moved on meanwhile.',
  severity: 'medium',
  facts: z.object({ policy: z.string(), version: z.int(), since: z.string(), days: z.int() }),
  find: (snapshot) => {
    const { policyReviewDays } = snapshot.settings;
    return snapshot.policies.flatMap(({ id, version, processId, publishedAt, reviewedAt }) => {
      const since = reviewedAt !== null && reviewedAt > publishedAt ? reviewedAt : publishedAt;
      if (daysSince(since, snapshot.at) < policyReviewDays) return [];
      const facts = { policy: id, version, since: dayOf(since), days: policyReviewDays };
      return [{ key: id, subject: { type: 'policy' as const, id }, processId, facts }];
    });
  },
  sentence: ({ policy, version, since, days }, nameOf) =>
    `Policy ${nameOf(policy)} v${version} was last looked at on ${since}, more than ${count(days, 'day')} ago.`,
  fixes: ({ policy }) => [
    { kind: 'link', label: 'Review it', permission: 'reviews:decide', href: '/reviews' },
    { kind: 'link', label: 'Publish a new version', permission: 'policy:edit', href: `/policy/${encodeURIComponent(policy)}` },
  ],
});

/** What is wrong with the rules that people made. */
export const ruleDetectors = [raciGap, policyReviewDue];
