import { describe, expect, it } from 'vitest';
import { authenticate, checkSecret, narrow, newSecret, parseTokenRequest, tokenErrorAnswer, type TokenErrorCode } from '.';

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const header = basic('crd_1', 'cs_secret');
const grant = 'grant_type=client_credentials';
const details = (value: unknown) =>
  `${grant}&authorization_details=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`;
const task = { type: 'countersign_task', task: 'Batch 88' };

describe('a token request is read', () => {
  it.each<[string, string, string | undefined, object]>([
    ['with the secret in the header', grant, header, { clientId: 'crd_1', secret: 'cs_secret', scope: undefined, detail: undefined }],
    ['with the scheme in other letters', grant, header.replace('Basic', 'bAsIc'), { clientId: 'crd_1' }],
    ['with form-encoded parts in the header', grant, basic('crd%5F1', 'a%3Ab+c'), { clientId: 'crd_1', secret: 'a:b c' }],
    [
      'with the secret in the body',
      `${grant}&client_id=crd_1&client_secret=cs_secret`,
      undefined,
      { clientId: 'crd_1', secret: 'cs_secret' },
    ],
    ['with the id in both places', `${grant}&client_id=crd_1`, header, { clientId: 'crd_1' }],
    [
      'with a scope, each action once',
      `${grant}&scope=invoices.read+payments.schedule+invoices.read`,
      header,
      { scope: ['invoices.read', 'payments.schedule'] },
    ],
    ['with an empty scope as if there were none', `${grant}&scope=`, header, { scope: undefined }],
    ['with a parameter it does not know', `${grant}&resource=x`, header, { clientId: 'crd_1' }],
    ['with a task', details([task]), header, { detail: task }],
    [
      'with a task that names its actions',
      details([{ ...task, actions: ['invoices.read', 'invoices.read'] }]),
      header,
      { detail: { ...task, actions: ['invoices.read'] } },
    ],
    [
      'with a task in another script',
      details([{ ...task, task: 'Lauf 88 für Müller 株式会社' }]),
      header,
      { detail: { task: 'Lauf 88 für Müller 株式会社' } },
    ],
  ])('%s', (_, form, authorization, read) => {
    expect(parseTokenRequest(form, authorization)).toMatchObject({ ok: true, ...read });
  });
});

describe('a token request is refused', () => {
  it.each<[string, string, string | undefined, TokenErrorCode]>([
    ['without any secret', grant, undefined, 'invalid_client'],
    ['with an id alone', `${grant}&client_id=crd_1`, undefined, 'invalid_client'],
    ['with a secret in the header and one in the body', `${grant}&client_id=crd_1&client_secret=cs_secret`, header, 'invalid_request'],
    ['with two different ids', `${grant}&client_id=crd_2`, header, 'invalid_request'],
    ['with a bearer token instead of a secret', grant, 'Bearer abc', 'invalid_client'],
    ['with a header that is not base64', grant, 'Basic crd_1:cs_secret', 'invalid_client'],
    ['with loose base64 in the header', grant, `${header}=`, 'invalid_client'],
    ['with two credentials in the header', grant, `${header}, ${header}`, 'invalid_client'],
    ['with a header without a colon', grant, `Basic ${Buffer.from('crd_1').toString('base64')}`, 'invalid_client'],
    ['with a header that is not UTF-8', grant, `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`, 'invalid_client'],
    ['with a broken escape in the header', grant, basic('crd_1', '%zz'), 'invalid_client'],
    ['with an empty secret', grant, basic('crd_1', ''), 'invalid_client'],
    ['with an endless secret', grant, basic('crd_1', 'x'.repeat(1000)), 'invalid_client'],
    ['without a grant type', 'scope=invoices.read', header, 'invalid_request'],
    ['with an empty grant type', 'grant_type=', header, 'invalid_request'],
    ['for a password', 'grant_type=password&username=a&password=b', header, 'unsupported_grant_type'],
    ['for a refresh token', 'grant_type=refresh_token', header, 'unsupported_grant_type'],
    ['with the grant type in other letters', 'grant_type=CLIENT_CREDENTIALS', header, 'unsupported_grant_type'],
    ['with the grant type twice', `${grant}&${grant}`, header, 'invalid_request'],
    ['with a parameter twice, once empty', `${grant}&scope=&scope=invoices.read`, header, 'invalid_request'],
    ['with a broken escape', `${grant}&scope=%E0%A4`, header, 'invalid_request'],
    ['in JSON', JSON.stringify({ grant_type: 'client_credentials' }), header, 'invalid_request'],
    ['when it is empty', '', header, 'invalid_request'],
    ['when it is endless', `${grant}&x=${'a'.repeat(20_000)}`, header, 'invalid_request'],
    ['with two spaces in its scope', `${grant}&scope=invoices.read++payments.schedule`, header, 'invalid_scope'],
    ['with a quote in its scope', `${grant}&scope=%22`, header, 'invalid_scope'],
    ['with a line break in its scope', `${grant}&scope=a%0Ab`, header, 'invalid_scope'],
    ['with details that are no JSON', details('{'), header, 'invalid_authorization_details'],
    ['with details that are one object', details(task), header, 'invalid_authorization_details'],
    ['with no details in the list', details([]), header, 'invalid_authorization_details'],
    ['with two tasks', details([task, { ...task, task: 'Other' }]), header, 'invalid_authorization_details'],
    ['with details of a type we do not know', details([{ ...task, type: 'payment_initiation' }]), header, 'invalid_authorization_details'],
    ['with details without a task', details([{ type: 'countersign_task' }]), header, 'invalid_authorization_details'],
    ['with a member of details we do not know', details([{ ...task, locations: ['https://x'] }]), header, 'invalid_authorization_details'],
    [
      'with a member of details twice',
      details('[{"type":"countersign_task","task":"a","task":"b"}]'),
      header,
      'invalid_authorization_details',
    ],
    ['with an empty task', details([{ ...task, task: '' }]), header, 'invalid_authorization_details'],
    ['with a task of white space', details([{ ...task, task: ' ' }]), header, 'invalid_authorization_details'],
    ['with a task that cannot be printed', details([{ ...task, task: 'a\u0000b' }]), header, 'invalid_authorization_details'],
    ['with a task that hides a direction mark', details([{ ...task, task: 'a\u202eb' }]), header, 'invalid_authorization_details'],
    ['with a task that hides a zero-width space', details([{ ...task, task: 'a\u200bb' }]), header, 'invalid_authorization_details'],
    ['with an endless task', details([{ ...task, task: 'x'.repeat(129) }]), header, 'invalid_authorization_details'],
    ['with an empty list of actions', details([{ ...task, actions: [] }]), header, 'invalid_authorization_details'],
    ['with a pattern as action', details([{ ...task, actions: ['payments.*'] }]), header, 'invalid_authorization_details'],
  ])('%s', (_, form, authorization, error) => {
    expect(parseTokenRequest(form, authorization)).toMatchObject({ ok: false, error });
  });

  it('in the form of RFC 6749: 401 says how to authenticate, the rest is 400, nothing is cached and nothing of the request is said back', () => {
    const secret = 'cs_very-secret';
    const refused = parseTokenRequest(`grant_type=${secret}`, header);
    if (refused.ok) throw new Error('it was read');
    const answer = tokenErrorAnswer(refused);
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
      body: { error: 'unsupported_grant_type' },
    });
    expect(JSON.stringify(answer)).not.toContain(secret);
    const unauthenticated = tokenErrorAnswer({ ok: false, error: 'invalid_client', description: 'x' });
    expect(unauthenticated).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic realm="countersign", charset="UTF-8"' } });
  });
});

