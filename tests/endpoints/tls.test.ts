import { X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import { connect, TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elements } from '../../src/endpoints/der.ts';
import { identityOf, readCertificate } from '../../src/endpoints/tls-certificate.ts';
import { TlsClient, type TlsClientOptions } from '../../src/endpoints/tls-client.ts';
import { readClientHello } from '../../src/endpoints/tls-messages.ts';
import { TlsServer, type TlsServerOptions } from '../../src/endpoints/tls-server.ts';
import type { TlsEnd, TlsUser } from '../../src/endpoints/tls-session.ts';
import { concat, hex, toHex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';

const NAME = 'vpn.example.com';
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A user that keeps everything it hears. */
class Ear implements TlsUser {
  readonly out: Uint8Array[] = [];
  readonly lines: string[] = [];
  readonly ends: TlsEnd[] = [];
  heard: Uint8Array = new Uint8Array(0);
  up = false;

  send(bytes: Uint8Array): void {
    this.out.push(bytes);
  }

  established(): void {
    this.up = true;
  }

  data(bytes: Uint8Array): void {
    this.heard = concat(this.heard, bytes);
  }

  ended(how: TlsEnd): void {
    this.ends.push(how);
  }

  secret(line: string): void {
    this.lines.push(line);
  }
}

function pair(client: TlsClientOptions = { serverName: NAME }, server: Partial<TlsServerOptions> = {}) {
  const at = { client: new Ear(), server: new Ear() };
  const ends = {
    client: new TlsClient(new Rng(1), client, at.client),
    server: new TlsServer(new Rng(2), { identity: identityOf(NAME), ...server }, at.server),
  };
  /** Carries bytes both ways until nobody has anything to say. `change` may alter what passes. */
  const settle = (change: (bytes: Uint8Array, from: 'client' | 'server') => Uint8Array = (bytes) => bytes) => {
    while (at.client.out.length + at.server.out.length > 0) {
      for (const bytes of at.client.out.splice(0)) ends.server.receive(change(bytes, 'client'));
      for (const bytes of at.server.out.splice(0)) ends.client.receive(change(bytes, 'server'));
    }
  };
  return { at, ...ends, settle };
}

describe('our client and our server', () => {
  test('agree on secrets and carry data of any size both ways', () => {
    const { at, client, server, settle } = pair();
    client.start();
    settle();
    expect([at.client.up, at.server.up]).toEqual([true, true]);
    const long = new Rng(5).bytes(50_000);
    client.write(ascii('hello'));
    server.write(long);
    settle();
    expect(toHex(at.server.heard)).toBe(toHex(ascii('hello')));
    expect(at.client.heard).toEqual(long);
    expect(client.export('EXPORTER-x', 32)).toEqual(server.export('EXPORTER-x', 32));
  });

  test('the client writes the lines of a key log, the server none', () => {
    const { at, client, settle } = pair();
    client.start();
    settle();
    expect(at.client.lines.map((line) => line.split(' ')[0])).toEqual([
      'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
      'SERVER_HANDSHAKE_TRAFFIC_SECRET',
      'CLIENT_TRAFFIC_SECRET_0',
      'SERVER_TRAFFIC_SECRET_0',
      'EXPORTER_SECRET',
    ]);
    expect(at.server.lines).toEqual([]);
  });

  test('bytes may come one at a time', () => {
    const { at, client, server } = pair();
    client.start();
    for (let round = 0; round < 4; round++) {
      for (const byte of concat(...at.client.out.splice(0))) server.receive(Uint8Array.of(byte));
      for (const byte of concat(...at.server.out.splice(0))) client.receive(Uint8Array.of(byte));
    }
    expect([at.client.up, at.server.up]).toEqual([true, true]);
  });

  test('a server that asks gets the client certificate, and refuses a client without one', () => {
    const known = pair({ serverName: NAME, identity: identityOf('laptop-a') }, { askClient: true });
    known.client.start();
    known.settle();
    expect(known.at.server.up).toBe(true);
    expect(readCertificate(known.server.peerCertificate!)?.name).toBe('laptop-a');
    const unknown = pair({ serverName: NAME }, { askClient: true });
    unknown.client.start();
    unknown.settle();
    expect(unknown.at.server.ends).toEqual([{ kind: 'failed', alert: 'certificate_required' }]);
    expect(unknown.at.client.ends).toEqual([{ kind: 'refused', alert: 'certificate_required' }]);
  });

  test('the wanted application protocol is agreed on', () => {
    const { client, server, settle } = pair({ protocols: ['h2', 'http/1.1'] }, { protocols: ['http/1.1'] });
    client.start();
    settle();
    expect([client.protocol, server.protocol]).toEqual(['http/1.1', 'http/1.1']);
  });

  test('a certificate for another name ends the handshake', () => {
    const { at, client, settle } = pair({ serverName: 'other.example.com' });
    client.start();
    settle();
    expect(at.client.ends).toEqual([{ kind: 'failed', alert: 'bad_certificate' }]);
    expect(at.server.ends).toEqual([{ kind: 'refused', alert: 'bad_certificate' }]);
  });

  test('a server that shows a certificate without its secret key is refused', () => {
    const stolen = { ...identityOf(NAME), secret: identityOf('thief').secret };
    const { at, client, settle } = pair({ serverName: NAME }, { identity: stolen });
    client.start();
    settle();
    expect(at.client.ends).toEqual([{ kind: 'failed', alert: 'decrypt_error' }]);
  });

  test('so is a client', () => {
    const stolen = { ...identityOf('laptop-a'), secret: identityOf('thief').secret };
    const { at, client, settle } = pair({ serverName: NAME, identity: stolen }, { askClient: true });
    client.start();
    settle();
    expect(at.server.ends).toEqual([{ kind: 'failed', alert: 'decrypt_error' }]);
  });

  test('a Finished that does not fit what was said ends the handshake', () => {
    class Liar extends TlsServer {
      protected override ownFinished(): Uint8Array {
        return concat(hex('14000020'), new Uint8Array(32));
      }
    }
    const ear = new Ear();
    const mouth = new Ear();
    const client = new TlsClient(new Rng(1), { serverName: NAME }, ear);
    const server = new Liar(new Rng(2), { identity: identityOf(NAME) }, mouth);
    client.start();
    for (const bytes of ear.out) server.receive(bytes);
    for (const bytes of mouth.out) client.receive(bytes);
    expect(ear.ends).toEqual([{ kind: 'failed', alert: 'decrypt_error' }]);
  });

  test('a ServerHello that answers somebody else’s session is refused', () => {
    const { at, client, settle } = pair();
    client.start();
    settle((bytes, from) => {
      const copy = bytes.slice();
      // The session's name lies behind version and random in both Hellos.
      if (from === 'server' && copy[0] === 22) copy[5 + 4 + 2 + 32 + 1]! ^= 1;
      return copy;
    });
    expect(at.client.ends).toEqual([{ kind: 'failed', alert: 'illegal_parameter' }]);
  });

  test('closing says close_notify, and both ends close', () => {
    const { at, client, settle } = pair();
    client.start();
    settle();
    client.close();
    settle();
    expect([at.client.ends, at.server.ends]).toEqual([[{ kind: 'closed' }], [{ kind: 'closed' }]]);
  });

  test('one changed byte anywhere in the server’s answer never leads to an established client', () => {
    fc.assert(
      fc.property(fc.nat(800), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const lab = pair();
        lab.client.start();
        let position = 0;
        lab.settle((bytes, from) => {
          const copy = bytes.slice();
          if (from === 'server' && at >= position && at < position + copy.length) copy[at - position]! ^= change;
          if (from === 'server') position += copy.length;
          return copy;
        });
        // The bytes of change_cipher_spec and of a record's legacy version mean nothing and are not covered.
        const silent = at < position && lab.at.client.up;
        expect(silent ? harmless(at) : true).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  /** ServerHello's record is 127 bytes long; then come six bytes of change_cipher_spec. */
  function harmless(at: number): boolean {
    return at === 2 || (at >= 127 && at < 133);
  }

  test('any bytes in place of an answer are taken without a fault of ours', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), fc.boolean(), (pieces, framed) => {
        const { at, client, server } = pair();
        client.start();
        for (const piece of pieces) {
          const bytes = framed ? concat(Uint8Array.of(22, 3, 3, piece.length >>> 8, piece.length), piece) : piece;
          client.receive(bytes);
          server.receive(bytes);
        }
        expect([at.client.up, at.server.up]).toEqual([false, false]);
      }),
    );
  });
});

describe('OpenSSL, as Node carries it', () => {
  const identity = identityOf(NAME);
  const pem = (label: string, der: Uint8Array) =>
    `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;
  const cert = pem('CERTIFICATE', identity.certificate);
  const key = pem('PRIVATE KEY', concat(hex('302e020100300506032b657004220420'), identity.secret));

  /** A stream whose far end is ours. */
  function wire(deliver: (bytes: Uint8Array) => void): Duplex {
    return new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        deliver(new Uint8Array(chunk));
        done();
      },
    });
  }

  test('reads our certificate, and finds its signature right', () => {
    const certificate = new X509Certificate(identity.certificate);
    expect(certificate.subject).toBe(`CN=${NAME}`);
    expect(certificate.subjectAltName).toBe(`DNS:${NAME}`);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(readCertificate(identity.certificate)).toMatchObject({ name: NAME });
  });

  test('as a server, takes our client, and writes down the same secrets', async () => {
    const at = new Ear();
    const lines: string[] = [];
    let client: TlsClient | undefined;
    const stream = wire((bytes) => client?.receive(bytes));
    const server = new TLSSocket(stream, {
      isServer: true,
      cert,
      key,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
    });
    server.on('keylog', (line: Buffer) => lines.push(line.toString().trim()));
    const got = new Promise<string>((resolve) => server.once('data', (data: Buffer) => resolve(data.toString())));
    at.send = (bytes) => stream.push(bytes);
    at.established = () => client!.write(ascii('from us'));
    client = new TlsClient(new Rng(1), { serverName: NAME, protocols: ['http/1.1'] }, at);
    client.start();
    expect(await got).toBe('from us');
    expect(client.protocol).toBe('http/1.1');
    const answered = new Promise<void>((resolve) => {
      at.data = (bytes) => {
        at.heard = bytes;
        resolve();
      };
    });
    server.write('from OpenSSL');
    await answered;
    expect(toHex(at.heard)).toBe(toHex(ascii('from OpenSSL')));
    expect(new Set(lines)).toEqual(new Set(at.lines));
    client.close();
    server.destroy();
  });

  test('as a client, takes our server and verifies its certificate', async () => {
    const at = new Ear();
    const server = new TlsServer(new Rng(2), { identity }, at);
    const stream = wire((bytes) => server.receive(bytes));
    at.send = (bytes) => stream.push(bytes);
    const client = connect({ socket: stream, servername: NAME, ca: [cert] });
    await new Promise<void>((resolve) => client.once('secureConnect', resolve));
    expect(client.authorized).toBe(true);
    expect(client.getProtocol()).toBe('TLSv1.3');
    client.write('ping');
    await new Promise((resolve) => setImmediate(resolve));
    expect(toHex(at.heard)).toBe(toHex(ascii('ping')));
    client.destroy();
  });

  test('as a client that speaks TLS 1.2 at most, is told so', async () => {
    const at = new Ear();
    const server = new TlsServer(new Rng(2), { identity }, at);
    const stream = wire((bytes) => server.receive(bytes));
    at.send = (bytes) => stream.push(bytes);
    const client = connect({ socket: stream, servername: NAME, ca: [cert], maxVersion: 'TLSv1.2' });
    const error = await new Promise<Error>((resolve) => client.once('error', resolve));
    expect(error.message).toMatch(/protocol version/i);
    expect(at.ends).toEqual([{ kind: 'failed', alert: 'protocol_version' }]);
  });
});

test('a ClientHello that runs out says decode_error; one without X25519 is refused', () => {
  expect(readClientHello(new Uint8Array(10))).toBe('decode_error');
  const hello = concat(hex('0303'), new Uint8Array(32), hex('00 0002 1301 01 00 0007 002b 0003 02 0304'));
  expect(readClientHello(hello)).toBe('handshake_failure');
});

test('certificates are read from any bytes without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(readCertificate(bytes)).toBeUndefined();
      expect(elements(concat(Uint8Array.of(0x30, bytes.length), bytes))).toHaveLength(1);
    }),
  );
});
