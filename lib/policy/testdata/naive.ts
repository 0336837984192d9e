// A second evaluator, written from the policy page alone: slow, plain, and sharing no line with the engine, so that the two
// agree only when both say what the page says. It imports nothing, not even types, of what it checks.

type NaiveWhere = {
  effect?: string | undefined;
  categories?: readonly string[] | undefined;
  regimes?: readonly string[] | undefined;
  audience?: string | undefined;
};
type NaiveLadder = {
  dimension: string;
  where?: NaiveWhere | undefined;
  currency?: string;
  tiers: { 2?: unknown; 3?: unknown; 4?: unknown };
};
export type NaivePolicy = {
  kind: string;
  baseline?: boolean | undefined;
  selector: { level: string; process?: string; agent?: string; actions: readonly string[] };
  ladders: readonly NaiveLadder[];
  triggers?: { allowed: readonly string[]; otherwise: string | number } | undefined;
  breaker?: Readonly<Record<string, unknown>> | undefined;
};
type NaiveClassification = Readonly<Record<string, unknown>> & { effect: string; reversibility: string };
export type NaiveQuestion = {
  policies: readonly NaivePolicy[];
  rates: { base: string; rates: Readonly<Record<string, string>> };
  type: { name: string; status: string; parameters: Readonly<Record<string, unknown>>; classification: NaiveClassification | null };
  agent: { id: string; processId: string | null; autonomyFloor: number };
  permitted: boolean;
  supportsReportOutcome: boolean;
  trigger: string | undefined;
  arguments: unknown;
  declared: unknown;
  confidence: unknown;
};
export type NaiveAnswer = 'arguments_invalid' | { verdict: string; tier: number | null; deciding: string[] };

const SENSITIVITY = ['public', 'internal', 'confidential', 'restricted'];
const AUDIENCE = ['internal', 'external', 'public'];
const REVERSIBILITY = ['reversible', 'compensable', 'irreversible'];

export function naiveDecide(question: NaiveQuestion): NaiveAnswer {
  const { type, agent } = question;
  const classification = type.classification;
  if (type.status !== 'approved' || classification === null || !compensationFits(classification)) return halted('scope');
  if (!question.permitted) return halted('scope');

  const risk = readEverything(question, classification);
  if (risk === null) return 'arguments_invalid';

  const covering = question.policies.filter((policy) => covers(policy, question));
  for (const rule of inForce(covering, question, (policy) => policy.triggers !== undefined))
    if (rule.triggers?.otherwise === 'deny' && !triggerAllowed(rule, question.trigger))
      return { verdict: 'deny', tier: null, deciding: ['trigger'] };

  const tiers = new Map<string, number>();
  const raise = (dimension: string, tier: number) => tiers.set(dimension, Math.max(tier, tiers.get(dimension) ?? 1));

  if (!covering.some((policy) => policy.selector.level !== 'organisation' || policy.baseline === true)) raise('coverage', 4);
  const keys = new Set(covering.flatMap((policy) => policy.ladders.map(keyOf)));
  for (const key of keys) {
    const speaks = (policy: NaivePolicy) => policy.ladders.some((ladder) => keyOf(ladder) === key);
    for (const policy of inForce(covering, question, speaks))
      for (const ladder of policy.ladders) if (keyOf(ladder) === key) raise(ladder.dimension, tierOf(ladder, risk, question.rates));
  }
  for (const rule of inForce(covering, question, (policy) => policy.triggers !== undefined))
    if (typeof rule.triggers?.otherwise === 'number' && !triggerAllowed(rule, question.trigger)) raise('trigger', rule.triggers.otherwise);
  raise('autonomy', agent.autonomyFloor);

  let tier = Math.max(1, ...tiers.values());
  if (tier === 2 && !question.supportsReportOutcome) {
    tier = 3;
    raise('obligation', 3);
  }
  const deciding = tier === 1 ? [] : [...tiers].filter(([, reached]) => reached === tier).map(([dimension]) => dimension);
  return { verdict: ['', 'allow', 'allow_reversible', 'approval_required', 'halt'][tier] ?? '', tier, deciding: deciding.sort() };
}

const halted = (dimension: string): NaiveAnswer => ({ verdict: 'halt', tier: 4, deciding: [dimension] });

// "every reversible or compensable type above read needs one to be approved; reads and irreversible types have none"
function compensationFits(classification: NaiveClassification): boolean {
  const needs = classification.effect !== 'read' && ['reversible', 'compensable'].includes(classification.reversibility);
  const has = classification['compensation'] !== undefined;
  return needs ? has : !has && classification['reversal'] === undefined;
}

