import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionDigest } from './digest';
import { frozenJson } from './json';
import { canonicalAction } from '@/lib/check/domain/digest';
import { CheckRequest } from '@/lib/check/schema';
import { formatDigest } from '@/lib/kernel/hash';

const served = (agent: string, request: unknown, version: number | null): string =>
  formatDigest(canonicalAction(agent, CheckRequest.parse(request), version).digest);

// A member called __proto__ is refused on purpose, at any depth.
const member = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.stringify(value).replaceAll('-0', '0'))
  .filter((text) => !text.includes('"__proto__"'))
  .map((text) => JSON.parse(text) as unknown);
const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => /^[^\p{C}]+$/u.test(text));
const object = fc.dictionary(
  name.filter((text) => text !== '__proto__'),
  member,
  { maxKeys: 5 },
);

describe('a digest made here', () => {
  test('is the gateway’s, for whatever was asked', () => {
    fc.assert(
      fc.property(
        fc.record({
          args: object,
          properties: object,
          onBehalfOf: fc.option(name, { nil: undefined }),
          action: name,
          hasResource: fc.boolean(),
        }),
        ({ args, properties, onBehalfOf, action, hasResource }) => {
          const resource = hasResource ? { type: 'invoice', id: 'INV-1', properties } : undefined;
          const call = { action: { name: action, properties }, resource, arguments: args };
          const request = { action: call.action, resource, context: { arguments: args, on_behalf_of: onBehalfOf } };
          expect(actionDigest(call, { agent: 'agt_a', onBehalfOf, schemaVersion: 3 })).toBe(served('agt_a', request, 3));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is the published one', () => {
    // Recomputed by hand: the SHA-256 of {"action":{"name":"payments.schedule"},"agent":"agt_invoices","arguments":{"amount":"1.00"},"schema_version":1}.
    expect(actionDigest({ action: 'payments.schedule', arguments: { amount: '1.00' } }, { agent: 'agt_invoices', schemaVersion: 1 })).toBe(
      'sha-256:e27d0ad6c43d9a1ff422e7de96ae59557e9e9d7e4a1eff7aa9e9c45f6d9af7b1',
    );
  });

  test.each<[string, object, object]>([
    ['text and a number', { amount: '1' }, { amount: 1 }],
    ['an absent member and an empty one', {}, { note: '' }],
    ['an absent member and null', {}, { note: null }],
    ['one list and another order of it', { to: ['a', 'b'] }, { to: ['b', 'a'] }],
    ['composed and decomposed characters', { to: 'é' }, { to: 'e\u0301' }],
    ['a name with an invisible character', { to: 'V-88' }, { to: 'V-\u200b88' }],
  ])('tells %s apart', (_name, one, other) => {
    const of = (args: object): string => actionDigest({ action: 'a', arguments: args }, { agent: 'agt', schemaVersion: 1 });
    expect(of(one)).not.toBe(of(other));
  });

  test('does not change when its arguments are frozen first', () => {
    fc.assert(
      fc.property(object, (args) => {
        const of = (given: object): string => actionDigest({ action: 'a', arguments: given }, { agent: 'agt', schemaVersion: 1 });
        expect(of(frozenJson(args))).toBe(of(args));
      }),
    );
  });
});
