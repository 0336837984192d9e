import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bounded, claimedClient, fingerprintOf, networkOf, readSightingValue, sightingValue, storable, Tallies } from './domain';
import { heldMax, namesOfNetworkMax, sightingCodes, valuesMax } from './schema';
import { receiptRefusals } from '@/sdk/src/index';

const heldOf = (tallies: Tallies) => tallies.drain().reduce((sum, { count }) => sum + count, 0);

describe('counting in memory', () => {
  test('adds what is the same, and begins anew when it was written', () => {
    const tallies = new Tallies('agent.model');
    for (let i = 0; i < 3; i++) tallies.add('agt_a', 'm');
    tallies.add('agt_a', 'n', 5);
    expect(tallies.drain()).toEqual([
      { kind: 'agent.model', subject: 'agt_a', value: 'm', count: 3 },
      { kind: 'agent.model', subject: 'agt_a', value: 'n', count: 5 },
    ]);
    expect(tallies.drain()).toEqual([]);
  });

  test('holds no more names than its limit, goes on counting those it holds, and says what it dropped', () => {
    const tallies = new Tallies('client.unknown');
    for (let i = 0; i < heldMax * 3; i++) tallies.add(`crd_${i}`, `network ${i}`);
    for (let i = 0; i < 7; i++) tallies.add('crd_0', 'network 0');
    expect(tallies.dropped).toBe(heldMax * 2);
    const noticed = tallies.drain();
    expect([noticed.length, noticed[0]?.count, tallies.dropped]).toEqual([heldMax, 8, 0]);
  });

  test('lets no subject take the room of the others', () => {
    const tallies = new Tallies('agent.model');
    for (let i = 0; i < 10_000; i++) tallies.add('agt_liar', `model ${i}`);
    tallies.add('agt_honest', 'm');
    expect(tallies.dropped).toBe(10_000 - valuesMax);
    expect(heldOf(tallies)).toBe(valuesMax + 1);
  });

  test('lets nobody who makes up clients take the room of another network, in this write or the next', () => {
    const tallies = new Tallies('client.unknown');
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 10_000; i++) tallies.add(`made up ${i}`, 'a network');
      for (let i = 0; i < 3; i++) tallies.add('real', 'another');
      tallies.add('made up 0', 'another');
      expect(tallies.dropped).toBe(10_000 - namesOfNetworkMax);
      const noticed = tallies.drain();
      expect(noticed).toHaveLength(namesOfNetworkMax + 2);
      expect(noticed).toContainEqual({ kind: 'client.unknown', subject: 'real', value: 'another', count: 3 });
    }
  });

  test('loses nothing below its limits, whatever comes in which order', () => {
    const pairs = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 })), { maxLength: 90 });
    fc.assert(
      fc.property(pairs, (given) => {
        const tallies = new Tallies('tool.unreceipted');
        for (const [subject, value] of given) tallies.add(subject, value);
        expect(heldOf(tallies)).toBe(given.length);
      }),
    );
  });
});

describe('what a stranger wrote', () => {
  test.each([
    ['NUL', 'a\u0000b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud800', 'a\ufffd'],
    ['a line feed', 'a\nb', 'a\ufffdb'],
    ['anything else, also what hides', 'a\u202e<b> é', 'a\u202e<b> é'],
  ])('is made fit to be stored: %s', (_name, text, kept) => expect(storable(text)).toBe(kept));

  test('is always fit, and never longer than what is kept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(storable(text)).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(bounded(text).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe('a fingerprint', () => {
  const of = (address: string, agent?: string) => fingerprintOf(address, agent);
  test('is sixteen hexadecimal digits, whatever is said', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (address, agent) => /^[0-9a-f]{16}$/.test(of(address, agent))));
  });
  test.each([
    ['of an upgraded library is the same', of('10.0.0.1', 'python-requests/2.31'), of('10.0.0.1', 'Python-Requests/3.0 (x)'), true],
    ['of another address is another', of('10.0.0.1', 'node'), of('10.0.0.2', 'node'), false],
    ['of another program is another', of('10.0.0.1', 'node'), of('10.0.0.1', 'curl/8'), false],
    ['of no user agent is that of an empty one', of('10.0.0.1'), of('10.0.0.1', ''), true],
  ])('%s', (_name, one, other, same) => expect(one === other).toBe(same));
});

describe('a network', () => {
  test('is sixteen hexadecimal digits, whatever is said', () => {
    fc.assert(fc.property(fc.string(), (address) => /^[0-9a-f]{16}$/.test(networkOf(address))));
  });
  test.each([
    ['of two addresses of a /24 is one', '192.0.2.7', '192.0.2.250', true],
    ['is the same with a port, as a proxy may write it', '192.0.2.7:51514', '192.0.2.250', true],
    ['is the same where IPv4 comes in IPv6', '::ffff:192.0.2.7', '192.0.2.250', true],
    ['of another /24 is another', '192.0.2.7', '192.0.3.7', false],
    ['of two addresses of a /48 is one', '2001:db8:1::5', '2001:db8:1:ffff:1:2:3:4', true],
    ['is the same however an address is written', '2001:0DB8:0001::5', '[2001:db8:1::9]:443', true],
    ['of another /48 is another', '2001:db8:1::5', '2001:db8:2::5', false],
    ['of the loopback is not of everybody', '::1', '2001:db8::1', false],
    ['of an address within a zone is that of the address', 'fe80::1%eth0', 'fe80::2%eth1', true],
    ['of what is no address is itself', 'unknown', 'other', false],
  ])('%s', (_name, one, other, same) => expect(networkOf(one) === networkOf(other)).toBe(same));
});

describe('the client that a refused token names', () => {
  const token = (payload: unknown) =>
    `e30.${Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)).toString('base64url')}.x`;
  test('is read, believing nothing', () => expect(claimedClient(token({ client_id: 'crd_x' }))).toBe('crd_x'));
  test.each([
    ['no token', 'hello'],
    ['nothing', ''],
    ['no JSON', token('{')],
    ['null', token(null)],
    ['a list', token([])],
    ['a number for a name', token({ client_id: 7 })],
    ['an empty name', token({ client_id: '' })],
    ['a name longer than any', token({ client_id: 'x'.repeat(200) })],
    ['a token longer than any', token({ client_id: 'crd_x', pad: 'x'.repeat(9_000) })],
  ])('is nobody when there is %s', (_name, text) => expect(claimedClient(text)).toBeUndefined());
});

test('a sighting is read as it was written', () => {
  expect(readSightingValue(sightingValue('payments.create', 'agt_a'))).toEqual({ action: 'payments.create', agent: 'agt_a' });
  expect(readSightingValue(sightingValue('payments.create', undefined))).toEqual({ action: 'payments.create', agent: undefined });
});

test('tools may report every refusal that the client library knows', () => {
  expect([...sightingCodes].sort()).toEqual(['RECEIPT_MISSING', ...Object.keys(receiptRefusals)].sort());
});
