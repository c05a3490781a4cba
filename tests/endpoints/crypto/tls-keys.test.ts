import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import {
  deriveSecret,
  earlySecret,
  expandLabel,
  exportKeys,
  finishedData,
  handshakeSecret,
  masterSecret,
  trafficKeys,
} from '../../../src/endpoints/crypto/tls-keys.ts';
import { keyPair, sharedSecret } from '../../../src/endpoints/crypto/x25519.ts';
import { concat, hex, toHex } from '../../../src/lib/bytes.ts';

/** RFC 8448 §3, "Simple 1-RTT Handshake". */
const clientHello = hex(
  '010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001',
);
const serverHello = hex(
  '020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304',
);
const encryptedExtensions = hex('080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000');
const certificate = hex(
  '0b0001b9000001b50001b0308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361301e170d3136303733303031323335395a170d3236303733303031323335395a300e310c300a0603550403130372736130819f300d06092a864886f70d010101050003818d0030818902818100b4bb498f8279303d980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace6c1af19eaa6af98c7ced43120998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d03e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a301830090603551d1304023000300b0603551d0f0404030205a0300d06092a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf36b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de10000',
);
const certificateVerify = hex(
  '0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653fa6bef780c5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e063dda65cdf5aea20d53dfacd42f74f3',
);
const serverFinished = '9b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718';
const clientFinished = 'a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61';

const upToHello = sha256(concat(clientHello, serverHello));
const shared = sharedSecret(
  hex('b1580eeadf6dd589b8ef4f2d5652578cc810e9980191ec8d058308cea216a21e'),
  keyPair(hex('49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005')).public,
)!;
const handshake = handshakeSecret(shared);

test('early, handshake and master secret are those of RFC 8448 §3', () => {
  expect(toHex(earlySecret())).toBe('33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a');
  expect(toHex(shared)).toBe('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
  expect(toHex(handshake)).toBe('1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac');
  expect(toHex(masterSecret(handshake))).toBe('18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919');
});

test('handshake traffic secrets, keys and both Finished messages are those of RFC 8448 §3', () => {
  const client = deriveSecret(handshake, 'c hs traffic', upToHello);
  const server = deriveSecret(handshake, 's hs traffic', upToHello);
  expect(toHex(client)).toBe('b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
  expect(toHex(server)).toBe('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
  expect(toHex(trafficKeys(client).key)).toBe('dbfaa693d1762c5b666af5d950258d01');
  expect(toHex(trafficKeys(client).iv)).toBe('5bd3c71b836e0b76bb73265f');
  expect(toHex(trafficKeys(server).key)).toBe('3fce516009c21727d0f2e4e86ee403bc');
  expect(toHex(trafficKeys(server).iv)).toBe('5d313eb2671276ee13000b30');
  const flight = [clientHello, serverHello, encryptedExtensions, certificate, certificateVerify];
  expect(toHex(finishedData(server, sha256(concat(...flight))))).toBe(serverFinished);
  const withFinished = sha256(concat(...flight, hex(`14000020${serverFinished}`)));
  expect(toHex(finishedData(client, withFinished))).toBe(clientFinished);
});

test('application traffic and exporter secrets are those of RFC 8448 §3', () => {
  const master = masterSecret(handshake);
  const flight = concat(
    ...[clientHello, serverHello, encryptedExtensions, certificate, certificateVerify],
    hex(`14000020${serverFinished}`),
  );
  const server = deriveSecret(master, 's ap traffic', sha256(flight));
  expect(toHex(deriveSecret(master, 'c ap traffic', sha256(flight)))).toBe(
    '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
  );
  expect(toHex(server)).toBe('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');
  expect(toHex(trafficKeys(server).key)).toBe('9f02283b6c9c07efc26bb9f2ac92e356');
  expect(toHex(trafficKeys(server).iv)).toBe('cf782b88dd83549aadf1e984');
  expect(toHex(deriveSecret(master, 'exp master', sha256(flight)))).toBe(
    'fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50',
  );
});

test('an exported key depends on label, context and length', () => {
  const master = new Uint8Array(32).fill(7);
  const base = exportKeys(master, 'EXPORTER-test', new Uint8Array(0), 64);
  expect(base).toHaveLength(64);
  expect(exportKeys(master, 'EXPORTER-other', new Uint8Array(0), 64)).not.toEqual(base);
  expect(exportKeys(master, 'EXPORTER-test', new Uint8Array(1), 64)).not.toEqual(base);
  expect(exportKeys(master, 'EXPORTER-test', new Uint8Array(0), 32)).not.toEqual(base.subarray(0, 32));
  expect(toHex(expandLabel(master, 'exporter', new Uint8Array(0), 4))).toHaveLength(8);
});
