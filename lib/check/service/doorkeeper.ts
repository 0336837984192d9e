import type { Principal } from '../domain';
import type { RulesKeeper } from './rules-keeper';
import { sha256 } from '@/lib/kernel/hash';
import { newId } from '@/lib/kernel/ids';
import {
  authenticate,
  isUsable,
  issueToken,
  jwksOf,
  narrow,
  readSigningKey,
  refuseToken,
  signingKeyAt,
  verifyAccessToken,
  type SigningKey,
  type TokenRefusal,
  type TokenRequest,
} from '@/lib/identity/domain';
import { tokenAudience, type AccessTokenClaims, type PublicJwk, type TokenResponse } from '@/lib/identity/schema';
import type { EventPayload } from '@/lib/ledger/schema';
import type { Committer } from '@/lib/ledger/service';

export type DoorkeeperOptions = {
  rules: RulesKeeper;
  committer: Committer;
  /** The key that opens signing keys (purpose `signing-keys`). */
  signingKeysKey: Buffer;
  issuer: string;
};

/** Tokens remembered as verified; the oldest is forgotten first and merely verified again. */
const tokensMax = 50_000;
const epochRetriesMax = 3;

type Known = { principal: Principal; expiresAtMs: number };

/** What the token endpoint ends in: a token, a refusal of RFC 6749, or no decision at all. */
export type TokenResult = { ok: true; response: TokenResponse } | TokenRefusal | { ok: false; unavailable: string };

/** Doorkeeper tells who a bearer token speaks for, and issues tokens: the workflow of a task is written to the ledger before its first token leaves. */
export class Doorkeeper {
  private readonly known = new Map<string, Known>();
  private keysOf: { rows: unknown; keys: SigningKey[] } = { rows: undefined, keys: [] };

  constructor(private readonly options: DoorkeeperOptions) {}

  /** principalOf verifies a token once and remembers it by hash until it expires; its credential is looked up afresh each time, so a revocation counts at once. */
  principalOf(token: string, now: Date): Principal | undefined {
    return this.shown(token, now)?.principal;
  }

  /** expiryOf tells when a token that principalOf accepts ends; undefined for any other. */
  expiryOf(token: string, now: Date): Date | undefined {
    const shown = this.shown(token, now);
    return shown && new Date(shown.expiresAtMs);
  }

  private shown(token: string, now: Date): Known | undefined {
    // First: it forgets every remembered token when the keys have changed.
    const keys = this.keys();
    const name = sha256(token).toString('base64');
    let known = this.known.get(name);
    if (!known) {
      const verdict = verifyAccessToken(token, keys, now, { issuer: this.options.issuer, audience: tokenAudience });
      if (!verdict.ok) return undefined;
      known = { principal: principalFrom(verdict.claims), expiresAtMs: verdict.claims.exp * 1000 };
      if (this.known.size >= tokensMax) for (const oldest of this.known.keys()) if (this.known.delete(oldest)) break;
      this.known.set(name, known);
    }
    if (known.expiresAtMs <= now.getTime()) {
      this.known.delete(name);
      return undefined;
    }
    const credential = this.options.rules.snapshot.rules.credentials.get(known.principal.credential);
    if (!credential || credential.agentId !== known.principal.agent || !isUsable(credential, now)) return undefined;
    return known;
  }

  /** jwks is the published key set (RFC 7517). */
  jwks(now: Date): { keys: PublicJwk[] } {
    return jwksOf(this.keys(), now);
  }

  /** signingKey is what signs tokens and receipts now; undefined while nothing may. */
  signingKey(now: Date): ReturnType<typeof signingKeyAt> {
    return signingKeyAt(this.keys(), now);
  }

  /** knowsClient tells whether there is, or was, a credential of this id. */
  knowsClient(id: string): boolean {
    return this.options.rules.snapshot.rules.credentials.has(id);
  }

  /** canSign tells whether a token could be issued now. */
  canSign(now: Date): boolean {
    return this.signingKey(now) !== undefined;
  }

  /** principalOfFresh is principalOf with a second look at the latest rules before a refusal: another gateway may know a newer credential or key. */
  async principalOfFresh(token: string, now: Date): Promise<Principal | undefined> {
    if (token === '') return undefined;
    await this.options.rules.freshen();
    return this.principalOf(token, now);
  }

  /** issue authenticates a client and issues an access token for what it asked and is permitted. Never throws for what a client sent. */
  async issue(request: TokenRequest, now: Date): Promise<TokenResult> {
    const result = await this.issueByMemory(request, now);
    if (result.ok || 'unavailable' in result) return result;
    await this.options.rules.freshen();
    return this.issueByMemory(request, now);
  }

  private async issueByMemory(request: TokenRequest, now: Date): Promise<TokenResult> {
    const { rules, committer } = this.options;
    for (let attempt = 0; attempt <= epochRetriesMax; attempt++) {
      const { rules: facts } = rules.snapshot;
      const credential = facts.credentials.get(request.clientId);
      if (!authenticate(credential, request.secret, now))
        return refuseToken('invalid_client', 'The client is not known, or its secret is wrong, expired or revoked.');
      const agent = facts.agents.get(credential.agentId);
      if (!agent || agent.status !== 'active') return refuseToken('unauthorized_client', 'This agent is not active.');
      const grant = narrow(agent.permissions, request);
      if (!grant.ok) return grant;
      const key = this.signingKey(now);
      if (!key) return { ok: false, unavailable: 'there is no key to sign with' };

      const id = newId('grt');
      const workflow = newId('wfl');
      const payload: EventPayload = {
        kind: 'grant.issued',
        id,
        actor: { type: 'agent', id: agent.id },
        subject: { type: 'agent', id: agent.id },
        data: { workflow, credential: credential.id, scope: grant.scope, ...(grant.task === undefined ? {} : { task: grant.task }) },
      };
      const outcome = await committer.submit(
        {
          eventId: id,
          agent: agent.id,
          workflow,
          payload: JSON.stringify(payload),
          ...(grant.task === undefined ? {} : { task: grant.task }),
          refuseWhenHalted: false,
          haltsWorkflow: false,
        },
        facts.epoch,
      );
      if (outcome.outcome === 'epoch_moved') {
        if (!(await rules.catchUp(outcome.epoch))) return { ok: false, unavailable: 'the rules are changing' };
        continue;
      }
      if (outcome.outcome !== 'written' && outcome.outcome !== 'duplicate') {
        return { ok: false, unavailable: outcome.outcome === 'unavailable' ? outcome.reason : 'the grant could not be recorded' };
      }
      const workflowId = outcome.outcome === 'duplicate' ? outcome.existing : workflow;
      const { response } = issueToken(
        { issuer: this.options.issuer, agentId: agent.id, credentialId: credential.id, workflowId, grant },
        key,
        now,
      );
      return { ok: true, response };
    }
    return { ok: false, unavailable: 'the rules are changing' };
  }

  private keys(): SigningKey[] {
    const rows = this.options.rules.snapshot.signingKeys;
    if (this.keysOf.rows !== rows) {
      const keys = rows.flatMap((row) => readSigningKey(row, this.options.signingKeysKey) ?? []);
      this.keysOf = { rows, keys };
      // A key that no longer counts must not live on in remembered tokens.
      this.known.clear();
    }
    return this.keysOf.keys;
  }
}

function principalFrom(claims: AccessTokenClaims): Principal {
  return {
    agent: claims.sub,
    credential: claims.client_id,
    workflow: claims.wfl,
    task: claims.task,
    scope: new Set(claims.scope.split(' ')),
  };
}
