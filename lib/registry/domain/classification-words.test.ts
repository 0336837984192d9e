import { describe, expect, it } from 'vitest';
import { ActionSlug, actionSlug, type ActionType, type Classification } from '../schema';
import { changedParts, statusOfProposal } from './classification-changes';
import { classificationWords } from './classification-words';

const payment: Classification = {
  effect: 'execute',
  reversibility: 'reversible',
  compensation: { action: 'payments.cancel' },
  reversal: { windowSeconds: 86_400, until: 'settlement' },
  sensitivity: { constant: 'internal' },
  audience: { constant: 'internal' },
  money: { pointer: '/amount', currency: { pointer: '/currency' } },
};
const said = (change: Partial<Classification>): string =>
  classificationWords({ ...payment, ...change })
    .map(({ text }) => text)
    .join(' ');

describe('a classification in plain words', () => {
  it.each<[string, Partial<Classification>, string]>([
    ['money from two arguments', {}, 'Money is read from /amount in the currency at /currency.'],
    ['money in one currency', { money: { pointer: '/a', currency: { constant: 'USD' } } }, 'Money is read from /a in USD.'],
    ['a sum', { money: { sum: '/lines/*/a', currency: { constant: 'USD' } } }, 'Money is the sum of /lines/*/a in USD.'],
    ['a floor', { money: { declared: { amount: '5000', currency: 'USD' } } }, 'Money is as the agent declares it, at least 5,000 USD.'],
    ['a list that is counted', { records: { count: '/ids' } }, 'Records are counted: the elements of /ids.'],
    ['categories', { categories: { constant: ['pii', 'phi'] } }, 'Data categories are always pii, phi.'],
    ['none', { categories: { constant: [] } }, 'No data categories.'],
    ['how it is undone', {}, 'It can be undone by payments.cancel for 1 day, at most until settlement.'],
    ['a read', { effect: 'read' }, 'A read leaves nothing to undo.'],
    ['an end', { reversibility: 'irreversible' }, 'It cannot be undone.'],
  ])('%s', (_name, change, expected) => {
    expect(said(change)).toContain(expected);
  });
});

const type: ActionType = {
  name: 'a.b',
  title: 'As',
  system: 'sys_a',
  version: 1,
  status: 'approved',
  parameters: { type: 'object' },
  classification: payment,
};

describe('what a proposal leaves in force', () => {
  it.each<[string, Partial<ActionType>, string]>([
    ['another title', { title: 'Bs' }, 'approved'],
    ['another sentence', { sentence: 'Do {x}' }, 'approved'],
    ['another system', { system: 'sys_b' }, 'approved'],
    ['another schema', { parameters: { type: 'object', required: ['a'] } }, 'unset'],
    ['another reading', { classification: { ...payment, money: { constant: { amount: '1', currency: 'USD' } } } }, 'unset'],
    ['no reading', { classification: null }, 'unset'],
    ['the same schema written otherwise', { parameters: JSON.parse('{ "type" : "object" }') as Record<string, unknown> }, 'approved'],
  ])('%s', (_name, change, expected) => {
    expect(statusOfProposal(type, { ...type, ...change })).toBe(expected);
  });

  it('a new type is unset, and a disabled one does not come back by its title', () => {
    expect(statusOfProposal(undefined, type)).toBe('unset');
    expect(statusOfProposal({ ...type, status: 'disabled' }, { ...type, title: 'Bs' })).toBe('disabled');
  });

  it('and each change is named', () => {
    expect(changedParts(type, { ...type, title: 'Bs', sentence: 'Do {x}' })).toEqual(['title', 'sentence']);
    expect(changedParts(type, type)).toEqual([]);
  });
});

describe('an action type has an address of one safe segment', () => {
  it.each(['payments.schedule', 'mcp:server/tool', 'a/.b', 'new', 'preview', 'A_b-c.D', 'n/x:y', ':n', '/new'])('%s comes back', (name) => {
    const slug = actionSlug(name);
    expect(slug).toMatch(/^[A-Za-z0-9_.~-]+$/);
    expect(['.', '..', 'new', 'preview']).not.toContain(slug);
    expect(ActionSlug.parse(slug)).toBe(name);
  });

  it.each(['..', '.', '', 'a b', 'a..b', 'a%2Fb', '~x', 'a~', '<script>'])('%s is no address', (slug) => {
    expect(ActionSlug.safeParse(slug).success).toBe(false);
  });
});
