import { describe, expect, test } from 'vitest';
import { md4 } from '../../../src/endpoints/crypto/md4.ts';
import { mixKey, nextKey, startKey } from '../../../src/endpoints/crypto/mppe-keys.ts';
import {
  ascii,
  authenticatorResponse,
  challengeHash,
  ntResponse,
  passwordHash,
  spreadKey,
} from '../../../src/endpoints/crypto/mschap.ts';
import { Rc4 } from '../../../src/endpoints/crypto/rc4.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

const RESPONSE = '82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df';
const exchange = {
  userName: 'User',
  password: 'clientPass',
  authenticatorChallenge: hex('5B5D7C7D7B3F2F3E3C2C602132262628'),
  peerChallenge: hex('21402324255E262A28295F2B3A337C7E'),
};

describe('the sample exchange of RFC 2759 §9.2', () => {
  test('the challenge hash', () => {
    expect(toHex(challengeHash(exchange))).toBe('d02e4386bce91226');
  });
  test('the password hash and its hash', () => {
    expect(toHex(passwordHash('clientPass'))).toBe('44ebba8d5312b8d611474411f56989ae');
    expect(toHex(md4(passwordHash('clientPass')))).toBe('41c00c584bd2d91c4017a2a12fa59f3f');
  });
  test('the NT-Response', () => {
    expect(toHex(ntResponse(exchange))).toBe(RESPONSE);
  });
  test('the authenticator response', () => {
    expect(authenticatorResponse(exchange, hex(RESPONSE))).toBe('S=407A5589115FD0D6209F510FE9C04566932CDA56');
  });
  test('a domain before the user name changes nothing', () => {
    expect(toHex(challengeHash({ ...exchange, userName: 'BIGCO\\User' }))).toBe('d02e4386bce91226');
  });
});

test('DES keys get odd parity as in RFC 2759 §9.3', () => {
  const hash = hex('FC156AF7EDCD6C0EDDE3337D427F4EAC');
  expect(toHex(spreadKey(hash.subarray(0, 7)))).toBe('fd0b5b5e7f6e34d9');
  expect(toHex(spreadKey(hash.subarray(7, 14)))).toBe('0e6e796737ea08fe');
});

describe('the 128-bit sample keys of RFC 3079 §3.5.3', () => {
  const start = startKey('clientPass', hex(RESPONSE), 'server-sends');
  const session = mixKey(start, start);

  test('the start key of what the server sends', () => {
    expect(toHex(start)).toBe('8b7cdc149b993a1ba118cb153f56dccb');
  });
  test('the first session key', () => {
    expect(toHex(session)).toBe('405cb2247a7956e6e211007ae27b22d4');
  });
  test('the sample message encrypts as printed', () => {
    expect(toHex(new Rc4(session).apply(ascii('test message')))).toBe('81848317df68846272fb5abe');
  });
  test('the key after one change, and the other direction: computed with two other implementations', () => {
    expect(toHex(nextKey(start, session))).toBe('726f10500e2b54135b1b74d7682f0471');
    expect(toHex(startKey('clientPass', hex(RESPONSE), 'client-sends'))).toBe('d5f0e9521e3ea9589645e86051c82226');
  });
});
