import { describe, expect, test } from 'vitest';
import { changesBetween, effectiveRows, rebase, rowsOf } from '.';
import { MatrixChange, Row, stages } from '../schema';
import { applyTemplate, cellsOf, templateCells, templateRows } from './template';
import { team, user, withRow } from '../testdata/rows';

const rows = templateRows('usr_ana');

describe('the template', () => {
  test('makes the process owner Accountable for all eight stages, in order', () => {
    expect(rows.map(({ stage, accountable }) => [stage, accountable])).toEqual(stages.map((stage) => [stage, 'usr_ana']));
  });
  test('makes the owner Responsible for what is the business and for nothing else', () => {
    expect(rows.filter(({ responsible }) => responsible.length > 0).map(({ stage }) => stage)).toEqual([
      'trigger',
      'action_execution',
      'escalation',
    ]);
  });
  test('gives the other stages to teams of the default names, however they are written', () => {
    const given = templateRows('usr_ana', [
      { id: 'tea_data', name: 'data GOVERNANCE' },
      { id: 'tea_ml', name: 'AI/ML engineering' },
      { id: 'tea_risk', name: 'Risk and compliance' },
      { id: 'tea_ops', name: 'AI operations' },
      { id: 'tea_sec', name: 'Security' },
      { id: 'tea_other', name: 'Finance' },
    ]);
    expect(given.map(({ stage, responsible }) => [stage, responsible.map(({ id }) => id)])).toEqual([
      ['trigger', ['usr_ana']],
      ['context_retrieval', ['tea_data']],
      ['decision_generation', ['tea_ml']],
      ['policy_validation', ['tea_risk', 'tea_ops']],
      ['action_execution', ['usr_ana']],
      ['logging_audit', []],
      ['escalation', ['usr_ana']],
      ['incident_response', ['tea_sec', 'tea_risk']],
    ]);
  });
  test('applied to a matrix fills what is empty and takes nobody out', () => {
    const named = withRow(rows, 'context_retrieval', { responsible: [user('usr_emma')] });
    const filled = applyTemplate(named, [
      { id: 'tea_data', name: 'Data governance' },
      { id: 'tea_platform', name: 'Platform engineering' },
    ]);
    expect(changesBetween(named, filled)).toEqual([
      { stage: 'logging_audit', role: 'responsible', removed: [], added: [team('tea_platform')] },
    ]);
  });
  test('with no team of such a name fills nothing', () => {
    expect(applyTemplate(rows, [{ id: 'tea_x', name: 'Finance' }])).toEqual(rows);
  });
});

describe('rows and cells', () => {
  test('say the same, whichever way one goes', () => {
    const full = withRow(rows, 'trigger', { consulted: [user('usr_b'), team('tea_a')], informed: [team('tea_a')] });
    expect(rowsOf(cellsOf(full))).toEqual(full);
    expect(rowsOf(templateCells('usr_ana'))).toEqual(rows);
  });
  test('differ by who left and who came, not by the order in which they stand', () => {
    const before = withRow(rows, 'trigger', { responsible: [user('usr_a'), user('usr_b')] });
    expect(changesBetween(before, withRow(rows, 'trigger', { responsible: [user('usr_b'), user('usr_a')] }))).toEqual([]);
    expect(changesBetween(before, withRow(rows, 'trigger', { responsible: [user('usr_b'), team('usr_a')] }))).toEqual([
      { stage: 'trigger', role: 'responsible', removed: [user('usr_a')], added: [team('usr_a')] },
    ]);
  });
  test('of an exception that is taken back are all removed', () => {
    const exception = rows.filter(({ stage }) => stage === 'escalation');
    expect(changesBetween(exception, []).map(({ role, added }) => [role, added])).toEqual([
      ['accountable', []],
      ['responsible', []],
    ]);
  });
  test('of an exception stand in place of the rows of its process, stage by stage', () => {
    const exception: Row = { stage: 'escalation', accountable: 'usr_b', responsible: [], consulted: [], informed: [] };
    const effective = effectiveRows(rows, [exception]);
    expect(effective.find(({ stage }) => stage === 'escalation')).toEqual(exception);
    expect(effective.filter(({ stage }) => stage !== 'escalation')).toEqual(rows.filter(({ stage }) => stage !== 'escalation'));
  });
});

describe('an edit begun on an older matrix', () => {
  const mine = withRow(rows, 'escalation', { responsible: [user('usr_liam')] });
  test('keeps what was edited and follows the newer one everywhere else, cell by cell', () => {
    const theirs = withRow(withRow(rows, 'escalation', { accountable: 'usr_nora', responsible: [user('usr_x')] }), 'trigger', {
      responsible: [],
    });
    const merged = rebase(rows, mine, theirs);
    expect(changesBetween(theirs, merged)).toEqual([
      { stage: 'escalation', role: 'responsible', removed: [user('usr_x')], added: [user('usr_liam')] },
    ]);
  });
  test('changes nothing where it changed nothing', () => {
    const theirs = withRow(rows, 'trigger', { accountable: 'usr_nora' });
    expect(rebase(rows, rows, theirs)).toEqual(theirs);
  });
  test('keeps an exception that was made, and one that was taken back', () => {
    const [trigger] = rows;
    if (!trigger) throw new Error('no row');
    expect(rebase([], [trigger], [])).toEqual([trigger]);
    expect(rebase([trigger], [], [{ ...trigger, accountable: 'usr_nora' }])).toEqual([]);
    expect(rebase([], [], [trigger])).toEqual([trigger]);
  });
});

describe('an edit is taken', () => {
  test('with all eight stages, or with some of them for an agent', () => {
    expect(MatrixChange.safeParse({ shown: rows, rows }).success).toBe(true);
    expect(MatrixChange.safeParse({ agentId: 'agt_x', shown: [], rows: rows.slice(0, 1) }).success).toBe(true);
    expect(MatrixChange.safeParse({ agentId: 'agt_x', shown: rows.slice(0, 1), rows: [] }).success).toBe(true);
  });
  test.each([
    ['a stage left out', { shown: rows, rows: rows.slice(1) }],
    ['a stage named twice', { shown: rows, rows: [...rows.slice(1), rows[1]] }],
    ['nobody Accountable', { shown: rows, rows: withRow(rows, 'trigger', { accountable: '' }) }],
    ['a team as Accountable', { shown: rows, rows: rows.map((row) => ({ ...row, accountable: team('tea_a') })) }],
    ['two people Accountable', { shown: rows, rows: rows.map((row) => ({ ...row, accountable: ['usr_a', 'usr_b'] })) }],
    ['an agent in a cell', { shown: rows, rows: withRow(rows, 'trigger', { responsible: [{ type: 'agent', id: 'agt_x' } as never] }) }],
    ['the same person twice in a cell', { shown: rows, rows: withRow(rows, 'trigger', { responsible: [user('usr_a'), user('usr_a')] }) }],
    [
      'more than anyone can call',
      { shown: rows, rows: withRow(rows, 'trigger', { informed: Array.from({ length: 21 }, (_, i) => user(`usr_${i}`)) }) },
    ],
    ['a stage nobody knows', { agentId: 'agt_x', shown: [], rows: [{ ...rows[0], stage: 'lunch' }] }],
    ['a member nobody knows', { shown: rows, rows, force: true }],
  ])('never with %s', (_, input) => {
    expect(MatrixChange.safeParse(input).success).toBe(false);
  });
});