/**
 * naiveBreaker lists, part by part, what is said of the circuit breaker of an action: by the defaults that no other default outranks, or `usual` where no
 * default says anything, and by every guardrail beside them. "never" says nothing.
 */
export function naiveBreaker(question: NaiveQuestion, usual: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const covering = question.policies.filter((policy) => covers(policy, question));
  const parts = ['errors', 'refusals', 'spend', 'pauseSeconds', 'probes'];
  return Object.fromEntries(
    parts.map((part) => {
      const saying = inForce(covering, question, (policy) => policy.breaker?.[part] !== undefined);
      const said = saying.map((policy) => policy.breaker?.[part]);
      if (!saying.some((policy) => policy.kind === 'default')) said.push(usual[part]);
      return [
        part,
        said
          .filter((value) => value !== 'never')
          .map((value) => JSON.stringify(value))
          .sort(),
      ];
    }),
  );
}

// Policies: who is covered, and who supplies.

function covers(policy: NaivePolicy, { agent, type }: NaiveQuestion): boolean {
  const { level, process, agent: selected } = policy.selector;
  if (level === 'agent' && selected !== agent.id) return false;
  if (level === 'process' && process !== agent.processId) return false;
  return policy.selector.actions.some((pattern) => patternCovers(pattern, type.name));
}

function patternCovers(pattern: string, name: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('.*')) return name.startsWith(pattern.slice(0, -1)) && name.length > pattern.length - 1;
  return pattern === name;
}

function rank(policy: NaivePolicy, name: string): number[] {
  const level = ['organisation', 'process', 'agent'].indexOf(policy.selector.level);
  const lengths = policy.selector.actions
    .filter((pattern) => patternCovers(pattern, name))
    .map((pattern) => pattern.replace('*', '').length);
  return [level, Math.max(...lengths)];
}

const outranks = ([a = 0, b = 0]: number[], [c = 0, d = 0]: number[]) => a > c || (a === c && b > d);

/** inForce keeps, of the policies that speak to a thing, every guardrail and the defaults that no other default outranks. */
function inForce(covering: readonly NaivePolicy[], { type }: NaiveQuestion, speaks: (policy: NaivePolicy) => boolean): NaivePolicy[] {
  const speaking = covering.filter(speaks);
  const defaults = speaking.filter((policy) => policy.kind === 'default');
  return speaking.filter(
    (policy) => policy.kind === 'guardrail' || !defaults.some((other) => outranks(rank(other, type.name), rank(policy, type.name))),
  );
}

function triggerAllowed(policy: NaivePolicy, trigger: string | undefined): boolean {
  for (const allowed of policy.triggers?.allowed ?? []) {
    if (trigger === undefined) continue;
    if (allowed === trigger) return true;
    if (allowed.endsWith('*') && trigger.indexOf(allowed.slice(0, -1)) === 0) return true;
  }
  return false;
}

function keyOf({ dimension, where }: NaiveLadder): string {
  const set = (labels: readonly string[] | undefined) => [...new Set(labels ?? [])].sort();
  return JSON.stringify([dimension, where?.effect ?? null, set(where?.categories), set(where?.regimes), where?.audience ?? null]);
}

// Ladders.

type NaiveRisk = {
  effect: string;
  reversibility: string;
  sensitivity: string;
  audience: string;
  categories: string[];
  regimes: string[];
  money?: Fraction;
  records?: number;
  confidence?: number;
};

function tierOf(ladder: NaiveLadder, risk: NaiveRisk, rates: NaiveQuestion['rates']): number {
  if (!whereHolds(ladder.where, risk)) return 1;
  for (const tier of [4, 3, 2] as const) {
    const from = ladder.tiers[tier];
    if (from !== undefined && reaches(ladder, from, risk, rates)) return tier;
  }
  return 1;
}

function whereHolds(where: NaiveWhere | undefined, risk: NaiveRisk): boolean {
  if (where === undefined) return true;
  if (where.effect === 'above_read' && risk.effect === 'read') return false;
  if (where.effect !== undefined && where.effect !== 'above_read' && where.effect !== risk.effect) return false;
  for (const category of where.categories ?? []) if (risk.categories.indexOf(category) < 0) return false;
  for (const regime of where.regimes ?? []) if (risk.regimes.indexOf(regime) < 0) return false;
  return where.audience === undefined || AUDIENCE.indexOf(risk.audience) >= AUDIENCE.indexOf(where.audience);
}

