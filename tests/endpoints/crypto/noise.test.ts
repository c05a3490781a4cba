import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Initiator, kdf, open, Responder, seal } from '../../../src/endpoints/crypto/noise.ts';
import { keyPair } from '../../../src/endpoints/crypto/x25519.ts';
import { hex, toHex } from '../../../src/lib/bytes.ts';

/** cacophony, vectors/cacophony.txt: the entry Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s. */
const vector = {
  prologue: hex('4a6f686e2047616c74'),
  presharedKey: hex('54686973206973206d7920417573747269616e20706572737065637469766521'),
  initiatorStatic: hex('e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1'),
  initiatorEphemeral: hex('893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a'),
  responderPublic: hex('31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62'),
  responderStatic: hex('4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893'),
  responderEphemeral: hex('bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b'),
  handshakeHash: 'f5191b875290abcd41347ac3622d9679688a7e980229cb937ef748336cfde0e5',
};
const handshake = [
  [
    '4c756477696720766f6e204d69736573',
    'ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944001e21de9f98ddd8e2ad57527207feb56253c9c94a9e496782ecfcb2a75fbcaf1b52948cc48daefe660c62119ab5000980c84831215f2441eba616548e832985464cf17e51ee93109008399a21f7e13f',
  ],
  [
    '4d757272617920526f746862617264',
    '95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843cb765f2caef0751b8f007572dab0322217755c0632f365717edbf34d33e87a',
  ],
] as const;
const transport = [
  ['462e20412e20486179656b', '8153ca9833bc3c1b91a7e66e5f4d4f5b59bf9e64c2f20d15f0bba7'],
  ['4361726c204d656e676572', '07af0c9c86e1b4e80f36b04ff7688d51141af3debd0332f0a705ef'],
  ['4a65616e2d426170746973746520536179', '6ab1467c0448cc78394494abaaf23afce0e234315d6e2624dcbfa8a21c1c4d073d'],
  [
    '457567656e2042f6686d20766f6e2042617765726b',
    'dfc346c0d2296ae6cf1acf6f12b8456a1dba228cf8d8b774aacf1c47fc53aa80ebc7a4c292',
  ],
] as const;

function pair() {
  const initiator = new Initiator({
    prologue: vector.prologue,
    own: keyPair(vector.initiatorStatic),
    ephemeral: keyPair(vector.initiatorEphemeral),
    remote: vector.responderPublic,
    presharedKey: vector.presharedKey,
  });
  const responder = new Responder({ prologue: vector.prologue, own: keyPair(vector.responderStatic) });
  return { initiator, responder };
}

describe('Noise IKpsk2', () => {
  test('both messages, the hash and the transport keys are those of the published vector', () => {
    const { initiator, responder } = pair();
    const first = initiator.write(hex(handshake[0][0]));
    expect(toHex(first)).toBe(handshake[0][1]);
    const heard = responder.read(first)!;
    expect(toHex(heard.remote)).toBe(toHex(keyPair(vector.initiatorStatic).public));
    expect(toHex(heard.payload)).toBe(handshake[0][0]);
    const second = responder.write(keyPair(vector.responderEphemeral), vector.presharedKey, hex(handshake[1][0]))!;
    expect(toHex(second)).toBe(handshake[1][1]);
    expect(toHex(initiator.read(second)!)).toBe(handshake[1][0]);
    expect(toHex(initiator.handshakeHash)).toBe(vector.handshakeHash);
    expect(toHex(responder.handshakeHash)).toBe(vector.handshakeHash);
    transport.forEach(([plain, sealed], index) => {
      const [from, to] = index % 2 === 0 ? [initiator, responder] : [responder, initiator];
      const counter = BigInt(Math.floor(index / 2));
      expect(toHex(seal(from.keys().send, counter, hex(plain)))).toBe(sealed);
      expect(toHex(open(to.keys().receive, counter, hex(sealed))!)).toBe(plain);
    });
  });

  test('any flipped bit of either message is refused, and the true message still goes through', () => {
    fc.assert(
      fc.property(fc.nat(handshake[0][1].length / 2 - 1), fc.nat(61), fc.nat(7), (inFirst, inSecond, bit) => {
        const { initiator, responder } = pair();
        const first = initiator.write(hex(handshake[0][0]));
        expect(responder.read(flipped(first, inFirst, bit))).toBeUndefined();
        expect(responder.read(first)).toBeDefined();
        const second = responder.write(keyPair(vector.responderEphemeral), vector.presharedKey, new Uint8Array(14))!;
        expect(initiator.read(flipped(second, inSecond, bit))).toBeUndefined();
        expect(initiator.read(second)).toEqual(new Uint8Array(14));
      }),
      { numRuns: 12 },
    );
  });

  test('messages cut short are refused', () => {
    const { initiator, responder } = pair();
    const first = initiator.write(new Uint8Array(12));
    for (const length of [0, 1, 31, 32, 79, 80, 95, 107]) {
      expect(responder.read(first.subarray(0, length))).toBeUndefined();
      expect(initiator.read(first.subarray(0, Math.min(length, 47)))).toBeUndefined();
    }
  });

  test('a wrong pre-shared key ends in a response that the initiator refuses', () => {
    const { initiator, responder } = pair();
    responder.read(initiator.write(new Uint8Array(0)));
    const answer = responder.write(keyPair(vector.responderEphemeral), new Uint8Array(32), new Uint8Array(0))!;
    expect(initiator.read(answer)).toBeUndefined();
  });
});

/** A bit that X25519 ignores (the top one of a public key, RFC 7748 §5) still changes the hash, so it counts. */
function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= 1 << bit;
  return copy;
}

/** wireguard-go, device/kdf_test.go. */
test.each([
  [
    '746573742d6b6579',
    '746573742d696e707574',
    '6f0e5ad38daba1bea8a0d213688736f19763239305e0f58aba697f9ffc41c633',
    'df1194df20802a4fe594cde27e92991c8cae66c366e8106aaa937a55fa371e8a',
    'fac6e2745a325f5dc5d11a5b165aad08b0ada28e7b4e666b7c077934a4d76c24',
  ],
  [
    '776972656775617264',
    '776972656775617264',
    '491d43bbfdaa8750aaf535e334ecbfe5129967cd64635101c566d4caefda96e8',
    '1e71a379baefd8a79aa4662212fcafe19a23e2b609a3db7d6bcba8f560e3d25f',
    '31e1ae48bddfbe5de38f295e5452b1909a1b4e38e183926af3780b0c1e1f0160',
  ],
  [
    '',
    '',
    '8387b46bf43eccfcf349552a095d8315c4055beb90208fb1be23b894bc2ed5d0',
    '58a0e5f6faefccf4807bff1f05fa8a9217945762040bcec2f4b4a62bdfe0e86e',
    '0ce6ea98ec548f8e281e93e32db65621c45eb18dc6f0a7ad94178610a2f7338e',
  ],
])('the key derivation of key "%s" and input "%s" is that of wireguard-go', (key, input, ...expected) => {
  expect(kdf(hex(key), hex(input), 3).map(toHex)).toEqual(expected);
  expect(kdf(hex(key), hex(input), 1).map(toHex)).toEqual(expected.slice(0, 1));
});
