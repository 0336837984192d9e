import { describe, expect, test } from 'vitest';
import { parseOptions, resumeCommand } from './options';

const refusals: [name: string, args: string[], problem: RegExp][] = [
  ['no recording', ['--map', 'm.yaml'], /which recording/],
  ['two recordings', ['a.jsonl', 'b.jsonl', '--map', 'm.yaml'], /b\.jsonl is one too many/],
  ['no mapping', ['a.jsonl'], /--map: is needed/],
  ['an option nobody knows', ['a.jsonl', '--map', 'm.yaml', '--force'], /--force/],
  ['a decision that is none of the three', ['a.jsonl', '--map', 'm.yaml', '--decide', 'yes'], /--decide/],
  ['a decider who is no address', ['a.jsonl', '--map', 'm.yaml', '--as', 'ana'], /--as/],
  ['an agent id of another kind', ['a.jsonl', '--map', 'm.yaml', '--agent', 'usr_ana'], /--agent/],
  ['a gateway that is not HTTP', ['a.jsonl', '--map', 'm.yaml', '--gateway', 'ftp://host'], /--gateway/],
  ['a limit of none', ['a.jsonl', '--map', 'm.yaml', '--limit', '0'], /--limit/],
  ['a limit that is no number', ['a.jsonl', '--map', 'm.yaml', '--limit', 'ten'], /--limit/],
  ['the id of no replay', ['a.jsonl', '--map', 'm.yaml', '--resume', 'last'], /--resume/],
];

describe('The command is refused in one sentence when it is given', () => {
  test.each(refusals)('%s', (_name, args, problem) => {
    const parsed = parseOptions(args);
    expect(parsed.ok ? 'accepted' : parsed.problem).toMatch(problem);
  });
});

test('Unless told otherwise it asks a person, about every call', () => {
  expect(parseOptions(['a.jsonl', '--map', 'm.yaml'])).toEqual({
    ok: true,
    options: { file: 'a.jsonl', map: 'm.yaml', decide: 'ask', json: false },
  });
});

test('Everything can be said at once', () => {
  const args = [
    '--json',
    '--map=m.yaml',
    'a.jsonl',
    '--decide',
    'reject',
    '--as',
    'Liam@Example.com',
    '--limit',
    '20',
    '--resume',
    '0123456789abcdef',
  ];
  expect(parseOptions(args)).toMatchObject({ ok: true, options: { decide: 'reject', as: 'liam@example.com', limit: 20, json: true } });
});

test('The command that resumes a replay says everything the first one did', () => {
  const args = [
    'a b.jsonl',
    '--map',
    'm.yaml',
    '--decide',
    'approve',
    '--as',
    'liam@example.com',
    '--gateway',
    'http://127.0.0.1:4000',
    '--limit',
    '20',
    '--json',
  ];
  const parsed = parseOptions(args);
  expect(parsed.ok && resumeCommand(parsed.options, '0123456789abcdef')).toBe(
    "npm run replay -- 'a b.jsonl' --map m.yaml --decide approve --as liam@example.com --gateway http://127.0.0.1:4000 --limit 20 --resume 0123456789abcdef --json",
  );
});
