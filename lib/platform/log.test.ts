import { describe, expect, it } from 'vitest';
import { createLog } from '@/lib/platform/log';

const logged = (fields: object): string => {
  let text = '';
  createLog('test', { write: (line: string) => (text += line) }).warn(fields, 'message');
  return text;
};

describe('logs', () => {
  const secret = 'hunter2';
  const hidden: [string, object][] = [
    ['a bearer token', { headers: { authorization: `Bearer ${secret}` } }],
    ['a cookie', { req: { headers: { cookie: secret } } }],
    ['a client secret', { client_secret: secret }],
    ['a password', { body: { user: { password: secret } } }],
    ['the arguments of a tool call', { context: { arguments: { iban: secret } } }],
    ['an access token', { answer: { access_token: secret } }],
  ];
  it.each(hidden)('never show %s', (_name, fields) => {
    expect(logged(fields)).not.toContain(secret);
    expect(logged(fields)).toContain('[hidden]');
  });

  it('show everything else', () => {
    expect(logged({ agent: 'agt_invoices' })).toContain('agt_invoices');
  });
});