function reaches(ladder: NaiveLadder, from: unknown, risk: NaiveRisk, rates: NaiveQuestion['rates']): boolean {
  switch (ladder.dimension) {
    case 'money': {
      const threshold = fraction(String(from));
      const inBase = convert(threshold, ladder.currency ?? '', rates);
      return risk.money !== undefined && inBase !== null && notBelow(risk.money, inBase);
    }
    case 'records':
      return risk.records !== undefined && risk.records >= Number(from);
    case 'sensitivity':
      return SENSITIVITY.indexOf(risk.sensitivity) >= SENSITIVITY.indexOf(String(from));
    case 'audience':
      return AUDIENCE.indexOf(risk.audience) >= AUDIENCE.indexOf(String(from));
    case 'reversibility':
      return REVERSIBILITY.indexOf(risk.reversibility) >= REVERSIBILITY.indexOf(String(from));
    case 'categories':
      return Array.isArray(from) && from.some((label) => risk.categories.includes(label));
    case 'regimes':
      return Array.isArray(from) && from.some((label) => risk.regimes.includes(label));
    case 'confidence':
      return risk.confidence !== undefined && risk.confidence < Number(from);
    default:
      return false;
  }
}

// Numbers: a fraction is digits over a power of ten, compared by bringing both to the same power.

type Fraction = { digits: bigint; decimals: number };

function fraction(text: string): Fraction {
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return { digits: BigInt(text.replace('.', '')), decimals };
}

const at = (value: Fraction, decimals: number) => value.digits * 10n ** BigInt(decimals - value.decimals);

function notBelow(left: Fraction, right: Fraction): boolean {
  const decimals = Math.max(left.decimals, right.decimals);
  return at(left, decimals) >= at(right, decimals);
}

function add(left: Fraction, right: Fraction): Fraction {
  const decimals = Math.max(left.decimals, right.decimals);
  return { digits: at(left, decimals) + at(right, decimals), decimals };
}

function convert(amount: Fraction, currency: unknown, { base, rates }: NaiveQuestion['rates']): Fraction | null {
  if (currency === base) return amount;
  const entry = Object.entries(rates).find(([code]) => code === currency);
  if (entry === undefined) return null;
  const rate = fraction(entry[1]);
  return { digits: amount.digits * rate.digits, decimals: amount.decimals + rate.decimals };
}

/** amountOf reads "decimal strings or numbers that survive a round trip"; null for anything else. */
function amountOf(value: unknown): Fraction | null {
  if (typeof value === 'number' && Number(value.toPrecision(15)) !== value) return null;
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (Object.is(value, -0)) return null;
  const text = String(value);
  if ([...text].some((character) => !'0123456789.'.includes(character))) return null;
  const [whole = '', decimals, ...more] = text.split('.');
  if (more.length > 0 || whole === '' || decimals === '' || (whole.length > 1 && whole.startsWith('0'))) return null;
  return whole.length > 18 || (decimals ?? '').length > 8 ? null : fraction(text);
}

// Reading: from the arguments, then raised by what the agent declares. null is a refusal.

