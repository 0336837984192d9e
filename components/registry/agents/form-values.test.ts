import { describe, expect, it } from 'vitest';
import { AgentRecord, NewAgent } from '@/lib/registry/schema';
import { EditForm, emptyForm, NewForm, valuesOf, type FormValues } from './form-values';

const typed = (changes: Partial<FormValues> = {}): FormValues => ({
  ...emptyForm,
  name: 'Closing agent',
  purpose: 'Reads invoices.',
  processId: 'prc_payables',
  ...changes,
});
const record = (changes: Partial<FormValues['record']>) => typed({ record: { ...emptyForm.record, ...changes } });

/** Where the form is told that something is wrong. */
const wrong = (values: FormValues, form: typeof NewForm | typeof EditForm = NewForm) => {
  const parsed = form.safeParse(values);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
};

describe('the form of an agent', () => {
  it('leaves owner and id to the server when they are empty', () => {
    const body = NewForm.parse(typed());
    expect(body).not.toHaveProperty('id');
    expect(body).not.toHaveProperty('ownerId');
    expect(NewAgent.safeParse(body).success).toBe(true);
  });

  it('writes a record and reads the same one back', () => {
    const agent = {
      ...NewForm.parse(
        record({
          triggers: ' schedule:nightly \n\n email:invoices ',
          dataClasses: 'pii, pci  legal',
          mcpServers: 'https://a.example\nhttps://b.example',
          baseline: { callsPerDay: ' 400 ', typicalAmount: '120.50', currency: 'eur' },
        }),
      ),
      id: 'agt_x',
      ownerId: 'usr_ana',
    };
    expect(agent.record).toMatchObject({
      triggers: ['schedule:nightly', 'email:invoices'],
      dataClasses: ['pii', 'pci', 'legal'],
      mcpServers: ['https://a.example', 'https://b.example'],
      baseline: { callsPerDay: 400, typicalAmount: '120.50', currency: 'EUR' },
    });
    expect(EditForm.parse(valuesOf(agent))).toEqual({ ...EditForm.parse(valuesOf(agent)), record: AgentRecord.parse(agent.record) });
  });

  it.each<[string, FormValues, string]>([
    ['no name', typed({ name: '  ' }), 'name'],
    ['no purpose', typed({ purpose: '' }), 'purpose'],
    ['no process', typed({ processId: '' }), 'processId'],
    ['an id of another kind', typed({ id: 'usr_x' }), 'id'],
    ['a floor that is none', typed({ autonomyFloor: '5' }), 'autonomyFloor'],
    ['a day that is none', typed({ endsOn: '2026-02-30' }), 'endsOn'],
    ['a link that runs', record({ links: { repository: '', runbook: 'javascript:alert(1)', dashboard: '' } }), 'record.links.runbook'],
    ['the second MCP server', record({ mcpServers: 'https://a.example\nfile:///x' }), 'record.mcpServers.1'],
    [
      'a number of calls that is none',
      record({ baseline: { callsPerDay: 'many', typicalAmount: '', currency: '' } }),
      'record.baseline.callsPerDay',
    ],
    [
      'an amount with a comma',
      record({ baseline: { callsPerDay: '', typicalAmount: '1,5', currency: 'EUR' } }),
      'record.baseline.typicalAmount',
    ],
  ])('says beside its field what is wrong with %s', (_, values, path) => {
    expect(wrong(values)).toEqual([path]);
  });

  it('asks for an owner once the record is there', () => {
    expect(wrong(typed(), EditForm)).toEqual(['ownerId']);
  });
});
