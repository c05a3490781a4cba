/**
 * Identity-aware access over HTTPS: no tunnel at all. A proxy in front of each application asks every request who is
 * calling, from what device, and whether a policy lets him in. The caller shows a token that the sign-in gave him.
 *
 * The token is a JSON Web Token with HMAC-SHA256 (RFC 7519, RFC 7515), sent as "Authorization: Bearer …" (RFC 6750).
 * Does not model: the sign-in itself; the token is what the browser came away from it with.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { equal } from '../lib/bytes.ts';
import { latin1 } from '../wire/writer.ts';
import { fromBase64Url, toBase64Url } from './base64.ts';
import { unixTime } from './calendar.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { HttpsClient, type HttpsClientOptions, HttpsServer, type HttpsServerOptions } from './https.ts';

/** Who somebody is, as the sign-in found. */
export interface Claims {
  /** "ada@example.com". */
  readonly subject: string;
  readonly groups: readonly string[];
  /** Whether the company looks after the device. */
  readonly managedDevice: boolean;
  /** Until when the token holds, microseconds of the simulated world. */
  readonly until: number;
}

/** Who may have what. The first rule whose path begins the request's path decides. */
export interface AccessRule {
  readonly path: string;
  readonly group: string;
  readonly managedDevice: boolean;
}

export type Decision =
  | { readonly allowed: true; readonly claims: Claims }
  | { readonly allowed: false; readonly status: 401 | 403; readonly why: string };

const HEADER = toBase64Url(utf8ToBytes('{"alg":"HS256","typ":"JWT"}'));

export function issueToken(claims: Claims, key: Uint8Array): string {
  const payload = {
    sub: claims.subject,
    groups: claims.groups,
    managed: claims.managedDevice,
    exp: unixTime(claims.until),
  };
  const signed = `${HEADER}.${toBase64Url(utf8ToBytes(JSON.stringify(payload)))}`;
  return `${signed}.${toBase64Url(hmac(sha256, key, utf8ToBytes(signed)))}`;
}

/** The claims of a token that is whole and ours, whatever its time. */
export function readToken(token: string, key: Uint8Array): Claims | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  const given = fromBase64Url(signature ?? '');
  const body = fromBase64Url(payload ?? '');
  if (header !== HEADER || !given || !body || rest.length > 0) return undefined;
  if (!equal(given, hmac(sha256, key, utf8ToBytes(`${header}.${payload}`)))) return undefined;
  // Signed by us, so it has the form that we gave it.
  const read = JSON.parse(latin1(body)) as { sub: string; groups: string[]; managed: boolean; exp: number };
  const until = (read.exp - unixTime(0)) * 1_000_000;
  return { subject: read.sub, groups: read.groups, managedDevice: read.managed, until };
}

export function decide(request: HttpRequest, now: number, key: Uint8Array, rules: readonly AccessRule[]): Decision {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const claims = token === undefined ? undefined : readToken(token, key);
  if (!claims) return { allowed: false, status: 401, why: token ? 'the token is not ours' : 'no token was shown' };
  if (now >= claims.until) return { allowed: false, status: 401, why: 'the token has run out' };
  const rule = rules.find(({ path }) => request.path.startsWith(path));
  const why = rule ? objection(claims, rule) : 'no rule is about this path';
  return why === undefined ? { allowed: true, claims } : { allowed: false, status: 403, why };
}

function objection(claims: Claims, rule: AccessRule): string | undefined {
  if (!claims.groups.includes(rule.group)) return `the policy asks for the group "${rule.group}"`;
  return rule.managedDevice && !claims.managedDevice ? 'the policy asks for a managed device' : undefined;
}

export interface AccessProxyOptions extends Omit<HttpsServerOptions, 'answer'> {
  /** Shared by the sign-in and the proxy. */
  readonly key: Uint8Array;
  readonly rules: readonly AccessRule[];
}

/** The proxy and, for those whom it lets in, the application behind it. */
export function accessProxy(options: AccessProxyOptions): HttpsServer {
  const { key, rules, ...server } = options;
  const answer = (request: HttpRequest, { now }: { readonly now: number }) => respond(request, now, key, rules);
  return new HttpsServer({ session: 'identity', ...server, answer });
}

function respond(request: HttpRequest, now: number, key: Uint8Array, rules: readonly AccessRule[]): HttpResponse {
  const decision = decide(request, now, key, rules);
  const headers = { 'Content-Type': 'text/plain' };
  if (decision.allowed) return { status: 200, reason: 'OK', headers, body: `Good day, ${decision.claims.subject}.` };
  const challenge = decision.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
  const reason = decision.status === 401 ? 'Unauthorized' : 'Forbidden';
  return { status: decision.status, reason, headers: { ...headers, ...challenge }, body: decision.why };
}

export interface AccessClientOptions extends Omit<HttpsClientOptions, 'headers'> {
  readonly token?: string;
}

export function accessClient(options: AccessClientOptions): HttpsClient {
  const { token, ...client } = options;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return new HttpsClient({ session: 'identity', ...client, headers });
}
