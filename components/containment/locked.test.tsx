import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { LockedView, LockPage, ResumptionView } from '@/lib/containment/schema';
import { LockedBanner } from './locked';
import { LockStory } from './lock-story';

const at = '2026-11-21T10:00:00.000Z';
const outside = { origin: 'countersign/0', size: '20', root: 'a'.repeat(64) };
const gateway = (changes: Partial<LockedView> = {}): LockedView => ({
  id: 'gtw_1',
  name: 'paris:4000',
  seenAt: at,
  why: 'the database ends at row 13, and row 20 was handed outside: it was rolled back or cut',
  divergence: { refused: 'behind', outside: { ...outside, at }, kept: { size: '10', at: null }, head: { size: '13', at } },
  ...changes,
});
const asked: ResumptionView = {
  id: 'rsm_1',
  refused: 'behind',
  outside,
  keptSize: '10',
  headSize: '13',
  asked: { by: { id: 'usr_1', name: 'Sofia Rossi' }, at, reason: 'The disk is gone.' },
  signed: null,
  whyNotSign: null,
};
const page = (changes: Partial<LockPage> = {}): LockPage => ({ gateways: [gateway()], resumptions: [], mayResume: true, ...changes });
const textOf = (node: ReactNode): string =>
  renderToStaticMarkup(<QueryClientProvider client={new QueryClient()}>{node}</QueryClientProvider>)
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ');
const banner = (given: LockPage) => textOf(<LockedBanner initial={given} />);
const story = (given: LockPage) => textOf(<LockStory initial={given} />);

describe('the banner of locked gateways', () => {
  it('is not there while every gateway decides, whatever was asked before', () => {
    expect(banner(page({ gateways: [], resumptions: [asked] }))).toBe('');
  });

  it.each<[string, LockPage, RegExp]>([
    [
      'says how many, and why, in plain words',
      page(),
      /^A gateway is locked: agents that ask there may do nothing\. The database ends at row 13, and row 20/,
    ],
    ['counts them', page({ gateways: [gateway(), gateway({ id: 'gtw_2' })] }), /^2 gateways are locked/],
    [
      'says what a gateway says that cannot compare',
      page({ gateways: [gateway({ divergence: null, why: 'there is no directory' })] }),
      /there is no directory\.What to do$/,
    ],
    ['lets one ask who may', page(), /What to doResume…$/],
    ['lets one sign what somebody else asked', page({ resumptions: [asked] }), /Sign…$/],
    ['offers whoever asked no signature', page({ resumptions: [{ ...asked, whyNotSign: 'SAME_PERSON' }] }), /Resume…$/],
    ['lets nobody else do anything but read', page({ mayResume: false }), /What to do$/],
  ])('%s', (_, given, said) => {
    expect(banner(given)).toMatch(said);
  });
});

describe('the page of locked gateways', () => {
  it.each<[string, LockPage, RegExp]>([
    ['says that none is', page({ gateways: [] }), /No gateway is locked/],
    ['names the gateway and what it found', page(), /paris:4000the database ends at row 13/],
    ['names the rows that go for good', page(), /Rows 11 to 20 \(10\) were signed, and are gone or other ones here/],
    ['says to put the right database back first', page(), /Put the right database back.*Else set again.*Then two people resume/],
    ['shows who asked and why', page({ resumptions: [asked] }), /Sofia Rossi asked .*The disk is gone\./],
    ['says who may, to those who may not', page({ mayResume: false }), /Two people resume it, each a leader or security/],
    [
      'has nothing to resume while it is not known what is kept',
      page({ gateways: [gateway({ divergence: null })] }),
      /cannot be resumed as it stands/,
    ],
    [
      'does not claim to know what is lost with the directory',
      page({ gateways: [gateway({ divergence: { ...gateway().divergence, refused: 'gone' } as LockedView['divergence'] })] }),
      /nobody can tell how old.*Mount the right directory/,
    ],
    [
      'keeps what was signed for all to see',
      page({
        gateways: [],
        resumptions: [{ ...asked, signed: { ...asked.asked, by: { id: 'usr_2', name: 'Liam Ito' } }, whyNotSign: 'ALREADY_RESUMED' }],
      }),
      /11 to 20Sofia Rossi.*Liam Ito/,
    ],
  ])('%s', (_, given, said) => {
    expect(story(given)).toMatch(said);
  });
});
