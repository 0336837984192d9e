import { readProblem, readToken } from './answers';
import { RequestRefused } from './errors';
import { readWith, type Transport } from './transport';

/** A token is replaced this long before it ends, so that none ends on its way; half of a life shorter than twice that. */
const marginMs = 20_000;

type Held = { text: string; renewAt: number };

/** TokenKeeper holds the one access token of a client and its task, and gets the next before it ends (RFC 6749 section 4.4, RFC 9396). */
export class TokenKeeper {
  readonly #transport: Transport;
  readonly #authorization: string;
  readonly #form: string;
  #held: Held | undefined;
  #underway: Promise<Held> | undefined;

  constructor(transport: Transport, credential: { clientId: string; clientSecret: string }, task: string) {
    this.#transport = transport;
    // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
    const pair = [credential.clientId, credential.clientSecret].map(encodeURIComponent).join(':');
    this.#authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    const authorization_details = JSON.stringify([{ type: 'countersign_task', task }]);
    this.#form = new URLSearchParams({ grant_type: 'client_credentials', authorization_details }).toString();
  }

  /** token answers one that is good for a while yet. */
  async token(): Promise<string> {
    if (this.#held && performance.now() < this.#held.renewAt) return this.#held.text;
    this.#underway ??= this.#request().finally(() => (this.#underway = undefined));
    this.#held = await this.#underway;
    return this.#held.text;
  }

  /** drop forgets a token the gateway would not take. */
  drop(token: string): void {
    if (this.#held?.text === token) this.#held = undefined;
  }

  async #request(): Promise<Held> {
    const reply = await this.#transport.send({
      path: '/oauth/token',
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: this.#form,
    });
    if (reply.status >= 400) {
      const { code, detail } = readProblem(reply.text);
      throw new RequestRefused(reply.status, code, detail, 'Look at the client id, its secret and what the agent is permitted.');
    }
    const { token, seconds } = readWith(reply, readToken);
    const lifeMs = seconds * 1000;
    return { text: token, renewAt: performance.now() + Math.max(lifeMs - marginMs, lifeMs / 2) };
  }
}
