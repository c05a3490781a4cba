import { describe, expect, test } from 'vitest';
import { browserSymptom } from '../../src/endpoints/browser-words.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { HttpsClient, type HttpsClientOptions, HttpsServer } from '../../src/endpoints/https.ts';
import { accessClient, accessProxy, type Claims, issueToken, readToken } from '../../src/endpoints/identity.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const SERVER = ipv4('198.51.100.10');
const CLIENT = ipv4('203.0.113.1');
const NAME = 'www.example.com';

function lab(client: HttpsClient, server: HttpsServer, options: Partial<LabOptions> = {}): Lab {
  return new Lab({
    hosts: [
      { name: 'client', addresses: [CLIENT], endpoints: [client] },
      { name: 'server', addresses: [SERVER], endpoints: [server] },
    ],
    ...options,
  })
    .start('server')
    .start('client');
}

const client = (options: Partial<HttpsClientOptions> = {}) =>
  new HttpsClient({ server: SERVER, name: NAME, ...options });
const server = () => new HttpsServer({ name: NAME });

describe('a page over HTTPS', () => {
  test('comes after three round trips: TCP, TLS, the request', () => {
    const l = lab(client(), server());
    expect(l.runUntil('client', 'up', seconds(1))).toBe(true);
    expect(l.now).toBe(60_000);
    expect(l.phasesOf('client')).toEqual(['tcp', 'tls', 'GET /', '200 OK']);
  });

  test('later pages come over the same connection', () => {
    const l = lab(client({ at: [0, seconds(5), seconds(9)] }), server()).run(seconds(20));
    expect(l.phasesOf('client').filter((phase) => phase === '200 OK')).toHaveLength(3);
    expect(l.phasesOf('client').filter((phase) => phase === 'tcp')).toHaveLength(1);
  });

  test('closing says close_notify and FIN from both sides, and resets nothing', () => {
    const l = lab(client(), server()).run(seconds(2)).stop('client').run(seconds(200));
    expect(l.statusOf('client')).toBe('closed');
    const flags = l.packets().map((packet) => packet[33]!);
    expect(flags.filter((each) => each & 1)).toHaveLength(2);
    expect(flags.filter((each) => each & 4)).toEqual([]);
  });

  test('a server that stops refuses the next call', () => {
    const l = lab(client({ at: [0, seconds(10)] }), server())
      .run(seconds(5))
      .stop('server')
      .run(seconds(30));
    expect(l.symptomsOf('client').at(-1)).toMatchObject({ system: 'browser', code: 'ERR_CONNECTION_REFUSED' });
  });

  test('a lost packet of any kind only costs time', () => {
    for (let lost = 0; lost < 12; lost++) {
      let seen = 0;
      const l = lab(client(), server(), { filter: (packet) => (seen++ === lost ? undefined : packet) });
      expect(l.runUntil('client', 'up', seconds(20))).toBe(true);
    }
  });
});

