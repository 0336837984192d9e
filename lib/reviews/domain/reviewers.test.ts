import { describe, expect, test } from 'vitest';
import type { Role } from '@/lib/people/schema';
import {
  canReview,
  chooseEscalation,
  chooseReviewer,
  mayDecide,
  mustSayWhy,
  whyNotReview,
  type Candidate,
  type Decidable,
  type Reviewed,
} from '.';

const candidate = (id: string, roles: Role[], change: Partial<Candidate> = {}): Candidate => ({
  id,
  personId: `per_${id}`,
  roles,
  active: true,
  managerId: null,
  ...change,
});
const everybody = [
  candidate('ana', ['process_owner']),
  candidate('ben', ['process_owner'], { managerId: 'mia' }),
  candidate('mia', ['leader']),
  candidate('zoe', ['leader']),
  candidate('rita', ['risk']),
  candidate('rob', ['risk']),
  candidate('emma', ['engineer']),
  candidate('emma2', ['process_owner', 'leader', 'risk'], { personId: 'per_emma' }),
  candidate('gus', ['process_owner', 'leader'], { active: false }),
  candidate('sam', ['security']),
  candidate('ida', ['auditor']),
  candidate('ada', ['admin']),
];
const people = new Map(everybody.map((person) => [person.id, person]));
const only = (...ids: string[]) => new Map(everybody.filter(({ id }) => ids.includes(id)).map((person) => [person.id, person]));
const none = new Map<string, number>();
const about = (change: Partial<Reviewed> = {}): Reviewed => ({
  ownerId: 'ana',
  processOwnerId: 'ben',
  accountable: ['mia'],
  authors: ['per_emma'],
  ...change,
});

describe('the reviewer', () => {
  test.each<[string, Reviewed, string]>([
    ['is the owner', about(), 'ana'],
    ['is the process’s owner when the owner built it', about({ authors: ['per_emma', 'per_ana'] }), 'ben'],
    ['is the process’s owner when the owner is the engineer’s second account', about({ ownerId: 'emma2' }), 'ben'],
    ['is whoever is accountable when both built it', about({ authors: ['per_ana', 'per_ben'] }), 'mia'],
    ['is a risk officer for what nobody owns', about({ ownerId: null, processOwnerId: null, accountable: [] }), 'rita'],
  ])('%s', (_, reviewed, id) => {
    expect(chooseReviewer(reviewed, people, none)).toBe(id);
  });
  test.each<[string, Reviewed, string]>([
    ['who has left', about({ ownerId: 'gus' }), 'ben'],
    ['whose roles do not let them review', about({ ownerId: 'sam' }), 'ben'],
    ['who may only read', about({ ownerId: 'ida', processOwnerId: 'ida', accountable: [] }), 'rita'],
    ['who only administers', about({ ownerId: 'ada', processOwnerId: 'emma', accountable: [] }), 'rita'],
    ['who is not there', about({ ownerId: 'usr_gone', processOwnerId: null, accountable: ['usr_gone'] }), 'rita'],
    ['who wrote the policy', about({ ownerId: null, processOwnerId: null, accountable: [], authors: ['per_rita', 'per_emma'] }), 'rob'],
  ])('is nobody %s', (_, reviewed, instead) => {
    expect(chooseReviewer(reviewed, people, none)).toBe(instead);
  });
  test('is nobody at all when only the engineer is left', () => {
    expect(chooseReviewer(about(), only('emma', 'emma2', 'gus', 'sam', 'ida'), none)).toBeNull();
  });
  test('is a leader when every risk officer wrote it', () => {
    const reviewed = about({ ownerId: null, processOwnerId: null, accountable: [], authors: ['per_rita', 'per_rob', 'per_emma'] });
    expect(chooseReviewer(reviewed, people, none)).toBe('mia');
  });
  test('is the risk officer with the fewest open reviews', () => {
    const reviewed = about({ ownerId: null, processOwnerId: null, accountable: [] });
    expect(chooseReviewer(reviewed, people, new Map([['rita', 2]]))).toBe('rob');
  });
});

describe('an overdue review goes', () => {
  test.each<[string, Reviewed, string | null, string | null]>([
    ['to the manager of the process’s owner', about(), 'ana', 'mia'],
    ['to the process’s owner when they have no manager', about({ processOwnerId: 'ana' }), 'ben', 'ana'],
    ['to a leader when the process’s owner let it lie', about({ processOwnerId: 'ana' }), 'ana', 'mia'],
    ['to the reviewer’s manager when there is no process', about({ processOwnerId: null }), 'ben', 'mia'],
    ['never to who let it lie', about(), 'mia', 'ben'],
    ['never to the engineer, nor to their second account', about({ processOwnerId: 'emma2' }), 'ana', 'mia'],
    ['never to who has left', about({ processOwnerId: 'gus' }), 'ana', 'mia'],
  ])('%s', (_, reviewed, reviewer, to) => {
    expect(chooseEscalation(reviewed, reviewer, people, none)).toBe(to);
  });
  test('to nobody when nobody else can', () => {
    expect(chooseEscalation(about({ processOwnerId: 'ana' }), 'ana', only('ana', 'emma2', 'sam'), none)).toBeNull();
  });
});

describe('an item', () => {
  const item = (change: Partial<Decidable> = {}): Decidable => ({
    subject: 'agent',
    status: 'open',
    named: ['per_ana', 'per_mia'],
    authors: ['per_emma'],
    ...change,
  });
  const who = (id: string): Candidate => people.get(id) ?? candidate(id, []);
  test.each<[string, Decidable, string, string | undefined]>([
    ['is its reviewer’s', item(), 'ana', undefined],
    ['is whoever’s it was escalated to', item(), 'mia', undefined],
    ['can be decided by who manages reviews', item(), 'rita', undefined],
    ['is not another leader’s', item(), 'zoe', 'NOT_YOURS'],
    ['is not security’s', item(), 'sam', 'NOT_YOURS'],
    ['is not an auditor’s, even one who was named', item({ named: ['per_ida'] }), 'ida', 'NOT_YOURS'],
    ['is never the engineer’s, even one who was named', item({ named: ['per_emma'] }), 'emma2', 'OWN_WORK'],
    ['is decided once', item({ status: 'decided' }), 'ana', 'ALREADY_DECIDED'],
    ['is nobody’s when its agent ended', item({ status: 'void' }), 'ana', 'VOID'],
  ])('%s', (_, one, id, code) => {
    expect(whyNotReview(one, who(id))).toBe(code);
  });
  test('offers in the reviewer’s place only what one’s roles allow anyway', () => {
    expect(mayDecide(item(), who('ana'))).toEqual(['keep', 'reduce', 'reassign', 'decommission']);
    expect(mayDecide(item(), who('rita'))).toEqual(['keep', 'reduce']);
    expect(mayDecide(item(), who('ada'))).toEqual(['keep', 'reduce', 'reassign']);
    expect(mayDecide(item({ subject: 'policy' }), who('rita'))).toEqual(['keep', 'revise']);
    expect(mayDecide(item(), who('zoe'))).toEqual([]);
  });
  test('needs words where it ends something or is decided for another', () => {
    expect(mustSayWhy(item(), who('ana'), 'keep')).toBe(false);
    expect(mustSayWhy(item(), who('ana'), 'decommission')).toBe(true);
    expect(mustSayWhy(item(), who('rita'), 'keep')).toBe(true);
  });
  test('is for nobody who has left', () => {
    expect(canReview(people.get('gus'), [])).toBe(false);
    expect(canReview(undefined, [])).toBe(false);
  });
});
