import { describe, expect, test } from 'vitest';
import type { Facts, GapCode, Row, RuleCode, Stage } from '../schema';
import { facts, team, user, withRow } from '../testdata/rows';
import { gapsOf, problemsOf, templateRows } from '.';

/** A matrix in which every stage has somebody. */
const full: Row[] = templateRows('usr_ana').map((row) => ({
  ...row,
  responsible: row.responsible.length ? row.responsible : [team('tea_builders')],
}));
const changed = (stage: Stage, change: Partial<Row>): Row[] => withRow(full, stage, change);
const escalation = (change: Partial<Row>): Row[] => changed('escalation', change).filter(({ stage }) => stage === 'escalation');

describe('what is missing in a matrix', () => {
  test('is nothing where every stage has its people', () => {
    expect(gapsOf(null, full, facts)).toEqual([]);
  });
  test('is the work of five stages in the matrix of a new process without teams', () => {
    const codes = gapsOf(null, templateRows('usr_ana'), facts).map(({ code, stage }) => [code, stage]);
    expect(codes).toEqual(
      ['context_retrieval', 'decision_generation', 'policy_validation', 'logging_audit', 'incident_response'].map((stage) => [
        'NO_RESPONSIBLE',
        stage,
      ]),
    );
  });

  test.each<[string, Stage, Partial<Row>, GapCode[]]>([
    ['an Accountable who left', 'trigger', { accountable: 'usr_gus' }, ['ACCOUNTABLE_GONE']],
    ['an Accountable who is nobody', 'trigger', { accountable: 'usr_nobody' }, ['ACCOUNTABLE_GONE']],
    ['an Accountable who built an agent of it', 'trigger', { accountable: 'usr_emma' }, ['ACCOUNTABLE_BUILT_IT']],
    ['the same builder through another account', 'trigger', { accountable: 'usr_emma2' }, ['ACCOUNTABLE_BUILT_IT']],
    ['who wrote in the record that another began', 'trigger', { accountable: 'usr_pat' }, ['ACCOUNTABLE_BUILT_IT']],
    ['nobody Responsible', 'logging_audit', { responsible: [] }, ['NO_RESPONSIBLE']],
    ['somebody Responsible who left', 'logging_audit', { responsible: [user('usr_gus')] }, ['HOLDER_GONE']],
    ['somebody to be informed who left', 'logging_audit', { informed: [user('usr_gus')] }, ['HOLDER_GONE']],
    ['a team nobody is in', 'logging_audit', { responsible: [team('tea_empty')] }, ['TEAM_EMPTY']],
    ['a team that everybody left', 'logging_audit', { consulted: [team('tea_left')] }, ['TEAM_EMPTY']],
    ['a team that is gone', 'logging_audit', { responsible: [team('tea_nowhere')] }, ['TEAM_EMPTY']],
    [
      'an Escalation row in which nobody signs',
      'escalation',
      { accountable: 'usr_gus', responsible: [team('tea_builders')] },
      ['ACCOUNTABLE_GONE', 'NOBODY_SIGNS'],
    ],
    [
      'an Escalation row whose only signer left',
      'escalation',
      { accountable: 'usr_gus', responsible: [user('usr_gus')] },
      ['ACCOUNTABLE_GONE', 'HOLDER_GONE', 'NOBODY_SIGNS'],
    ],
  ])('is %s', (_, stage, change, codes) => {
    const gaps = gapsOf(null, changed(stage, change), facts);
    expect(gaps.map(({ code }) => code)).toEqual(codes);
    for (const gap of gaps)
      expect(gap).toMatchObject({ stage, agentId: null, text: expect.stringMatching(/\.$/), fix: expect.stringMatching(/\.$/) });
  });

  test.each<[string, Stage, Partial<Row>]>([
    ['an Accountable who built an agent that is decommissioned', 'trigger', { accountable: 'usr_liam' }],
    ['a Responsible who built an agent', 'trigger', { responsible: [user('usr_emma')] }],
    ['an Escalation row that only its Accountable can sign', 'escalation', { responsible: [team('tea_builders')] }],
    ['a team with one member left', 'logging_audit', { responsible: [team('tea_signers')] }],
  ])('is not %s', (_, stage, change) => {
    expect(gapsOf(null, changed(stage, change), facts)).toEqual([]);
  });

  test('in the exceptions of an agent, is a signer who built that very agent', () => {
    const codes = (agentId: string) =>
      gapsOf(agentId, escalation({ accountable: 'usr_gus', responsible: [user('usr_emma2')] }), facts).map(({ code }) => code);
    expect(codes('agt_invoices')).toEqual(['ACCOUNTABLE_GONE', 'NOBODY_SIGNS']);
    expect(codes('agt_setup')).toEqual(['ACCOUNTABLE_GONE']);
  });
});

