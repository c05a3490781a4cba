/**
 * The client of TLS 1.3 (RFC 8446 §4, appendix A.1):
 *
 *     ClientHello                     →
 *                                     ←  ServerHello {EncryptedExtensions, CertificateRequest?, Certificate,
 *                                        CertificateVerify, Finished}
 *     {Certificate?, CertificateVerify?, Finished}  →
 * @module
 */
import { equal } from '../lib/bytes.ts';
import type { Rng } from '../lib/rng.ts';
import { drawKeyPair, type KeyPair, sharedSecret } from './crypto/x25519.ts';
import { readWhole } from './cursor.ts';
import { type Identity, readCertificate } from './tls-certificate.ts';
import {
  encodeCertificate,
  encodeCertificateVerify,
  encodeClientHello,
  HANDSHAKE,
  readCertificateList,
  readServerHello,
} from './tls-messages.ts';
import { TlsSession, type TlsUser } from './tls-session.ts';

export interface TlsClientOptions {
  /** Whose certificate to expect; without it any is taken. */
  readonly serverName?: string;
  /** Does not say in clear whom it calls (no server_name extension). */
  readonly hideName?: boolean;
  /** What to show where the server asks who we are. */
  readonly identity?: Identity;
  readonly protocols?: readonly string[];
}

type Expected = 'hello' | 'extensions' | 'certificate' | 'verify' | 'finished' | 'nothing';

export class TlsClient extends TlsSession {
  private readonly rng: Rng;
  private readonly options: TlsClientOptions;
  private ephemeral: KeyPair | undefined;
  private sessionId: Uint8Array = new Uint8Array(0);
  private serverKey: Uint8Array = new Uint8Array(0);
  private expected: Expected = 'hello';
  private asked = false;

  constructor(rng: Rng, options: TlsClientOptions, user: TlsUser) {
    super('client', user);
    this.rng = rng;
    this.options = options;
  }

  start(): void {
    this.ephemeral = drawKeyPair(this.rng);
    this.clientRandom = this.rng.bytes(32);
    this.sessionId = this.rng.bytes(32);
    const { serverName, hideName, protocols = [] } = this.options;
    const hello = encodeClientHello({
      random: this.clientRandom,
      sessionId: this.sessionId,
      share: this.ephemeral.public,
      protocols,
      ...(serverName === undefined || hideName ? {} : { serverName }),
    });
    this.sendHello(hello);
  }

  protected override takeMessage(type: number, body: Uint8Array, whole: Uint8Array): void {
    if (this.expected === 'nothing') {
      if (type !== HANDSHAKE.newSessionTicket) this.fail('unexpected_message');
      return;
    }
    const handled = this.step(type, body, whole);
    if (!handled) this.fail('unexpected_message');
  }

  /** Answers whether the message was one to come here. */
  private step(type: number, body: Uint8Array, whole: Uint8Array): boolean {
    const { expected } = this;
    if (expected === 'hello' && type === HANDSHAKE.serverHello) this.takeServerHello(body, whole);
    else if (expected === 'extensions' && type === HANDSHAKE.encryptedExtensions) this.takeExtensions(body, whole);
    else if (expected === 'certificate' && type === HANDSHAKE.certificateRequest && !this.asked) {
      this.asked = true;
      this.hear(whole);
    } else if (expected === 'certificate' && type === HANDSHAKE.certificate) this.takeCertificate(body, whole);
    else if (expected === 'verify' && type === HANDSHAKE.certificateVerify) this.takeVerify(body, whole);
    else if (expected === 'finished' && type === HANDSHAKE.finished) this.takeFinished(body, whole);
    else return false;
    return true;
  }

  private takeServerHello(body: Uint8Array, whole: Uint8Array): void {
    const hello = readServerHello(body);
    const answersUs = hello !== undefined && equal(hello.sessionId, this.sessionId);
    const shared = answersUs ? sharedSecret(this.ephemeral!.secret, hello.share) : undefined;
    if (!shared) {
      this.fail('illegal_parameter');
      return;
    }
    this.hear(whole);
    this.agree(shared);
    this.expected = 'extensions';
  }

  private takeExtensions(body: Uint8Array, whole: Uint8Array): void {
    this.hear(whole);
    this.protocol = chosenProtocol(body);
    this.expected = 'certificate';
  }

  private takeCertificate(body: Uint8Array, whole: Uint8Array): void {
    const bytes = readCertificateList(body);
    const certificate = bytes instanceof Uint8Array ? readCertificate(bytes) : undefined;
    const { serverName } = this.options;
    if (!certificate || (serverName !== undefined && certificate.name !== serverName)) {
      this.fail('bad_certificate');
      return;
    }
    this.hear(whole);
    this.peerCertificate = bytes as Uint8Array;
    this.serverKey = certificate.publicKey;
    this.expected = 'verify';
  }

  private takeVerify(body: Uint8Array, whole: Uint8Array): void {
    if (this.verifyAndHear(body, whole, this.serverKey)) this.expected = 'finished';
  }

  private takeFinished(body: Uint8Array, whole: Uint8Array): void {
    if (!this.finishAndHear(body, whole)) return;
    this.expected = 'nothing';
    const application = this.deriveApplicationSecrets();
    this.sendChangeCipherSpec();
    this.sendFlight();
    this.records.readWith(application.server);
    this.records.writeWith(application.client);
    this.establish();
  }

  private sendFlight(): void {
    const { identity } = this.options;
    if (this.asked) {
      this.sendHandshake(encodeCertificate(identity?.certificate));
      if (identity) this.sendHandshake(encodeCertificateVerify(this.sign(identity.secret)));
    }
    this.sendHandshake(this.ownFinished());
  }
}

/** Of EncryptedExtensions only the application protocol (16) matters here. */
function chosenProtocol(body: Uint8Array): string | undefined {
  return readWhole(body, (cursor) => {
    cursor.u16();
    while (cursor.left > 0) {
      const type = cursor.u16();
      const value = cursor.take(cursor.u16());
      if (type === 16) return String.fromCharCode(...value.subarray(3));
    }
    return undefined;
  });
}