describe('what the user reads when the page does not come', () => {
  test.each([
    ['nobody answers the SYN', () => undefined, 'ERR_CONNECTION_TIMED_OUT'],
    [
      'the answers to data are lost',
      (packet: Uint8Array, from: string) => (from === 'server' && packet.length > 44 ? undefined : packet),
      'ERR_TIMED_OUT',
    ],
  ] as const)('%s', (_, filter, code) => {
    const l = lab(client(), server(), { filter }).run(seconds(600));
    expect(l.statusOf('client')).toBe('failed');
    expect(l.symptomsOf('client')[0]).toMatchObject({ system: 'browser', code });
  });

  test('a site with a certificate for another name is not trusted', () => {
    const l = lab(client({ name: 'other.example.com' }), server()).run(seconds(5));
    expect(l.symptomsOf('client')[0]).toMatchObject({
      code: 'ERR_CERT_COMMON_NAME_INVALID',
      text: 'Your connection is not private: Attackers might be trying to steal your information from other.example.com.',
    });
  });

  test.each([
    [{ kind: 'closed' }, false, 'ERR_CONNECTION_CLOSED', 'be reached: a.example unexpectedly closed the connection.'],
    [{ kind: 'closed' }, true, 'ERR_EMPTY_RESPONSE', 'This page isn’t working: a.example didn’t send any data.'],
    [{ kind: 'tcp', why: 'reset' }, true, 'ERR_CONNECTION_RESET', 'can’t be reached: The connection was reset.'],
    [
      { kind: 'tcp', why: 'unreachable' },
      false,
      'ERR_ADDRESS_UNREACHABLE',
      'can’t be reached: a.example is unreachable.',
    ],
    [
      { kind: 'tls', how: { kind: 'refused', alert: 'protocol_version' } },
      false,
      'ERR_SSL_PROTOCOL_ERROR',
      'This site can’t provide a secure connection: a.example sent an invalid response.',
    ],
  ] as const)('%j, asked: %j, is %s', (how, asked, code, text) => {
    expect(browserSymptom('a.example', how, asked)).toMatchObject({ code, text: expect.stringContaining(text) });
  });

  test.each([
    [25_000, 'ERR_CONNECTION_RESET'],
    [45_000, 'ERR_EMPTY_RESPONSE'],
  ] as const)('a server that closes after %i microseconds leaves %s', (time, code) => {
    const l = lab(client(), server()).run(time).stop('server').run(seconds(60));
    expect(l.symptomsOf('client').map((each) => each.code)).toEqual([code]);
  });

  test('an answer that never comes ends after thirty seconds', () => {
    let asked = false;
    const deaf = (packet: Uint8Array, from: string) => {
      asked ||= from === 'client' && packet.length > 400;
      return asked && from === 'server' && packet.length > 60 ? undefined : packet;
    };
    const l = lab(client({ headers: { Padding: 'x'.repeat(400) } }), server(), { filter: deaf }).run(seconds(60));
    expect(l.symptomsOf('client')[0]).toMatchObject({ code: 'ERR_TIMED_OUT' });
  });
});

describe('identity-aware access', () => {
  const key = new Uint8Array(32).fill(7);
  const rules = [
    { path: '/payroll', group: 'finance', managedDevice: true },
    { path: '/wiki', group: 'staff', managedDevice: false },
  ];
  const ada: Claims = {
    subject: 'ada@example.com',
    groups: ['staff', 'finance'],
    managedDevice: true,
    until: seconds(3600),
  };
  const proxy = () => accessProxy({ name: NAME, key, rules });
  const visit = (path: string, token?: string, at: readonly number[] = [0]) =>
    lab(accessClient({ server: SERVER, name: NAME, path, at, ...(token ? { token } : {}) }), proxy()).run(
      seconds(4000),
    );

  test('who has the right token gets the application, without any tunnel', () => {
    const l = visit('/payroll/june', issueToken(ada, key));
    expect(l.statusOf('client')).toBe('up');
    expect(l.packets().every((packet) => packet[9] === 6)).toBe(true);
  });

  test.each([
    ['no token', '/wiki', undefined, '401', 'no token was shown'],
    ['a token signed by another', '/wiki', issueToken(ada, new Uint8Array(32)), '401', 'the token is not ours'],
    [
      'another group',
      '/payroll',
      issueToken({ ...ada, groups: ['staff'] }, key),
      '403',
      'the policy asks for the group "finance"',
    ],
    [
      'an unmanaged device',
      '/payroll',
      issueToken({ ...ada, managedDevice: false }, key),
      '403',
      'the policy asks for a managed device',
    ],
    ['a path without a rule', '/secret', issueToken(ada, key), '403', 'no rule is about this path'],
  ])('%s is refused, and told why', (_, path, token, code, missing) => {
    const l = visit(path, token);
    expect(l.statusOf('client')).toBe('failed');
    expect(l.symptomsOf('client')[0]).toMatchObject({ system: 'browser', code, missing });
  });

  test('a token that has run out is refused though it was good before', () => {
    const l = visit('/wiki', issueToken(ada, key), [0, seconds(3600)]);
    expect(l.phasesOf('client').filter((phase) => /^\d/.test(phase))).toEqual(['200 OK', '401 Unauthorized']);
  });

  test('a token reads back as it was issued, and not at all once a letter is changed', () => {
    const token = issueToken(ada, key);
    expect(readToken(token, key)).toEqual(ada);
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'Q' : 'A';
      expect(readToken(token.slice(0, at) + other + token.slice(at + 1), key)).toBeUndefined();
    }
  });
});
