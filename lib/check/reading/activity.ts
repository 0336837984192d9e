import { decimalUnits, formatUnits } from '@/lib/kernel/money';
import { prisma } from '@/lib/platform/db/prisma';
import { listUsers, type User } from '@/lib/people/service';
import { findRates } from '@/lib/policy/service';
import { readActionNames } from '@/lib/registry/reading';
import { activityDaysDefault, type ActionActivity, type Activity } from './schema';
import { named, tellDecisions, type Told } from './sentences';
import * as store from './store/activity';

/** Action types with an example, and rows of the shorter tables. */
const examplesMax = 50;
const shortListMax = 8;
const biggestMax = 5;
const daySeconds = 86_400;

type Ask = store.Scope & { days?: number };

/**
 * readActivity gives what one agent, or all agents of one process, did in the last `days`: what went alone, what waited for whom and how long, what it
 * moved and what it cost. At most the newest 200,000 decisions are counted, and then it says so. `now` is this server's clock.
 */
export async function readActivity(person: User, ask: Ask, now: Date = new Date()): Promise<Activity> {
  const days = ask.days ?? activityDaysDefault;
  const since = new Date(now.getTime() - days * daySeconds * 1000);
  const span: store.Span = { scope: 'agent' in ask ? { agent: ask.agent } : { process: ask.process }, since };
  const db = prisma();
  const [counted, asked, outcomes, biggest, stops, waits, deciders, rates] = await Promise.all([
    store.countByAction(db, span),
    store.countAsked(db, span),
    store.countOutcomes(db, span),
    store.listBiggest(db, span, biggestMax),
    store.listStops(db, span, shortListMax),
    store.listWaits(db, span, shortListMax),
    store.listDeciders(db, span, shortListMax),
    findRates(),
  ]);
  const names = [...new Set([...counted, ...asked].flatMap(({ action }) => (action === null ? [] : [action])))];
  const [told, actions, people] = await Promise.all([
    tellDecisions(
      person,
      [...counted.slice(0, examplesMax), ...stops, ...waits].map(({ newest }) => newest).concat(biggest.map(({ seq }) => seq)),
    ),
    readActionNames(names),
    listUsers(),
  ]);
  const title = (action: string) => actions.get(action)?.title ?? action;
  const nameOf = new Map(people.map((user) => [user.id, user.name]));
  const { action: _, ...total } = asked.find(({ action }) => action === null) ?? nothingAsked;
  return {
    days,
    since: since.toISOString(),
    currency: rates?.base ?? 'USD',
    cut: counted.reduce((sum, row) => sum + row.count, 0) >= store.decisionsMax,
    total: { ...total, ...addUp(counted) },
    actions: names.map((name) => actionOf(name, title(name), counted, asked, told)).sort((a, b) => timesOf(b) - timesOf(a)),
    outcomes,
    biggest: biggest.flatMap(({ seq, money, signed }) => {
      const decision = told.get(seq);
      if (!decision) return [];
      const { payload, at, sentence } = decision;
      return [{ decisionId: payload.id, at: at.toISOString(), sentence, money, verdict: payload.verdict, signed }];
    }),
    waits: waits.map(({ action, deciding, count, newest }) => ({
      action,
      title: title(action),
      count,
      deciding,
      text: reasonOf(told.get(newest)),
    })),
    stops: stops.map(({ action, verdict, count, newest }) => ({
      action,
      title: title(action),
      verdict,
      count,
      text: reasonOf(told.get(newest)),
      newest: told.get(newest)?.payload.id ?? '',
    })),
    deciders: deciders.map(({ id, ...row }) => ({ person: named(id, nameOf.get(id)), ...row })),
  };
}

const nothingAsked: store.AskedRow = {
  action: null,
  asked: 0,
  waiting: 0,
  approved: 0,
  rejected: 0,
  expired: 0,
  cancelled: 0,
  secondsMedian: null,
  secondsP95: null,
};
const nothingCounted: Omit<store.CountedRow, 'action' | 'count' | 'newest'> = {
  alone: 0,
  supervised: 0,
  signed: 0,
  halted: 0,
  denied: 0,
  moneyAlone: '0',
  moneySupervised: '0',
  moneySigned: '0',
};

function actionOf(
  name: string,
  title: string,
  counted: readonly store.CountedRow[],
  asked: readonly store.AskedRow[],
  told: ReadonlyMap<bigint, Told>,
): ActionActivity {
  const row = counted.find(({ action }) => action === name);
  const { alone, supervised, signed, halted, denied, moneyAlone, moneySupervised, moneySigned } = row ?? nothingCounted;
  const { action: _, ...waits } = asked.find(({ action }) => action === name) ?? nothingAsked;
  const newest = row && told.get(row.newest);
  return {
    action: name,
    title,
    example: newest ? { decisionId: newest.payload.id, sentence: newest.sentence } : null,
    ...waits,
    alone,
    supervised,
    signed,
    halted,
    denied,
    moneyAlone,
    moneySupervised,
    moneySigned,
  };
}

/** How often it came up: an action that asked and then went ahead was one. */
const timesOf = ({ alone, supervised, asked, halted, denied }: ActionActivity): number => alone + supervised + asked + halted + denied;

function addUp(rows: readonly store.CountedRow[]) {
  const count = (name: 'alone' | 'supervised' | 'signed' | 'halted' | 'denied') => rows.reduce((sum, row) => sum + row[name], 0);
  const money = (name: 'moneyAlone' | 'moneySupervised' | 'moneySigned') =>
    formatUnits(rows.reduce((sum, row) => sum + (decimalUnits(row[name]) ?? 0n), 0n));
  return {
    alone: count('alone'),
    supervised: count('supervised'),
    signed: count('signed'),
    halted: count('halted'),
    denied: count('denied'),
    moneyAlone: money('moneyAlone'),
    moneySupervised: money('moneySupervised'),
    moneySigned: money('moneySigned'),
  };
}

/** The reason that weighed most, in the policy's own words. */
function reasonOf(told: Told | undefined): string {
  if (!told) return '';
  const { reasons, deciding } = told.payload;
  const decided = reasons.find(({ dimension }) => dimension !== undefined && deciding.includes(dimension));
  return (decided ?? reasons[0])?.text ?? '';
}