describe('what is issued', () => {
  const permitted = ['invoices.read', 'payments.schedule', 'payments.execute'];
  const none = { scope: undefined, detail: undefined };

  it.each<[string, Parameters<typeof narrow>[1], string[]]>([
    ['is all that is permitted when nothing is asked', none, permitted],
    ['is what was asked of what is permitted', { ...none, scope: ['payments.execute', 'users.delete'] }, ['payments.execute']],
    [
      'is what the task names of what is permitted',
      { ...none, detail: { type: 'countersign_task', task: 't', actions: ['invoices.read', 'users.delete'] } },
      ['invoices.read'],
    ],
    [
      'is in both the scope and the task',
      {
        scope: ['invoices.read', 'payments.execute'],
        detail: { type: 'countersign_task', task: 't', actions: ['payments.execute', 'payments.schedule'] },
      },
      ['payments.execute'],
    ],
  ])('%s', (_, asked, scope) => {
    expect(narrow(permitted, asked)).toMatchObject({ ok: true, scope });
  });

  it('says in its details what was issued, not what was asked', () => {
    const asked = {
      scope: ['invoices.read'],
      detail: { type: 'countersign_task' as const, task: 't', actions: ['invoices.read', 'payments.execute'] },
    };
    expect(narrow(permitted, asked)).toMatchObject({ ok: true, task: 't', detail: { actions: ['invoices.read'] } });
  });

  it.each<[string, string[], Parameters<typeof narrow>[1]]>([
    ['an agent without permissions', [], none],
    ['a scope that is not permitted', permitted, { ...none, scope: ['users.delete'] }],
    [
      'a task whose actions are not permitted',
      permitted,
      { ...none, detail: { type: 'countersign_task', task: 't', actions: ['users.delete'] } },
    ],
    [
      'a scope and a task that share nothing',
      permitted,
      { scope: ['invoices.read'], detail: { type: 'countersign_task', task: 't', actions: ['payments.execute'] } },
    ],
    ['a permission named in other letters', permitted, { ...none, scope: ['Invoices.Read'] }],
    ['more than fits into a header', Array.from({ length: 400 }, (_, i) => `system.operation_number_${i}`), none],
  ])('is nothing for %s', (_, may, asked) => {
    expect(narrow(may, asked)).toMatchObject({ ok: false, error: 'invalid_scope' });
  });
});

describe('a secret', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const later = new Date('2026-11-21T10:00:01Z');
  const { secret, secretHash, hint } = newSecret();
  const credential = { id: 'crd_1', agentId: 'agt_1', secretHash, expiresAt: later, revokedAt: null };

  it('is 256 random bits with a prefix that scanners can find, and opens its credential', () => {
    expect(secret).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
    expect(secret.endsWith(hint)).toBe(true);
    expect(newSecret().secret).not.toBe(secret);
    expect(checkSecret(secret, secretHash)).toBe(true);
    expect(authenticate(credential, secret, now)).toBe(true);
  });

  it.each<[string, Parameters<typeof authenticate>[0], string]>([
    ['with a character changed', credential, `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`],
    ['cut short', credential, secret.slice(0, -1)],
    ['without its prefix', credential, secret.slice(3)],
    ['that is the stored hash', credential, secretHash.toString('hex')],
    ['of an unknown client', undefined, secret],
    ['that expired this instant', { ...credential, expiresAt: now }, secret],
    ['that was revoked', { ...credential, revokedAt: new Date(0) }, secret],
    ['whose stored hash is cut short', { ...credential, secretHash: secretHash.subarray(0, 16) }, secret],
  ])('is refused %s', (_, facts, presented) => {
    expect(authenticate(facts, presented, now)).toBe(false);
  });
});
