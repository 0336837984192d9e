import { describe, expect, it } from 'vitest';
import { compileActionType, compilePolicies, evaluate, readRisk, unclassifiedActionType } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { Evaluation, RiskReading } from '@/lib/policy/schema';
import { loadVectors } from '@/lib/policy/testdata/vectors';
import { classificationGaps } from '@/lib/registry/domain/classification';

const rates = baselineRates();
const set = compilePolicies(baselinePolicies(), rates);
const vectors = loadVectors();

describe('the shipped baseline decides as promised', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const type = vector.type === null ? unclassifiedActionType(vector.action) : compileActionType(vector.type);
    const { confidence, risk: declared, trigger, obligations } = vector.request;
    const reading = readRisk(type, { arguments: vector.request.arguments, declared, confidence }, rates);
    if (!reading.ok) throw new Error(reading.reason.text);
    const evaluation = evaluate(set, {
      agent: { id: 'agt_vectors', processId: 'prc_vectors', autonomyFloor: vector.floor },
      type,
      risk: reading.risk,
      permitted: vector.permitted,
      trigger,
      supportsReportOutcome: obligations.includes('report_outcome'),
    });
    const { verdict, tier, deciding, reversalWindowSeconds } = evaluation;
    const { code, ...expected } = vector.expect;
    expect({ verdict, tier, deciding, ...(reversalWindowSeconds === undefined ? {} : { reversalWindowSeconds }) }).toEqual(expected);
    if (code !== undefined) expect(evaluation.reasons[0]?.code).toBe(code);
    for (const dimension of deciding) expect(evaluation.reasons.map((reason) => reason.dimension)).toContain(dimension);
    expect(Evaluation.parse(evaluation)).toEqual(evaluation);
    expect(RiskReading.parse(reading.risk)).toEqual(reading.risk);
  });
});

it('every classification in the vectors could be approved', () => {
  for (const { type } of vectors) if (type !== null) expect(classificationGaps(type)).toEqual([]);
});

it('no two vectors have one name', () => {
  expect(new Set(vectors.map((vector) => vector.name)).size).toBe(vectors.length);
});
