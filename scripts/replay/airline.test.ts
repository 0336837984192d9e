import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CheckRequest } from '@/lib/check/schema';
import { compileActionType, compilePolicies, evaluate, readRisk, type CompiledActionType } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import type { Evaluation } from '@/lib/policy/schema';
import { actionTypeOf, parseMap, type ReplayMap } from './map';
import { checkOf, parseRecording, unmappedTools, type RecordedCall } from './recording';

const root = path.resolve(import.meta.dirname, '../..');
const data = path.join(process.env['COUNTERSIGN_DATA'] ?? path.join(root, '../shared/data'), 'airline-agent-runs.jsonl');
const present = existsSync(data);
if (!present)
  console.warn(
    `The recording of the airline's agent is not here (${path.basename(data)}; COUNTERSIGN_DATA names its folder), so its tiers are not tested.`,
  );

const readMap = (): ReplayMap => {
  const parsed = parseMap(readFileSync(path.join(root, 'examples/airline/map.yaml'), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.map;
};

describe('The mapping of the airline', () => {
  const map = readMap();
  const rates = baselineRates();
  const policies = compilePolicies(baselinePolicies(), rates);
  const agent = { id: map.agent.id, processId: map.process.id, autonomyFloor: map.agent.floor };
  const types = new Map(Object.entries(map.tools).map(([name, tool]) => [name, compileActionType(actionTypeOf(map, tool))]));

  const typeOf = (tool: string): CompiledActionType => {
    const type = types.get(tool);
    if (!type) throw new Error(`${tool} is not in the map`);
    return type;
  };
  const judge = (call: RecordedCall): Evaluation | string => {
    const type = typeOf(call.tool);
    const { context } = CheckRequest.parse(checkOf(map, call, { agent: map.agent.id }));
    const read = readRisk(type, { arguments: context.arguments, declared: context.risk }, rates);
    return read.ok ? evaluate(policies, { agent, type, risk: read.risk, permitted: true, supportsReportOutcome: true }) : read.reason.text;
  };
  const tierOf = (call: RecordedCall): number | string | null => {
    const judged = judge(call);
    return typeof judged === 'string' ? judged : judged.tier;
  };

  const call = (tool: string, args: Record<string, unknown>, value?: number): RecordedCall => ({
    run: 'x',
    seq: 0,
    tool,
    arguments: args,
    ...(value === undefined ? {} : { value_usd: value }),
  });
  const booking = (over: object = {}) =>
    call('book_reservation', {
      user_id: 'mia_li_3668',
      origin: 'JFK',
      destination: 'SEA',
      flight_type: 'one_way',
      cabin: 'economy',
      flights: [{ flight_number: 'HAT136', date: '2024-05-20' }],
      passengers: [{ first_name: 'Mia', last_name: 'Li', dob: '1990-04-05' }],
      payment_methods: [{ payment_id: 'credit_card_4421486', amount: 255 }],
      total_baggages: 0,
      nonfree_baggages: 0,
      insurance: 'no',
      ...over,
    });
  const change = (value?: number) =>
    call(
      'update_reservation_flights',
      { reservation_id: 'JG7FMM', cabin: 'economy', flights: [{ flight_number: 'HAT028', date: '2024-05-21' }], payment_id: 'gift_card_1' },
      value,
    );

  const rows: [guarantee: string, call: RecordedCall, tier: number | RegExp, deciding?: string[]][] = [
    ['reading a profile with a birth date is autonomous', call('get_user_details', { user_id: 'mia_li_3668' }), 1],
    ['a booking of one passenger is supervised for the birth date', booking(), 2, ['records', 'sensitivity']],
    [
      'a booking is supervised for its money from 500, however it is split',
      booking({
        payment_methods: [
          { payment_id: 'gift_card_1', amount: 250 },
          { payment_id: 'gift_card_2', amount: 250 },
        ],
      }),
      2,
      ['money', 'records', 'sensitivity'],
    ],
    [
      'a booking of 10,000 waits',
      booking({
        payment_methods: [
          { payment_id: 'gift_card_1', amount: 9_999.5 },
          { payment_id: 'gift_card_2', amount: 0.5 },
        ],
      }),
      3,
      ['money'],
    ],
    ['a booking of nothing is refused', booking({ payment_methods: [{ payment_id: 'gift_card_1', amount: 0 }] }), /zero/],
    ['a booking with an amount as text is refused', booking({ payment_methods: [{ payment_id: 'gift_card_1', amount: '255' }] }), /schema/],
    ['a booking with a member nobody classified is refused', booking({ upgrade: 'first' }), /does not name/],
    ['a booking without passengers is refused', booking({ passengers: [] }), /schema/],
    ['a certificate of 499 is autonomous', call('send_certificate', { user_id: 'mia_li_3668', amount: 499 }), 1],
    ['a certificate of 500 is supervised', call('send_certificate', { user_id: 'mia_li_3668', amount: 500 }), 2, ['money']],
    ['a certificate of 10,000 waits', call('send_certificate', { user_id: 'mia_li_3668', amount: 10_000 }), 3, ['money']],
    ['a certificate of less than nothing is refused', call('send_certificate', { user_id: 'mia_li_3668', amount: -50 }), /schema/],
    ['a change declared at 499 is autonomous', change(499), 1],
    ['a change declared at 500 is supervised', change(500), 2, ['money']],
    ['a change declared at 10,000 waits', change(10_000), 3, ['money']],
    ['a change the agent says nothing of is taken at the floor', change(), 1],
    ['a change declared below the floor is taken at the floor', change(0), 1],
    [
      'a change of passengers is supervised, free as it is',
      call(
        'update_reservation_passengers',
        { reservation_id: 'FQ8APE', passengers: [{ first_name: 'Omar', last_name: 'Rossi', dob: '1970-06-06' }] },
        0,
      ),
      2,
      ['records', 'sensitivity'],
    ],
    [
      'a cancellation waits although it says nothing of money',
      call('cancel_reservation', { reservation_id: 'GV1N64' }),
      3,
      ['reversibility'],
    ],
    ['a cancellation declared free waits as well', call('cancel_reservation', { reservation_id: 'GV1N64' }, 0), 3, ['reversibility']],
    [
      'a cancellation of 10,000 waits for its money too',
      call('cancel_reservation', { reservation_id: 'GV1N64' }, 10_000),
      3,
      ['money', 'reversibility'],
    ],
    [
      'handing over to a person never waits for one',
      call('transfer_to_human_agents', { summary: 'The customer asks for a person.' }),
      2,
      ['records', 'reversibility'],
    ],
    ['a calculation of anything but numbers is refused', call('calculate', { expression: 'process.exit()' }), /schema/],
  ];
  test.each(rows)('says: %s', (_guarantee, one, tier, deciding) => {
    const judged = judge(one);
    if (tier instanceof RegExp) return expect(judged).toMatch(tier);
    expect(judged).toMatchObject({ tier });
    if (deciding && typeof judged !== 'string') expect([...judged.deciding].sort()).toEqual([...deciding].sort());
  });

  describe.skipIf(!present)('judges the 1,164 recorded calls', () => {
    let calls: RecordedCall[] = [];
    const of = (...tools: string[]) => calls.filter((one) => tools.includes(one.tool));
    beforeAll(() => {
      const parsed = parseRecording(readFileSync(data, 'utf8'));
      if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
      calls = parsed.calls;
    });

    test('all of them, with no tool left unmapped and no arguments refused', () => {
      expect(calls).toHaveLength(1_164);
      expect(unmappedTools(calls, map)).toEqual([]);
      expect(calls.map(judge).filter((judged) => typeof judged === 'string' || judged.tier === null)).toEqual([]);
    });

    test('no tool of the map is never called', () => {
      expect(Object.keys(map.tools).filter((tool) => of(tool).length === 0)).toEqual([]);
    });

    test('every read is Tier 1', () => {
      const reads = calls.filter((one) => /^(get|search|list)_/.test(one.tool) || ['calculate', 'think'].includes(one.tool));
      expect(reads).toHaveLength(866);
      expect(new Set(reads.map(tierOf))).toEqual(new Set([1]));
    });

    test('every cancellation waits, for being irreversible', () => {
      const judged = of('cancel_reservation').map(judge);
      expect(judged).toHaveLength(69);
      for (const one of judged)
        expect(one).toMatchObject({ verdict: 'approval_required', tier: 3, deciding: expect.arrayContaining(['reversibility']) });
    });

    test('every booking is supervised for its birth dates, and for its money exactly from 500', () => {
      for (const one of of('book_reservation')) {
        expect(judge(one)).toMatchObject({ verdict: 'allow_reversible', tier: 2, deciding: expect.arrayContaining(['records']) });
        const judged = judge(one);
        expect(typeof judged !== 'string' && judged.deciding.includes('money')).toBe((one.value_usd ?? 0) >= 500);
      }
    });

    test('every certificate follows its amount', () => {
      for (const one of of('send_certificate')) expect(tierOf(one)).toBe(Number(one.arguments['amount']) >= 500 ? 2 : 1);
    });

    test('every change follows the money declared for it, or the floor', () => {
      const changes = of('update_reservation_flights', 'update_reservation_baggages');
      expect(changes).toHaveLength(118);
      for (const one of changes) expect(tierOf(one)).toBe((one.value_usd ?? 0) >= 500 ? 2 : 1);
      expect(new Set(changes.map(tierOf))).toEqual(new Set([1, 2]));
    });
  });
});
