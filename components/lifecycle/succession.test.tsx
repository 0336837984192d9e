import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { SuccessionItem, SuccessionPage } from '@/lib/lifecycle/schema/succession';
import { Successions } from './succession';
import { choices } from './succession-name';

const item: SuccessionItem = {
  id: 'suc_1',
  at: '2026-11-20T10:00:00.000Z',
  type: 'agent',
  subject: { id: 'agt_invoices', name: 'Invoice agent' },
  part: 'owner',
  from: { id: 'usr_gus', name: 'Gus', active: false },
  to: null,
  how: 'orphaned',
  graceUntil: '2026-11-27T10:00:00.000Z',
  acting: true,
  endedAt: null,
  endedAs: null,
  undoable: false,
};
const moved: SuccessionItem = { ...item, to: { id: 'usr_ben', name: 'Ben', active: true }, how: 'successor', graceUntil: null };
const page = (...items: SuccessionItem[]): SuccessionPage => ({ items, next: null, total: items.length });
const shown = (node: ReactNode): string =>
  renderToStaticMarkup(<QueryClientProvider client={new QueryClient()}>{node}</QueryClientProvider>).replaceAll(/<[^>]*>/g, ' ');
const orphans = (change: Partial<SuccessionItem> = {}, reassigns = true) =>
  shown(<Successions list="orphans" initial={page({ ...item, ...change })} people={[]} reassigns={reassigns} />);
const moves = (change: Partial<SuccessionItem> = {}, reassigns = true) =>
  shown(<Successions list="moved" initial={page({ ...moved, ...change })} people={[]} reassigns={reassigns} />);

describe('the page of who answers for what', () => {
  test.each<[string, string, RegExp]>([
    ['an acting agent counts down to its suspension', orphans(), /Suspended in\s+until 10:00 UTC/],
    ['an agent that does not act waits for a name', orphans({ acting: false }), /Somebody has to be named/],
    ['one that was suspended says so', orphans({ endedAs: 'suspended', endedAt: item.at, acting: false }), /Suspended\s+10:00:00 UTC/],
    ['a sponsor who left suspends nothing', orphans({ part: 'sponsor' }), /Somebody has to be named/],
    ['stages of a process are named in its matrix', orphans({ type: 'process', part: 'accountable' }), /Name somebody in its matrix/],
    ['who may not give agents away is told so', orphans({}, false), /Not yours to give/],
    ['what moved is a sentence', moves(), /Ben is owner of Invoice agent since Gus left: named as successor\./],
    ['what could be undone offers it', moves({ undoable: true }), /Give back to Gus/],
    ['what could not says when it could', moves(), /Undone once Gus is active again/],
    ['what somebody else has by now says so', moves({ from: { ...item.from, active: true } }), /Somebody else was named since/],
    ['what was undone offers nothing more', moves({ endedAs: 'undone', endedAt: item.at }), /Given back/],
    [
      'without orphans it says what it is for',
      shown(<Successions list="orphans" initial={page()} people={[]} reassigns />),
      /suspended at the end of a grace/,
    ],
  ])('%s', (_, text, expected) => expect(text).toMatch(expected));

  test('offers nobody to take back what they have, and process owners alone for a process', () => {
    const people = [
      { id: 'usr_gus', name: 'Gus', roles: ['process_owner' as const] },
      { id: 'usr_ben', name: 'Ben', roles: ['leader' as const] },
      { id: 'usr_ana', name: 'Ana', roles: ['process_owner' as const] },
    ];
    const held = { id: 'agt_x', part: 'owner', from: 'usr_gus' } as const;
    expect(choices(people, [{ ...held, type: 'agent' }]).map(({ value }) => value)).toEqual(['usr_ben', 'usr_ana']);
    expect(choices(people, [{ ...held, type: 'process' }]).map(({ value }) => value)).toEqual(['usr_ana']);
  });
});
