import { describe, expect, it } from 'vitest';
import { prefers } from './prefer';

describe('a Prefer header asks for a receipt', () => {
  it.each([
    ['by its name', 'receipt'],
    ['in any case', 'Receipt'],
    ['among others', 'respond-async, wait=10, receipt'],
    ['behind a quoted list that names it too', 'foo="a, b", receipt'],
    ['with an empty value', 'receipt=""'],
    ['with parameters', 'receipt; lang=en'],
    ['in two headers', ['wait=1', 'receipt']],
  ])('%s', (_, header) => {
    expect(prefers(header, 'receipt')).toBe(true);
  });
});

describe('a Prefer header asks for no receipt', () => {
  it.each([
    ['when there is none', undefined],
    ['when it is empty', ''],
    ['when another name contains it', 'receipts, no-receipt'],
    ['when it only stands within quotes', 'foo="x, receipt"'],
    ['when it only stands among parameters', 'foo; receipt'],
    ['with a value we do not know', 'receipt=short'],
    ['when it cannot be read', 'rec eipt'],
    ['when quotes never end', 'foo=", receipt'],
    ['when it is endless', `${'a,'.repeat(2_000)}receipt`],
    ['made of separators', ',,,;;;==='],
  ])('%s', (_, header) => {
    expect(prefers(header, 'receipt')).toBe(false);
  });
});
