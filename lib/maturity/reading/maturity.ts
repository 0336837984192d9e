import type { User } from '@/lib/people/schema';
import { prisma } from '@/lib/platform/db/prisma';
import { narrow, type AllFacts, type Facts } from '../domain/facts';
import { missingFor, nextStage, readCriteria, scoreStage, workFrom, type Result } from '../domain/stage';
import {
  missingMax,
  partsMax,
  scopeId,
  stageTexts,
  stageTrendDays,
  whoMax,
  type CriterionView,
  type MaturityView,
  type Missing,
  type PartView,
  type Scope,
} from '../schema';
import { loadFacts } from '../service/facts';
import { listStages } from '../store/snapshots';

/** readMaturity answers the stage of a scope with what is missing for the next one, as it stands now; undefined when there is no such process or agent. */
export async function readMaturity(person: Pick<User, 'personId'>, scope: Scope): Promise<MaturityView | undefined> {
  const all = await loadFacts(prisma());
  const facts = narrow(all, scope);
  if (!facts) return undefined;
  const results = readCriteria(facts);
  const stage = scoreStage(results);
  const missing = missingOf(all, results, stage, person);
  return {
    scope: { type: scope.type, id: scopeId(scope), name: nameOf(facts) },
    at: all.now.toISOString(),
    stage,
    word: stageTexts[stage].word,
    next: nextStage(stage),
    work: workFrom(stage),
    missing: missing.slice(0, missingMax),
    missingTotal: missing.length,
    criteria: results.map((result) => criterionView(result, facts)),
    ...partsOf(all, scope),
    trend: await listStages(prisma(), scope.type, scopeId(scope), stageTrendDays),
  };
}

/** StageLine is what a page of a process or an agent says of its stage: the word, and the first of what is missing. */
export type StageLine = { stage: MaturityView['stage']; word: string; missing: string | null; missingTotal: number; href: string };

/** readStageLine answers the stage of one scope in a line; undefined when there is none. */
export async function readStageLine(scope: Scope): Promise<StageLine | undefined> {
  const facts = narrow(await loadFacts(prisma(), scope), scope);
  if (!facts) return undefined;
  const results = readCriteria(facts);
  const stage = scoreStage(results);
  const gaps = missingFor(results, stage).flatMap(({ measured }) => measured?.gaps ?? []);
  const href = scope.type === 'organisation' ? '/maturity' : `/maturity?${scope.type}=${encodeURIComponent(scope.id)}`;
  return { stage, word: stageTexts[stage].word, missing: gaps[0]?.text ?? null, missingTotal: gaps.length, href };
}

const nameOf = ({ scope, agents, processes }: Facts): string =>
  scope.type === 'organisation' ? 'The organisation' : ((scope.type === 'agent' ? agents : processes)[0]?.name ?? scope.id);

function missingOf(all: AllFacts, results: readonly Result[], stage: MaturityView['stage'], person: Pick<User, 'personId'>): Missing[] {
  const people = new Map(all.people.map((one) => [one.id, one]));
  return missingFor(results, stage).flatMap(({ criterion, measured }) =>
    (measured?.gaps ?? []).map((gap): Missing => {
      const who = gap.who.flatMap((id) => people.get(id) ?? []);
      return {
        criterion: criterion.id,
        title: criterion.title,
        text: gap.text,
        who: who.slice(0, whoMax).map(({ id, name }) => ({ id, name })),
        more: Math.max(0, who.length - whoMax),
        mine: who.some(({ personId }) => personId === person.personId),
        href: gap.href,
      };
    }),
  );
}

function criterionView({ criterion, measured }: Result, facts: Facts): CriterionView {
  const { id, stage, title, counts } = criterion;
  const described = { id, stage, title, counts, evidence: criterion.evidence(facts) };
  if (!measured)
    return { ...described, sensor: 'why' in criterion ? criterion.why : '', met: false, value: 0, target: 0, n: 0, unit: 'count', gaps: 0 };
  const { met, value, target, n, unit, gaps } = measured;
  return { ...described, sensor: null, met, value, target, n, unit, gaps: gaps.length };
}

function partsOf(all: AllFacts, scope: Scope): Pick<MaturityView, 'parts' | 'partsTotal'> {
  if (scope.type === 'agent') return { parts: [], partsTotal: 0 };
  const people = new Map(all.people.map(({ id, name }) => [id, name]));
  const units =
    scope.type === 'organisation'
      ? all.processes.map((process) => ({ ...process, type: 'process' as const }))
      : all.agents.filter(({ processId }) => processId === scope.id).map((agent) => ({ ...agent, type: 'agent' as const }));
  const parts = units.flatMap(({ type, id, name, ownerId }): PartView[] => {
    const facts = narrow(all, { type, id });
    if (!facts) return [];
    const results = readCriteria(facts);
    const stage = scoreStage(results);
    const missing = missingFor(results, stage).reduce((sum, { measured }) => sum + (measured?.gaps.length ?? 0), 0);
    return [{ type, id, name, answers: people.get(ownerId) ?? ownerId, stage, missing }];
  });
  return { parts: parts.toSorted((left, right) => left.stage - right.stage).slice(0, partsMax), partsTotal: parts.length };
}
