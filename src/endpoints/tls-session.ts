/**
 * What both ends of a TLS 1.3 connection share (RFC 8446): records, the transcript, secrets, alerts, the end.
 * Works on bytes in and bytes out; what carries them is another's business: TCP, or OpenVPN's control channel.
 *
 * Does not model: resumption, early data, key updates, renegotiation, HelloRetryRequest, other suites than
 * TLS_AES_128_GCM_SHA256 with X25519 and Ed25519. Tickets are received and not used.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, equal, toHex } from '../lib/bytes.ts';
import { sign, verify } from './crypto/ed25519.ts';
import { deriveSecret, exportKeys, finishedData, handshakeSecret, masterSecret } from './crypto/tls-keys.ts';
import { HANDSHAKE, message, readCertificateVerify } from './tls-messages.ts';
import { RECORD, type RecordFault, Records } from './tls-records.ts';

/** The alerts that occur here (§6). */
export const ALERT = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  illegal_parameter: 47,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  certificate_required: 116,
} as const;

export type AlertName = keyof typeof ALERT;

/** How a session ended: orderly, by an alert that came, by one that we sent. */
export type TlsEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly alert: string }
  | { readonly kind: 'failed'; readonly alert: AlertName };

export interface TlsUser {
  /** Takes bytes for the other side. */
  send(bytes: Uint8Array): void;
  established(): void;
  data(bytes: Uint8Array): void;
  /** Said once. */
  ended(how: TlsEnd): void;
  /** Lines of a key log, as Wireshark and curl know it. */
  secret(line: string): void;
}

/** Larger handshake messages than this are nobody's. */
const LARGEST_MESSAGE = 65_536;
const EMPTY = new Uint8Array(0);
type Side = 'client' | 'server';

export abstract class TlsSession {
  state: 'handshake' | 'established' | 'ended' = 'handshake';
  /** The other side's certificate, where it showed one. */
  peerCertificate: Uint8Array | undefined;
  /** The application protocol agreed on. */
  protocol: string | undefined;
  protected readonly user: TlsUser;
  protected readonly records = new Records();
  private readonly side: Side;
  private transcript = sha256.create();
  private pending: Uint8Array = EMPTY;
  /** Records that leave together, so that one flight is one write to what carries it. */
  private outgoing: Uint8Array[] = [];
  private handshake: Uint8Array = EMPTY;
  private master: Uint8Array = EMPTY;
  private exporter: Uint8Array = EMPTY;
  private secrets: { readonly client: Uint8Array; readonly server: Uint8Array } = { client: EMPTY, server: EMPTY };
  protected clientRandom: Uint8Array = EMPTY;

  constructor(side: Side, user: TlsUser) {
    this.side = side;
    this.user = user;
  }

  /** Takes bytes from the other side. */
  receive(bytes: Uint8Array): void {
    this.records.add(bytes);
    while (this.state !== 'ended') {
      const record = this.records.next();
      if (record === undefined) break;
      if (typeof record === 'string') this.fail(record satisfies RecordFault);
      else this.take(record.type, record.fragment);
    }
    this.flush();
  }

  write(bytes: Uint8Array): void {
    if (this.state !== 'established') return;
    this.outgoing.push(this.records.encode(RECORD.data, bytes));
    this.flush();
  }

  /** Says that nothing more follows. */
  close(): void {
    if (this.state === 'ended') return;
    this.sendAlert('close_notify');
    this.end({ kind: 'closed' });
  }

  /** Keys for what runs above (RFC 5705, RFC 8446 §7.5). */
  export(label: string, length: number): Uint8Array {
    return exportKeys(this.exporter, label, EMPTY, length);
  }

  /** One handshake message, whole with its header. */
  protected abstract takeMessage(type: number, body: Uint8Array, whole: Uint8Array): void;

  protected sendHandshake(...messages: readonly Uint8Array[]): void {
    for (const each of messages) this.transcript.update(each);
    this.outgoing.push(this.records.encode(RECORD.handshake, concat(...messages)));
  }

  /** The first message of all, whose record names an old version for old middleboxes. */
  protected sendHello(hello: Uint8Array): void {
    this.transcript.update(hello);
    this.outgoing.push(this.records.encode(RECORD.handshake, hello, 0x0301));
    this.flush();
  }

  protected hear(whole: Uint8Array): void {
    this.transcript.update(whole);
  }

  /** A record that only keeps middleboxes calm (appendix D.4). */
  protected sendChangeCipherSpec(): void {
    this.outgoing.push(this.records.encode(RECORD.changeCipherSpec, Uint8Array.of(1)));
  }

  /** After both Hellos: everything from here on is sealed. */
  protected agree(shared: Uint8Array): void {
    this.handshake = handshakeSecret(shared);
    const hash = this.hash();
    this.secrets = {
      client: deriveSecret(this.handshake, 'c hs traffic', hash),
      server: deriveSecret(this.handshake, 's hs traffic', hash),
    };
    this.logSecret('CLIENT_HANDSHAKE_TRAFFIC_SECRET', this.secrets.client);
    this.logSecret('SERVER_HANDSHAKE_TRAFFIC_SECRET', this.secrets.server);
    this.records.readWith(this.side === 'client' ? this.secrets.server : this.secrets.client);
    this.records.writeWith(this.secrets[this.side]);
  }

