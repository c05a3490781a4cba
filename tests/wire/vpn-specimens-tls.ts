/** TLS, DTLS and the start of RDP. */
import { concat, hex } from '../../src/lib/bytes.ts';
import * as dtls from '../../src/wire/dtls.ts';
import * as tls from '../../src/wire/tls.ts';
import { type ClientHello, serverName, writeHandshake } from '../../src/wire/tls-handshake.ts';
import * as tpkt from '../../src/wire/tpkt.ts';
import { encodeHandshakePart } from './dtls-part.ts';
import { NONE, noise, overTcp, overUdp, type Specimen } from './vpn-specimen.ts';

const HELLO: ClientHello = {
  type: 'client-hello',
  version: 0x0303,
  random: noise(32),
  sessionId: noise(32),
  cipherSuites: [0x1301, 0x1302, 0xc02f],
  compression: hex('00'),
  extensions: [
    serverName('vpn.example.com'),
    { type: 10, data: hex('0004 001d 0017') },
    { type: 16, data: hex('0009 08 687474702f312e31') },
    { type: 43, data: hex('04 0304 0303') },
  ],
};
export const CLIENT_HELLO = tls.encodeRecord({ type: 22, version: 0x0301, fragment: tls.encodeHandshake(HELLO) });

/** The least that is a certificate: version 1, no names, an Ed25519 key. */
const CERTIFICATE = certificate();

function certificate(): Uint8Array {
  const der = (tag: number, ...parts: readonly Uint8Array[]) => {
    const body = concat(...parts);
    return concat(body.length < 128 ? Uint8Array.of(tag, body.length) : Uint8Array.of(tag, 0x81, body.length), body);
  };
  const algorithm = hex('30 05 06 03 2b6570');
  const validity = der(0x30, hex('170d 3233303130313030303030305a'), hex('170d 3333303130313030303030305a'));
  const key = der(0x30, algorithm, der(0x03, Uint8Array.of(0), noise(32)));
  const body = der(0x30, hex('020101'), algorithm, hex('3000'), validity, hex('3000'), key);
  return der(0x30, body, algorithm, der(0x03, Uint8Array.of(0), noise(64)));
}

const TLS: readonly (readonly [string, Uint8Array])[] = [
  ['a client hello', CLIENT_HELLO],
  [
    'server hello, certificate and done',
    tls.encodeRecord({
      type: 22,
      version: 0x0303,
      fragment: concat(
        tls.encodeHandshake({
          type: 'server-hello',
          version: 0x0303,
          random: noise(32),
          sessionId: NONE,
          cipherSuite: 0xc02f,
          compression: 0,
          extensions: [{ type: 23, data: NONE }],
        }),
        tls.encodeHandshake({ type: 'certificate', certificates: [CERTIFICATE] }),
        tls.encodeHandshake({ type: 'other', number: 14, body: NONE }),
      ),
    }),
  ],
  ['an alert', tls.encodeRecord({ type: 21, version: 0x0303, fragment: hex('0100') })],
];

const DTLS_HELLO = writeHandshake({ ...HELLO, version: 0xfefd, cookie: noise(20) });

export const secured: readonly Specimen[] = [
  {
    name: 'DTLS client hello',
    protocol: 'dtls',
    packet: overUdp(
      50_000,
      4433,
      dtls.encodeRecord({
        type: 22,
        version: 0xfefd,
        epoch: 0,
        sequence: 1,
        fragment: encodeHandshakePart({
          type: DTLS_HELLO.type,
          length: DTLS_HELLO.body.length,
          messageSequence: 1,
          offset: 0,
          fragment: DTLS_HELLO.body,
        }),
      }),
    ),
  },
  {
    name: 'RDP connection request',
    protocol: 'tpkt',
    packet: overTcp(
      3389,
      tpkt.encode({
        confirm: false,
        destination: 0,
        source: 0,
        cookie: 'Cookie: mstshash=alice',
        negotiation: { type: 1, flags: 0, value: 3 },
      }),
    ),
  },
  ...TLS.map(([name, bytes]) => ({ name: `TLS ${name}`, protocol: 'tls', packet: overTcp(443, bytes) })),
];
