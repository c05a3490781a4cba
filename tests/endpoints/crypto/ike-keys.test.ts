import { expect, test } from 'vitest';
import { childKeys, ikeKeys, pskAuth, skeyseed } from '../../../src/endpoints/crypto/ike-keys.ts';
import { hmacSha1, hmacSha256 } from '../../../src/endpoints/crypto/prf.ts';
import { concat, hex, toHex } from '../../../src/lib/bytes.ts';

/** NIST CAVP, SP 800-135 IKEv2 with SHA-1, case 100, as libreswan's programs/cavp/test.acvp.ikev2.run carries it. */
const nist = {
  nonces: { initiator: hex('32b50d5f4a3763f3'), responder: hex('9206a04b26564cb1') },
  shared: hex('4b2c1f971981a8ad8d0abeafabf38cf75fc8349c148142465ed9c8b516b8be52'),
  sharedNew: hex('863f3c9d06efd39d2b907b97f8699e5dd5251ef64a2a176f36ee40c87d4f9330'),
  spis: hex('34c9e7c188868785 3ff77d760d2b2199'),
  seed: 'a9a7b222b59f8f48645f28a1db5b5f5d7479cba7',
  /** 132 bytes: what HMAC-SHA1 integrity and AES-128 take, in the order of RFC 7296 §2.14. */
  material:
    'a14293677cc80ff8f9cc0eee30d895da9d8f4056' +
    '66e30ef0dfcb63c634a46002a2a63080e514a062768b76606f9fa5e992204fc5a670bde3f10d6b02' +
    '7113936a5c55b648a194ae587b0088d5' +
    '2204b702c979fa280870d2ed41efa9c5' +
    '49fd11198af1670b143d384bd275c5f594cf266b05ebadca855e4249520a441a81157435a7a56cc4',
  child:
    '8059e3ee8810e6c3a91bc8bcd2a7a41151b8d0e6ae239c7b38093ad85ef4c5811a8e7b5d1cdabd95' +
    '60b2d5e092d1f24e2d4b85eccdf0ad0dc9abd94b51ee7181',
  childWithNewExchange: 'bb43244c1860ad65ee1e211ffe8bb3661750c8f89cb9f547df7f4fa61d373016',
};
const lengths = { encryption: 16, integrity: 20 };

test('SKEYSEED and the seven keys match the NIST case, each in its place', () => {
  const seed = skeyseed(hmacSha1, nist.nonces, nist.shared);
  expect(toHex(seed)).toBe(nist.seed);
  const keys = ikeKeys(hmacSha1, seed, nist.nonces, nist.spis, lengths);
  const inOrder = concat(
    keys.derive,
    keys.initiator.integrity,
    keys.responder.integrity,
    keys.initiator.encryption,
    keys.responder.encryption,
    keys.proveInitiator,
    keys.proveResponder,
  );
  expect(toHex(inOrder)).toBe(nist.material);
});

test('CHILD_SA keys match the NIST case: initiator first, encryption before integrity', () => {
  const derive = hex(nist.material.slice(0, 40));
  const { fromInitiator, fromResponder } = childKeys(hmacSha1, derive, nist.nonces, lengths);
  const inOrder = concat(
    fromInitiator.encryption,
    fromInitiator.integrity,
    fromResponder.encryption,
    fromResponder.integrity,
  );
  expect(toHex(inOrder).startsWith(nist.child)).toBe(true);
});

test('a new key exchange goes in front of the nonces', () => {
  const derive = hex(nist.material.slice(0, 40));
  const keys = childKeys(hmacSha1, derive, nist.nonces, lengths, nist.sharedNew);
  expect(toHex(concat(keys.fromInitiator.encryption, keys.fromInitiator.integrity))).toMatch(
    new RegExp(`^${nist.childWithNewExchange}`),
  );
});

test('AUTH depends on every one of its parts', () => {
  const parts = ['01', '02', '03', '04', '05'].map(hex);
  const auth = (changed?: number) => {
    const [psk, message, nonce, prove, identity] = parts.map((part, i) => (i === changed ? hex('ff') : part));
    return toHex(pskAuth(hmacSha256, psk!, message!, nonce!, prove!, identity!));
  };
  const values = [undefined, 0, 1, 2, 3, 4].map(auth);
  expect(new Set(values).size).toBe(6);
});

test('AUTH of a shared key is the double prf of RFC 7296 §2.15 over "Key Pad for IKEv2"', () => {
  // Computed with python: hmac(hmac(psk, pad), message | nonce | hmac(prove, identity)), SHA-256 throughout.
  const psk = new TextEncoder().encode('secret');
  expect(toHex(pskAuth(hmacSha256, psk, hex('aabb'), hex('cc'), hex('dd'), hex('02000000ee')))).toBe(
    '407176071595c47bd0429b5b2d94356930857786f59387a884ba3618053960d5',
  );
});
