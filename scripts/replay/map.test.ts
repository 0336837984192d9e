import { describe, expect, test } from 'vitest';
import { actionTypeOf, mapBytesMax, parseMap } from './map';
import { compileArguments } from '@/lib/registry/domain/arguments';

const whole = `
version: 1
agent: { id: agt_desk, name: Desk, purpose: Answers letters, floor: 1, registered_by: Emma@Example.com, sponsor: liam@example.com, reviewed_by: sofia@example.com }
process: { id: prc_desk, name: Desk, owner: ana@example.com, created_by: raj@example.com }
system: { id: sys_desk, name: Desk }
compensations: { desk.unsend: Takes a letter back }
$defs:
  letter: { type: object, properties: { text: { $ref: '#/$defs/text' } }, required: [text], additionalProperties: false }
  text: { type: string }
  unused: { type: 'null' }
tools:
  read: 
    action: desk.read
    title: Letters read
    parameters: { type: object }
    classification: { effect: read, reversibility: reversible, sensitivity: { constant: internal }, audience: { constant: internal } }
  send:
    action: desk.send
    title: Letters sent
    parameters: { type: object, properties: { letter: { $ref: '#/$defs/letter' } } }
    classification:
      effect: send
      reversibility: compensable
      compensation: { action: desk.unsend }
      sensitivity: { constant: internal }
      audience: { constant: external }
`;

const changed = (from: string, to: string): string => {
  expect(whole).toContain(from);
  return whole.replace(from, to);
};

const refusals: [name: string, text: string, problem: RegExp][] = [
  ['an empty file', '', /map: /],
  ['something that is not YAML', 'tools: [', /flow collection|Flow sequence/i],
  ['another version of the format', changed('version: 1', 'version: 2'), /version/],
  ['a member nobody knows, which may be a misspelt one', changed('version: 1', 'version: 1\nfloors: 1'), /floors/],
  ['a tool that is there twice', changed('  read: ', '  send:'), /unique/],
  [
    'an alias, which hides what is written elsewhere',
    changed("  unused: { type: 'null' }", "  unused: &x { type: 'null' }\n  alias: *x"),
    /alias/i,
  ],
  ['no tools', whole.replace(/tools:[^]*$/, 'tools: {}'), /at least one tool/],
  [
    'a tool without a classification',
    changed(
      '    classification: { effect: read, reversibility: reversible, sensitivity: { constant: internal }, audience: { constant: internal } }\n',
      '',
    ),
    /tools\.read\.classification/,
  ],
  ['an effect that is none of the five', changed('effect: send', 'effect: post'), /tools\.send\.classification\.effect/],
  [
    'a reversibility the agent would declare',
    changed('reversibility: compensable', 'reversibility: { declared: compensable }'),
    /reversibility/,
  ],
  ['a compensable tool with nothing that undoes it', changed('      compensation: { action: desk.unsend }\n', ''), /must be named/],
  ['a compensation that is neither a tool nor named', changed('{ desk.unsend: Takes a letter back }', '{}'), /desk\.unsend is neither/],
  ['a read with a compensation', changed('{ effect: read,', '{ effect: read, compensation: { action: desk.send },'), /no compensation/],
  ['two tools of one action', changed('action: desk.send', 'action: desk.read'), /already the action of read/],
  [
    'a parameter schema that does not compile',
    changed('parameters: { type: object }', 'parameters: { type: letter }'),
    /tools\.read.*cannot be used/,
  ],
  ['a reference to a $def that is not there', changed("'#/$defs/text'", "'#/$defs/texts'"), /there is no \$defs\.texts/],
  ['an owner who is no address', changed('owner: ana@example.com', 'owner: Ana'), /process\.owner/],
  ['a floor above 4', changed('floor: 1', 'floor: 5'), /agent\.floor/],
  ['a file larger than any mapping', `${whole}#${'x'.repeat(mapBytesMax)}`, /larger than/],
];

describe('A mapping is refused, in a sentence that says where, when it has', () => {
  test.each(refusals)('%s', (_name, text, problem) => {
    const parsed = parseMap(text);
    expect(parsed.ok ? [] : parsed.problems).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });
});

describe('A mapping that is whole', () => {
  const parsed = parseMap(whole);
  const map = parsed.ok ? parsed.map : undefined;

  test('is read, with e-mails in the one spelling accounts have', () => {
    expect(map?.agent).toMatchObject({ id: 'agt_desk', floor: 1, registered_by: 'emma@example.com' });
  });

  test('leaves a new agent supervised when it names no floor', () => {
    const silent = parseMap(changed(' floor: 1,', ''));
    expect(silent.ok && silent.map.agent.floor).toBe(2);
  });

  test('gives each action type the definitions its schema uses, those they use, and no other', () => {
    const send = map?.tools['send'];
    const type = map && send && actionTypeOf(map, send);
    expect(Object.keys(type?.parameters['$defs'] ?? {})).toEqual(['letter', 'text']);
    const compiled = type && compileArguments(type.parameters);
    expect(compiled?.ok && compiled.check({ letter: { text: 'Dear Sir' } })).toBeNull();
    expect(compiled?.ok && compiled.check({ letter: { text: 'Dear Sir', bcc: 'all' } })).not.toBeNull();
  });

  test('adds nothing to a schema that uses no definition', () => {
    const read = map?.tools['read'];
    expect(map && read && actionTypeOf(map, read).parameters).toEqual({ type: 'object' });
  });
});
