import { RE2JS } from 're2js';
import { spend } from './budget';

/** PATTERN_SIZE_MAX bounds one regular expression, in instructions of its program: `[A-Z]{3}` has some ten, `.{1,1000}` two thousand. */
export const PATTERN_SIZE_MAX = 2_500;

type Pattern = { test: (text: string) => boolean; toString: () => string };

/**
 * patternEngine compiles the regular expressions of a schema with an engine whose time grows with the text alone, so that no argument can hang a
 * check. A pattern must mean something to JavaScript too. Throws when it is none, too large, or needs looking ahead or back.
 */
function compilePattern(pattern: string): Pattern {
  // Only for its refusal: never run.
  RegExp(pattern, 'u');
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  const size = compiled.programSize();
  if (size > PATTERN_SIZE_MAX) throw new Error('a pattern is too large; lengths are better said with minLength and maxLength');
  return {
    test: (text) => {
      spend(size * (text.length + 1));
      return compiled.test(text);
    },
    // Ajv tells patterns apart by this.
    toString: () => `/${pattern}/`,
  };
}

// `code` would be used only for validators written to a file, which these never are.
export const patternEngine = Object.assign(compilePattern, { code: 'patternEngine' });
