import type { Json } from './canonical';

/** Deepest nesting accepted in a request. */
export const jsonDepthMax = 64;
/** Most members and elements accepted in one request, all levels together. */
export const jsonNodesMax = 20_000;

/** Why a text was refused: a sentence and the place (0-based character offset). */
export type JsonRefusal = { ok: false; reason: string; offset: number };

/**
 * parseStrictJson reads one JSON document (RFC 8259) as I-JSON (RFC 7493): it refuses duplicate keys, numbers that do not survive a round trip
 * through a double, `-0`, lone surrogates, the key `__proto__`, and anything deeper or larger than the named limits. Each of these would let a
 * tool read something else than what was decided.
 */
export function parseStrictJson(text: string): { ok: true; value: Json } | JsonRefusal {
  const reader = new Reader(text);
  try {
    return { ok: true, value: reader.document() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message, offset: error.offset };
    throw error;
  }
}

class Refusal extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

// A plain number: its text is its own shortest form, so it needs no round-trip comparison.
const smallInteger = /^-?[1-9][0-9]{0,14}$/;
const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

class Reader {
  private at = 0;
  private nodes = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    this.space();
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) this.refuse('there is more after the end of the document');
    return value;
  }

  private refuse(reason: string, offset = this.at): never {
    throw new Refusal(reason, offset);
  }

  private space(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.at++;
    }
  }

  private value(depth: number): Json {
    if (++this.nodes > jsonNodesMax) this.refuse(`more than ${jsonNodesMax} values`);
    switch (this.text.charCodeAt(this.at)) {
      case 123:
        return this.object(depth + 1);
      case 91:
        return this.array(depth + 1);
      case 34:
        return this.string();
      case 116:
        return this.word('true', true);
      case 102:
        return this.word('false', false);
      case 110:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.refuse('not a JSON value');
    this.at += word.length;
    return value;
  }

  private object(depth: number): Json {
    if (depth > jsonDepthMax) this.refuse(`nested deeper than ${jsonDepthMax}`);
    const object: { [name: string]: Json } = {};
    this.at++;
    this.space();
    if (this.text.charCodeAt(this.at) === 125) {
      this.at++;
      return object;
    }
    for (;;) {
      const start = this.at;
      if (this.text.charCodeAt(this.at) !== 34) this.refuse('a member name was expected');
      const name = this.string();
      if (name === '__proto__') this.refuse('the member name "__proto__" is not accepted', start);
      if (Object.hasOwn(object, name)) this.refuse('a member name stands twice in one object', start);
      this.space();
      if (this.text.charCodeAt(this.at) !== 58) this.refuse('a colon was expected');
      this.at++;
      this.space();
      object[name] = this.value(depth);
      this.space();
      const c = this.text.charCodeAt(this.at);
      if (c === 44) {
        this.at++;
        this.space();
        continue;
      }
      if (c !== 125) this.refuse('a comma or the end of an object was expected');
      this.at++;
      return object;
    }
  }

  private array(depth: number): Json {
    if (depth > jsonDepthMax) this.refuse(`nested deeper than ${jsonDepthMax}`);
    const array: Json[] = [];
    this.at++;
    this.space();
    if (this.text.charCodeAt(this.at) === 93) {
      this.at++;
      return array;
    }
    for (;;) {
      array.push(this.value(depth));
      this.space();
      const c = this.text.charCodeAt(this.at);
      if (c === 44) {
        this.at++;
        this.space();
        continue;
      }
      if (c !== 93) this.refuse('a comma or the end of an array was expected');
      this.at++;
      return array;
    }
  }

  private string(): string {
    const start = this.at;
    let i = start + 1;
    for (;;) {
      const c = this.text.charCodeAt(i);
      if (c === 34) break;
      if (c !== c) this.refuse('a string does not end', start);
      if (c < 32) this.refuse('a control character stands in a string', i);
      if (c === 92) return this.escapedString(start, i);
      if (c >= 0xd800 && c <= 0xdfff) return this.escapedString(start, i);
      i++;
    }
    this.at = i + 1;
    return this.text.slice(start + 1, i);
  }

  // From the first escape or surrogate on: find the end, let JSON.parse unescape, then look for lone surrogates.
  private escapedString(start: number, from: number): string {
    let i = from;
    for (;;) {
      const c = this.text.charCodeAt(i);
      if (c === 34) break;
      if (c !== c) this.refuse('a string does not end', start);
      if (c < 32) this.refuse('a control character stands in a string', i);
      i += c === 92 ? 2 : 1;
    }
    let value: string;
    try {
      value = JSON.parse(this.text.slice(start, i + 1)) as string;
    } catch {
      this.refuse('a string has an escape that JSON does not know', start);
    }
    if (!value.isWellFormed()) this.refuse('a string has half of a surrogate pair', start);
    this.at = i + 1;
    return value;
  }

  private number(): number {
    numberShape.lastIndex = this.at;
    const match = numberShape.exec(this.text);
    if (!match) this.refuse(this.at >= this.text.length ? 'the document ends too early' : 'not a JSON value');
    const literal = match[0];
    const value = Number(literal);
    if (!smallInteger.test(literal) && !survives(literal, value)) {
      this.refuse(`the number ${literal.slice(0, 40)} does not survive a round trip through a double: send it as a string`);
    }
    this.at += literal.length;
    return value;
  }
}

/** survives tells whether a double keeps the exact decimal value of a JSON number literal (trailing zeros and exponent spelling do not count). */
function survives(literal: string, value: number): boolean {
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  return decimal(literal) === decimal(String(value));
}

/** decimal normalises a number literal to sign, significant digits and exponent, so that equal values have equal texts. */
function decimal(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace(/^[-+]/, '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${negative ? '-' : ''}${significant}e${power}`;
}
