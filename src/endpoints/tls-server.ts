/**
 * The server of TLS 1.3 (RFC 8446 §4, appendix A.2). Mirror of `tls-client.ts`; asks for the client's certificate
 * where it is told to.
 * @module
 */
import type { Rng } from '../lib/rng.ts';
import { drawKeyPair, sharedSecret } from './crypto/x25519.ts';
import { type Identity, readCertificate } from './tls-certificate.ts';
import {
  type ClientHello,
  encodeCertificate,
  encodeCertificateRequest,
  encodeCertificateVerify,
  encodeEncryptedExtensions,
  encodeServerHello,
  HANDSHAKE,
  readCertificateList,
  readClientHello,
} from './tls-messages.ts';
import { TlsSession, type TlsUser } from './tls-session.ts';

export interface TlsServerOptions {
  readonly identity: Identity;
  /** Application protocols it speaks, the dearest first. */
  readonly protocols?: readonly string[];
  /** Refuses a client that shows no certificate. */
  readonly askClient?: boolean;
}

type Expected = 'hello' | 'certificate' | 'verify' | 'finished' | 'nothing';

export class TlsServer extends TlsSession {
  private readonly rng: Rng;
  private readonly options: TlsServerOptions;
  private expected: Expected = 'hello';
  private clientKey: Uint8Array = new Uint8Array(0);
  private applicationSecret: Uint8Array = new Uint8Array(0);

  constructor(rng: Rng, options: TlsServerOptions, user: TlsUser) {
    super('server', user);
    this.rng = rng;
    this.options = options;
  }

  protected override takeMessage(type: number, body: Uint8Array, whole: Uint8Array): void {
    const { expected } = this;
    if (expected === 'hello' && type === HANDSHAKE.clientHello) this.takeHello(body, whole);
    else if (expected === 'certificate' && type === HANDSHAKE.certificate) this.takeCertificate(body, whole);
    else if (expected === 'verify' && type === HANDSHAKE.certificateVerify) this.takeVerify(body, whole);
    else if (expected === 'finished' && type === HANDSHAKE.finished) this.takeFinished(body, whole);
    else this.fail('unexpected_message');
  }

  private takeHello(body: Uint8Array, whole: Uint8Array): void {
    const hello = readClientHello(body);
    if (typeof hello === 'string') {
      this.fail(hello);
      return;
    }
    const ephemeral = drawKeyPair(this.rng);
    const shared = sharedSecret(ephemeral.secret, hello.share);
    if (!shared) {
      this.fail('illegal_parameter');
      return;
    }
    this.hear(whole);
    this.clientRandom = hello.random;
    const { sessionId } = hello;
    this.sendHandshake(encodeServerHello({ random: this.rng.bytes(32), sessionId, share: ephemeral.public }));
    if (sessionId.length > 0) this.sendChangeCipherSpec();
    this.agree(shared);
    this.sendFlight(hello);
    this.expected = this.options.askClient ? 'certificate' : 'finished';
  }

  private sendFlight(hello: ClientHello): void {
    const { identity, protocols = [], askClient } = this.options;
    this.protocol = protocols.find((each) => hello.protocols.includes(each));
    const ask = askClient ? [encodeCertificateRequest()] : [];
    this.sendHandshake(encodeEncryptedExtensions(this.protocol), ...ask, encodeCertificate(identity.certificate));
    this.sendHandshake(encodeCertificateVerify(this.sign(identity.secret)));
    this.sendHandshake(this.ownFinished());
    const application = this.deriveApplicationSecrets();
    this.records.writeWith(application.server);
    this.applicationSecret = application.client;
  }

  private takeCertificate(body: Uint8Array, whole: Uint8Array): void {
    const bytes = readCertificateList(body);
    const certificate = bytes instanceof Uint8Array ? readCertificate(bytes) : undefined;
    if (!certificate) {
      this.fail(bytes === 'none' ? 'certificate_required' : 'bad_certificate');
      return;
    }
    this.hear(whole);
    this.peerCertificate = bytes as Uint8Array;
    this.clientKey = certificate.publicKey;
    this.expected = 'verify';
  }

  private takeVerify(body: Uint8Array, whole: Uint8Array): void {
    if (this.verifyAndHear(body, whole, this.clientKey)) this.expected = 'finished';
  }

  private takeFinished(body: Uint8Array, whole: Uint8Array): void {
    if (!this.finishAndHear(body, whole)) return;
    this.expected = 'nothing';
    this.records.readWith(this.applicationSecret);
    this.establish();
  }
}