describe('an edit is refused', () => {
  const codes = (rows: readonly Row[], shown = full, agentId: string | null = null, known: Facts = facts): RuleCode[] =>
    problemsOf(agentId, rows, shown, known).map(({ code }) => code);

  test.each<[string, RuleCode, Row[]]>([
    ['with an Accountable who has no account', 'PERSON_UNKNOWN', changed('trigger', { accountable: 'usr_nobody' })],
    ['with an Accountable who left', 'PERSON_INACTIVE', changed('trigger', { accountable: 'usr_gus' })],
    ['with an Accountable who built an agent', 'AUTHOR_ACCOUNTABLE', changed('trigger', { accountable: 'usr_emma' })],
    ['with the builder through another account', 'AUTHOR_ACCOUNTABLE', changed('escalation', { accountable: 'usr_emma2' })],
    ['with who wrote in its record', 'AUTHOR_ACCOUNTABLE', changed('escalation', { accountable: 'usr_pat' })],
    ['that names somebody who left', 'PERSON_INACTIVE', changed('trigger', { informed: [user('usr_gus')] })],
    ['that names somebody who has no account', 'PERSON_UNKNOWN', changed('trigger', { consulted: [user('agt_invoices')] })],
    ['that names a team that is none', 'TEAM_UNKNOWN', changed('trigger', { responsible: [team('tea_nowhere')] })],
    ['that leaves nobody to do the escalation', 'ESCALATION_UNROUTED', changed('escalation', { responsible: [] })],
    ['that gives the escalation to who cannot sign', 'ESCALATION_UNROUTED', changed('escalation', { responsible: [team('tea_builders')] })],
    [
      'that gives the escalation to a team without people',
      'ESCALATION_UNROUTED',
      changed('escalation', { responsible: [team('tea_empty')] }),
    ],
  ])('%s', (_, code, rows) => {
    expect(codes(rows)).toEqual([code]);
  });

  test('when an exception gives an agent to the one who built it, as Accountable or as the only signer', () => {
    expect(codes(escalation({ accountable: 'usr_emma2' }), [], 'agt_invoices')).toEqual(['AUTHOR_ACCOUNTABLE']);
    expect(codes(escalation({ responsible: [user('usr_emma2')] }), [], 'agt_invoices')).toEqual(['ESCALATION_UNROUTED']);
    expect(codes(escalation({ accountable: 'usr_emma2', responsible: [user('usr_emma2')] }), [], 'agt_setup')).toEqual([]);
  });

  test('with every broken rule at once', () => {
    const rows = withRow(changed('trigger', { accountable: 'usr_gus' }), 'escalation', { responsible: [] });
    expect(codes(rows)).toEqual(['PERSON_INACTIVE', 'ESCALATION_UNROUTED']);
  });

  test('but not for somebody who stood there when they left: that is a gap, and may wait', () => {
    const shown = changed('logging_audit', { responsible: [user('usr_gus')] });
    expect(codes(shown, shown)).toEqual([]);
    expect(codes(shown, full)).toEqual(['PERSON_INACTIVE']);
  });

  test('but not for a team that signs through one of its members', () => {
    expect(codes(changed('escalation', { responsible: [team('tea_signers')] }))).toEqual([]);
  });
});