  protected ownFinished(): Uint8Array {
    return message(HANDSHAKE.finished, finishedData(this.secrets[this.side], this.hash()));
  }

  /** Takes the other side's Finished. Answers whether it is right; a wrong one ends the session. */
  protected finishAndHear(body: Uint8Array, whole: Uint8Array): boolean {
    const theirs = this.side === 'client' ? this.secrets.server : this.secrets.client;
    return this.hearIf(equal(body, finishedData(theirs, this.hash())), whole);
  }

  /** Takes the other side's CertificateVerify, made with the secret half of `publicKey`. */
  protected verifyAndHear(body: Uint8Array, whole: Uint8Array, publicKey: Uint8Array): boolean {
    const signature = readCertificateVerify(body);
    const content = this.signedContent(this.side === 'client' ? 'server' : 'client');
    return this.hearIf(signature !== undefined && verify(signature, content, publicKey), whole);
  }

  /** After the server's Finished: the secrets of the application's data, not yet in use. */
  protected deriveApplicationSecrets(): { readonly client: Uint8Array; readonly server: Uint8Array } {
    this.master = masterSecret(this.handshake);
    const hash = this.hash();
    const client = deriveSecret(this.master, 'c ap traffic', hash);
    const server = deriveSecret(this.master, 's ap traffic', hash);
    this.exporter = deriveSecret(this.master, 'exp master', hash);
    this.logSecret('CLIENT_TRAFFIC_SECRET_0', client);
    this.logSecret('SERVER_TRAFFIC_SECRET_0', server);
    this.logSecret('EXPORTER_SECRET', this.exporter);
    return { client, server };
  }

  protected sign(secret: Uint8Array): Uint8Array {
    return sign(this.signedContent(this.side), secret);
  }

  protected establish(): void {
    this.state = 'established';
    this.user.established();
  }

  protected fail(alert: AlertName): void {
    if (this.state === 'ended') return;
    this.sendAlert(alert);
    this.end({ kind: 'failed', alert });
  }

  private take(type: number, fragment: Uint8Array): void {
    if (type === RECORD.alert) this.takeAlert(fragment);
    else if (type === RECORD.handshake) this.takeHandshake(fragment);
    else if (type === RECORD.data && this.state === 'established') this.user.data(fragment);
    else if (type !== RECORD.changeCipherSpec) this.fail('unexpected_message');
  }

  private takeHandshake(fragment: Uint8Array): void {
    this.pending = concat(this.pending, fragment);
    while (this.state !== 'ended' && this.pending.length >= 4) {
      const length = 4 + ((this.pending[1]! << 16) | (this.pending[2]! << 8) | this.pending[3]!);
      if (length > LARGEST_MESSAGE) this.fail('decode_error');
      if (length > this.pending.length) return;
      const whole = this.pending.subarray(0, length);
      this.pending = this.pending.subarray(length);
      this.takeMessage(whole[0]!, whole.subarray(4), whole);
    }
  }

  private hearIf(right: boolean, whole: Uint8Array): boolean {
    if (right) this.hear(whole);
    else this.fail('decrypt_error');
    return right;
  }

  private takeAlert(fragment: Uint8Array): void {
    const [, description = 0] = fragment;
    if (description === ALERT.close_notify) {
      this.sendAlert('close_notify');
      this.end({ kind: 'closed' });
      return;
    }
    const name = Object.entries(ALERT).find(([, number]) => number === description)?.[0];
    this.end({ kind: 'refused', alert: name ?? `alert ${description}` });
  }

  /** Level 1 is a warning, which only close_notify is; all others are fatal. */
  private sendAlert(name: AlertName): void {
    const level = name === 'close_notify' ? 1 : 2;
    this.outgoing.push(this.records.encode(RECORD.alert, Uint8Array.of(level, ALERT[name])));
  }

  private end(how: TlsEnd): void {
    this.state = 'ended';
    this.flush();
    this.user.ended(how);
  }

  private flush(): void {
    if (this.outgoing.length === 0) return;
    const bytes = concat(...this.outgoing);
    this.outgoing = [];
    this.user.send(bytes);
  }

  private hash(): Uint8Array {
    return this.transcript.clone().digest();
  }

  /** §4.4.3: 64 spaces, who signs, a zero, the transcript. */
  private signedContent(signer: Side): Uint8Array {
    const label = `${' '.repeat(64)}TLS 1.3, ${signer} CertificateVerify\0`;
    return concat(utf8ToBytes(label), this.hash());
  }

  /** Written down once, by the client. */
  private logSecret(label: string, secret: Uint8Array): void {
    if (this.side === 'client') this.user.secret(`${label} ${toHex(this.clientRandom)} ${toHex(secret)}`);
  }
}
