import { compileActionType, compilePolicies, evaluate, readRisk } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import type { Policy } from '@/lib/policy/schema';
import { actionTypes } from '@/prisma/seed/sample';

const counts = [10, 1_000, 100_000];
const decisions = 40_000;
const batch = 200;
const rounds = 7;

/** measureEngine times the pure evaluation of one action as policies grow: median µs a decision, the rounds of all sizes interleaved. */
export function measureEngine(): { policies: number; medianUs: number }[] {
  const rates = baselineRates();
  const template = actionTypes.find(({ name }) => name === 'payments.schedule');
  if (!template) throw new Error('the sample has no payments.schedule');
  const type = compileActionType({ ...template, version: 1, status: 'approved' });
  const agent = { id: 'agt_invoices', processId: 'prc_payables', autonomyFloor: 1 as const };
  const inputs = Array.from({ length: 64 }, (_, i) => {
    const reading = readRisk(
      type,
      { arguments: { invoice: `INV-${i}`, vendor: 'V-88', amount: `${i * 991}.50`, currency: i % 2 === 0 ? 'USD' : 'EUR' } },
      rates,
    );
    if (!reading.ok) throw new Error(reading.reason.text);
    return { agent, type, permitted: true, risk: reading.risk, supportsReportOutcome: true };
  });

  const sets = counts.map((count) => ({
    count,
    set: compilePolicies([...baselinePolicies(), ...others(count)], rates),
    took: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { set, took } of sets) {
      for (let i = 0; i < decisions; i += batch) {
        const started = performance.now();
        for (let j = 0; j < batch; j++) {
          const input = inputs[(i + j) % inputs.length];
          if (input) evaluate(set, input);
        }
        if (round > 0) took.push(((performance.now() - started) * 1000) / batch);
      }
    }
  }
  return sets.map(({ count, took }) => ({
    policies: count,
    medianUs: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? Number.NaN,
  }));
}

/** Policies of an organisation that grew: some for this agent and its process, most for others. */
function others(count: number): Policy[] {
  return Array.from({ length: count - 1 }, (_, i): Policy => ({
    id: `pol_bench_${i}`,
    name: `Policy ${i}`,
    version: 1,
    kind: i % 10 === 0 ? 'guardrail' : 'default',
    selector:
      i < 3
        ? { level: 'process', process: 'prc_payables', actions: ['payments.*'] }
        : { level: 'agent', agent: `agt_other_${i}`, actions: [i % 2 === 0 ? '*' : `system${i % 97}.*`] },
    ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: `${500 + i}`, 3: `${50_000 + i}`, 4: `${250_000 + i}` } }],
  }));
}
