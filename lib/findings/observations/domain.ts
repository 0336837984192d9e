import { heldMax, namesOfNetworkMax, textLengthMax, valuesMax, type Noticed, type ObservationKind } from './schema';
import { looksLikeSecret } from '@/lib/identity/domain';
import { sha256 } from '@/lib/kernel/hash';

type Tally = { count: number };

/**
 * Tallies counts pairs of subject and value in memory, at most `heldMax` pairs and `valuesMax` of one subject, and of clients that nobody registered
 * `namesOfNetworkMax` of one network; what is over is counted as dropped. Adding to a pair that is held makes no object.
 */
export class Tallies {
  private subjects = new Map<string, Map<string, Tally>>();
  private networks = new Map<string, number>();
  private held = 0;
  private over = 0;

  constructor(private readonly kind: ObservationKind) {}

  /** dropped is how many were not counted since the last drain. */
  get dropped(): number {
    return this.over;
  }

  add(subject: string, value: string, count = 1): void {
    const tally = this.subjects.get(subject)?.get(value);
    if (tally) tally.count += count;
    else this.open(subject, value, count);
  }

  /** drain answers what was counted, each text fit to be stored, and begins anew. */
  drain(): Noticed[] {
    const noticed: Noticed[] = [];
    for (const [subject, values] of this.subjects)
      for (const [value, { count }] of values) noticed.push({ kind: this.kind, subject: storable(subject), value: storable(value), count });
    this.subjects = new Map();
    this.networks = new Map();
    this.held = 0;
    this.over = 0;
    return noticed;
  }

  private open(subject: string, value: string, count: number): void {
    const values = this.subjects.get(subject);
    if (this.held >= heldMax || (values && values.size >= valuesMax) || !this.roomFor(value)) {
      this.over += count;
      return;
    }
    this.held++;
    if (values) values.set(copied(value), { count });
    else this.subjects.set(copied(subject), new Map([[copied(value), { count }]]));
  }

  /** Agents, credentials and systems have their names from us; what a client is called is up to whoever asks, so the network it asks from bounds it. */
  private roomFor(value: string): boolean {
    if (this.kind !== 'client.unknown') return true;
    const names = this.networks.get(value) ?? 0;
    if (names >= namesOfNetworkMax) return false;
    this.networks.set(copied(value), names + 1);
    return true;
  }
}

// A piece of a request's text keeps the whole of it in memory; bytes of its own do not.
const copied = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const valueLengthMax = 300;
const unstorable = /[\p{Cc}\p{Cs}]/gu;

/** storable cuts a stranger's text and replaces what PostgreSQL would refuse (NUL, half a surrogate pair), so that one name cannot spoil a write of many. */
export const storable = (text: string): string => text.slice(0, valueLengthMax).replace(unstorable, '\ufffd');

/** bounded cuts a text to what is kept of a name that somebody said. */
export const bounded = (text: string): string => text.slice(0, textLengthMax);

const fingerprintLength = 16;
const product = /^[^\s/(]{1,64}/;

/**
 * fingerprintOf names the workload a request came from: the first 16 hex digits of SHA-256 over its network address and the name of the first product of
 * its user agent (RFC 9110 section 10.1.5), without the version, which changes with every upgrade. Two programs of one kind behind one address have the same; one
 * program that moves has two. It is no secret: whoever knows the addresses of a network can find the one behind it.
 */
export function fingerprintOf(address: string, userAgent: string | undefined): string {
  const name = product.exec(userAgent ?? '')?.[0].toLowerCase() ?? '';
  return sha256(`${address}\n${name}`).toString('hex').slice(0, fingerprintLength);
}

const ipv4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?::\d+)?$/i;
/** Leading groups of an IPv6 address that name a network: a site has a /48. */
const groupsOfNetwork = 3;

/**
 * networkOf names the network that an address is in, as fingerprintOf names a workload: the /24 of IPv4, the /48 of IPv6, what whoever has one such network
 * cannot choose. What is no address is a network of its own.
 */
export const networkOf = (address: string): string => sha256(prefixOf(address)).toString('hex').slice(0, fingerprintLength);

function prefixOf(address: string): string {
  const short = ipv4.exec(address)?.[1];
  if (short !== undefined) return short;
  const [bare = ''] = address.replace(/^\[([^\]]*)\].*$/, '$1').split('%');
  if (!bare.includes(':')) return address;
  const [head = [], tail = []] = bare.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail];
  return groups
    .slice(0, groupsOfNetwork)
    .map((group) => parseInt(group, 16))
    .join(':');
}

const clientLengthMax = 128;
const tokenLengthMax = 8 * 1024;

/** claimedClient reads the client id that a bearer token says, believing nothing of it; undefined when it says none. */
export function claimedClient(token: string): string | undefined {
  const payload = token.length <= tokenLengthMax ? token.split('.', 3)[1] : undefined;
  if (payload === undefined) return undefined;
  try {
    const said: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const client = typeof said === 'object' && said !== null && 'client_id' in said ? said.client_id : undefined;
    return typeof client === 'string' && client !== '' && client.length <= clientLengthMax ? client : undefined;
  } catch {
    return undefined;
  }
}

/** What a client is noticed as that showed a secret where its id belongs: people read these names. */
export const mixedUp = 'a secret in place of an id';

/** clientNamed is what a client that nobody registered is noticed as. */
export const clientNamed = (id: string): string => (looksLikeSecret(id) ? mixedUp : id);

/** The agent of a sighting whose caller said none. */
export const unknownAgent = 'unknown';

/** sightingValue is a sighting as an observation's value: action, a space, and the agent that was claimed. Neither has a space in it. */
export const sightingValue = (action: string, agent: string | undefined): string => `${action} ${agent ?? unknownAgent}`;

/** readSightingValue is its inverse; `agent` undefined when none was claimed. */
export function readSightingValue(value: string): { action: string; agent: string | undefined } {
  const [action = '', agent = unknownAgent] = value.split(' ');
  return { action, agent: agent === unknownAgent ? undefined : agent };
}