function readEverything(question: NaiveQuestion, classification: NaiveClassification): NaiveRisk | null {
  const { arguments: given, declared, confidence, rates } = question;
  if (!isRecord(given)) return null;
  const required = question.type.parameters['required'];
  if (Array.isArray(required) && required.some((name) => !Object.keys(given).includes(name))) return null;
  if (declared !== undefined && !isRecord(declared)) return null;
  const said = declared ?? {};

  const risk: NaiveRisk = {
    effect: classification.effect,
    reversibility: classification.reversibility,
    sensitivity: 'public',
    audience: 'internal',
    categories: [],
    regimes: [],
  };

  const moneys: (Fraction | null)[] = [];
  if (classification['money'] !== undefined) moneys.push(readMoney(classification['money'], given, rates));
  if (said['money'] !== undefined) moneys.push(statedMoney(said['money'], rates));
  for (const money of moneys) {
    if (money === null) return null;
    if (risk.money === undefined || notBelow(money, risk.money)) risk.money = money;
  }

  const counts: (number | null)[] = [];
  if (classification['records'] !== undefined) counts.push(readRecords(classification['records'], given));
  if (said['records'] !== undefined) counts.push(wholeNumber(said['records']));
  for (const count of counts) {
    if (count === null) return null;
    risk.records = Math.max(count, risk.records ?? 0);
  }

  for (const [dimension, levels] of [
    ['sensitivity', SENSITIVITY],
    ['audience', AUDIENCE],
  ] as const)
    for (const value of [valueFrom(classification[dimension], given), ...[said[dimension]].filter(isThere)]) {
      const index = levels.findIndex((level) => level === value);
      if (index < 0) return null;
      if (index > levels.indexOf(risk[dimension])) risk[dimension] = levels[index] ?? '';
    }

  for (const dimension of ['categories', 'regimes'] as const) {
    const values = classification[dimension] === undefined ? [] : [valueFrom(classification[dimension], given)];
    for (const value of [...values, ...[said[dimension]].filter(isThere)]) {
      const labels: unknown[] | null = Array.isArray(value) ? value : typeof value === 'string' ? [value] : null;
      if (labels === null || labels.length > 32) return null;
      for (const label of labels) {
        if (typeof label !== 'string' || !/^[a-z][a-z0-9-]*$/.test(label) || label.length > 64) return null;
        risk[dimension].push(label);
      }
    }
  }

  if (confidence !== undefined) {
    if (typeof confidence !== 'number' || Number.isNaN(confidence) || confidence < 0 || confidence > 1) return null;
    risk.confidence = confidence;
  }
  const counterparty = classification['counterparty'];
  if (typeof counterparty === 'string') {
    const name = look(given, counterparty);
    if (!(typeof name === 'string' && name.length > 0 && name.length <= 256) && !Number.isSafeInteger(name)) return null;
  }
  return risk;
}

const isThere = (value: unknown) => value !== undefined;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function valueFrom(reader: unknown, given: Record<string, unknown>): unknown {
  if (!isRecord(reader)) return undefined;
  if ('pointer' in reader) return look(given, String(reader['pointer']));
  return 'constant' in reader ? reader['constant'] : reader['declared'];
}

function readMoney(reader: unknown, given: Record<string, unknown>, rates: NaiveQuestion['rates']): Fraction | null {
  if (!isRecord(reader)) return null;
  if ('constant' in reader) return statedMoney(reader['constant'], rates);
  if ('declared' in reader) return statedMoney(reader['declared'], rates);
  const values = 'sum' in reader ? lookEach(given, String(reader['sum'])) : [look(given, String(reader['pointer']))];
  if (values === null) return null;
  let total: Fraction = { digits: 0n, decimals: 0 };
  for (const value of values) {
    const amount = amountOf(value);
    if (amount === null) return null;
    total = add(total, amount);
  }
  if (total.digits === 0n) return null;
  return convert(total, valueFrom(reader['currency'], given), rates);
}

function statedMoney(value: unknown, rates: NaiveQuestion['rates']): Fraction | null {
  if (!isRecord(value)) return null;
  const amount = amountOf(value['amount']);
  return amount === null ? null : convert(amount, value['currency'], rates);
}

function wholeNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0) && value >= 0 ? value : null;
}

function readRecords(reader: unknown, given: Record<string, unknown>): number | null {
  if (!isRecord(reader)) return null;
  if ('constant' in reader) return wholeNumber(reader['constant']);
  if ('declared' in reader) return wholeNumber(reader['declared']);
  if ('count' in reader) {
    const list = look(given, String(reader['count']));
    return Array.isArray(list) && list.length > 0 ? list.length : null;
  }
  const values = 'sum' in reader ? lookEach(given, String(reader['sum'])) : [look(given, String(reader['pointer']))];
  if (values === null) return null;
  let total = 0;
  for (const value of values) {
    const count = wholeNumber(value);
    if (count === null) return null;
    total += count;
  }
  return total > 0 && Number.isSafeInteger(total) ? total : null;
}

function look(given: unknown, pointer: string): unknown {
  const [first, ...rest] = pointer.split('/').slice(1);
  if (first === undefined) return given;
  if (!isRecord(given) || !Object.keys(given).includes(first)) return undefined;
  return rest.length === 0 ? given[first] : look(given[first], `/${rest.join('/')}`);
}

// lookEach handles the one shape that is generated: a list, every element, one member.
function lookEach(given: unknown, pointer: string): unknown[] | null {
  const [list = '', member = ''] = pointer.split('/*/');
  const elements = look(given, list);
  if (!Array.isArray(elements)) return null;
  const values = elements.map((element) => look(element, `/${member}`));
  return values.includes(undefined) ? null : values;
}
