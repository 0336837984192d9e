import { expect, test } from 'vitest';
import { isSameOrigin } from './origin';
import { homePath, safeReturn } from './return-path';

const publicUrl = 'https://countersign.example.com';
const request = (headers: Record<string, string>) =>
  new Request('http://127.0.0.1:3000/api/v1/x', { method: 'POST', headers: { host: '127.0.0.1:3000', ...headers } });

test.each([
  ['from our own page', { origin: publicUrl, 'sec-fetch-site': 'same-origin' }],
  ['from our own page, in a browser that sends no Sec-Fetch-Site', { origin: publicUrl }],
  ['from the host it was sent to, behind another name', { origin: 'http://127.0.0.1:3000' }],
])('a POST %s is taken', (_, headers) => {
  expect(isSameOrigin(request(headers), publicUrl)).toBe(true);
});

test.each([
  ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['from another site that hides what it is', { origin: 'https://evil.example' }],
  ['from another host of the same site', { origin: 'https://blog.example.com', 'sec-fetch-site': 'same-site' }],
  ['from our name over another scheme', { origin: 'http://countersign.example.com' }],
  ['from our name on another port', { origin: 'https://countersign.example.com:8443' }],
  ['from a host that only begins like ours', { origin: 'https://countersign.example.com.evil.example' }],
  ['with an opaque origin', { origin: 'null' }],
  ['with an origin that is no address', { origin: 'countersign.example.com' }],
  ['from the address bar', { origin: publicUrl, 'sec-fetch-site': 'none' }],
  ['that says nothing of where it comes from', {}],
])('a POST %s is refused', (_, headers: Record<string, string>) => {
  expect(isSameOrigin(request(headers), publicUrl)).toBe(false);
});

test.each(['/ledger', '/approvals/apr_1?tab=decided', '/ledger?agent=agt_invoices'])('after signing in %s is gone back to', (from) => {
  expect(safeReturn(from)).toBe(from);
});

test.each([
  ['another site', 'https://evil.example'],
  ['another site without a scheme', '//evil.example'],
  ['another site by a backslash', '/\\evil.example'],
  ['another site by an encoded line break', '/\n/evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['the sign-in page itself', '/sign-in?from=/sign-in'],
  ['an API', '/api/auth/signout'],
  ['nothing', undefined],
  ['several places', ['/ledger', '/approvals']],
  ['a place far beyond reading', 7],
])('after signing in nobody is sent to %s', (_, from) => {
  expect(safeReturn(from)).toBe(homePath);
});
