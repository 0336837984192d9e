import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/people/schema';
import { whyNotResume, type SignRefusal } from './resumptions';

const somebody = (personId: string, roles: Role[], status: 'active' | 'deactivated' = 'active') => ({
  personId,
  roles,
  status,
  asOperator: false,
});
const open = { signedAt: null, askedAsOperator: false };
const openAtShell = { signedAt: null, askedAsOperator: true };
const asker = somebody('per_1', ['leader']);
const signer = somebody('per_2', ['security']);

describe('a resumption', () => {
  type Row = [string, Parameters<typeof whyNotResume>, SignRefusal | undefined];
  const rows: Row[] = [
    ['is signed by a second person, security after a leader', [open, false, asker, signer], undefined],
    ['is signed by a leader after a leader', [open, false, asker, somebody('per_2', ['leader'])], undefined],
    ['is not signed by whoever asked', [open, false, asker, asker], 'SAME_PERSON'],
    [
      'is not signed by whoever asked under another account, in another role',
      [open, false, asker, somebody('per_1', ['security'])],
      'SAME_PERSON',
    ],
    ...(['admin', 'process_owner', 'risk', 'engineer', 'auditor'] as const).map((role): Row => [
      `is not signed by ${role}`,
      [open, false, asker, somebody('per_2', [role])],
      'NOT_ALLOWED',
    ]),
    ['is not signed by nobody', [open, false, asker, undefined], 'NOT_ALLOWED'],
    ['is not signed twice', [{ ...open, signedAt: new Date() }, true, asker, signer], 'ALREADY_RESUMED'],
    ['is not signed when another one of the same checkpoint was', [open, true, asker, signer], 'ALREADY_RESUMED'],
    ['asked at the command line is signed in the console', [openAtShell, false, asker, signer], undefined],
    ['asked in the console is signed at the command line', [open, false, asker, { ...signer, asOperator: true }], undefined],
    [
      'asked at the command line is not signed there: whoever owns the shell could be both',
      [openAtShell, false, asker, { ...signer, asOperator: true }],
      'OPERATOR_TWICE',
    ],
    ['does not count when who asked was deactivated', [open, false, somebody('per_1', ['leader'], 'deactivated'), signer], 'ASKER_GONE'],
    ['does not count when who asked lost the role', [open, false, somebody('per_1', ['engineer']), signer], 'ASKER_GONE'],
    ['does not count when nobody knows who asked', [open, false, undefined, signer], 'ASKER_GONE'],
  ];
  it.each(rows)('%s', (_, given, refusal) => {
    expect(whyNotResume(...given)).toBe(refusal);
  });
});
