/**
 * Handshake messages of TLS (RFC 8446 §4, RFC 5246 §7.4) and DTLS (RFC 6347 §4.2.2), as far as they are open: the two
 * hellos, and the certificates before TLS 1.3. The rest is taken as bytes.
 *
 *     client hello   version 2, random 32, session ID <1>, [DTLS: cookie <1>], cipher suites <2>, compression <1>, extensions <2>
 *     server hello   version 2, random 32, session ID <1>, cipher suite 2, compression 1, extensions <2>
 *     certificate    list <3> of certificate <3>
 *     extension      type 2, data <2>
 *
 * <n> is a length of n bytes and then that many bytes.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { LayerReader } from './layer-reader.ts';
import { within } from './record.ts';
import { hex16, named, printable } from './show.ts';
import { CIPHER_SUITES, EXTENSIONS, GROUPS, VERSIONS } from './tls-names.ts';
import { Writer } from './writer.ts';

export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface ClientHello {
  readonly type: 'client-hello';
  /** 0x0303 for TLS 1.2 and 1.3, which says more in an extension. */
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  /** DTLS only. */
  readonly cookie?: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compression: Uint8Array;
  /** Undefined where the message ends before them, as old ones do. */
  readonly extensions?: readonly Extension[];
}

export interface ServerHello {
  readonly type: 'server-hello';
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compression: number;
  readonly extensions?: readonly Extension[];
}

/** DER, the server's own first. */
export interface CertificateList {
  readonly type: 'certificate';
  readonly certificates: readonly Uint8Array[];
}

export type Handshake =
  | ClientHello
  | ServerHello
  | CertificateList
  | { readonly type: 'other'; readonly number: number; readonly body: Uint8Array };

/** Whose fields these are, in their keys. */
export type Family = 'tls' | 'dtls';

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
export const CERTIFICATE = 11;

const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const ALPN = 16;
const SUPPORTED_VERSIONS = 43;

/** The extension that names the host one wants to speak to, RFC 6066 §3. */
export function serverName(host: string): Extension {
  const entry = new Writer().u8(0).u16(host.length).text(host).take();
  return { type: SERVER_NAME, data: new Writer().u16(entry.length).raw(entry).take() };
}

/** Reads the body of a message of the given type, which must reach to the reader's end. */
export function readHandshake(reader: LayerReader, type: number, family: Family): Handshake {
  const message = readBody(reader, type, family);
  if (reader.left > 0) {
    reader.malformed(`${reader.left} bytes follow the handshake message`);
    reader.raw('Extra data', `${family}.handshake.extra`, reader.left);
  }
  return message;
}

function readBody(reader: LayerReader, type: number, family: Family): Handshake {
  switch (type) {
    case CLIENT_HELLO:
      return readClientHello(reader, family);
    case SERVER_HELLO:
      return readServerHello(reader, family);
    case CERTIFICATE:
      return readCertificates(reader, family);
    default:
      return { type: 'other', number: type, body: reader.raw('Data', `${family}.handshake.data`, reader.left) };
  }
}

function readClientHello(reader: LayerReader, family: Family): ClientHello {
  const key = `${family}.handshake`;
  const start = readHelloStart(reader, key);
  const cookie = family === 'dtls' ? vector8(reader, 'Cookie', `${key}.cookie`) : undefined;
  const suitesLength = reader.u16('Cipher Suites Length', `${key}.cipher_suites_length`);
  const cipherSuites: number[] = [];
  reader.group('Cipher Suites', `${key}.ciphersuites`, () =>
    within(reader, suitesLength, 'cipher suites', () => {
      while (reader.left > 0) cipherSuites.push(reader.u16('Cipher Suite', `${key}.ciphersuite`, suiteName));
      return `${cipherSuites.length} suites`;
    }),
  );
  const compression = readCompression(reader, key);
  const extensions = readExtensions(reader, key);
  return {
    type: 'client-hello',
    ...start,
    ...(cookie && { cookie }),
    cipherSuites,
    compression,
    ...(extensions && { extensions }),
  };
}

function readCompression(reader: LayerReader, key: string): Uint8Array {
  const length = reader.u8('Compression Methods Length', `${key}.comp_methods_length`);
  const methods = reader.bytes.subarray(reader.at, reader.at + length);
  reader.group('Compression Methods', `${key}.comp_methods`, () => {
    for (let i = 0; i < length; i++) reader.u8('Compression Method', `${key}.comp_method`);
    return `${length} methods`;
  });
  return methods;
}

function readServerHello(reader: LayerReader, family: Family): ServerHello {
  const key = `${family}.handshake`;
  const start = readHelloStart(reader, key);
  const cipherSuite = reader.u16('Cipher Suite', `${key}.ciphersuite`, suiteName);
  const compression = reader.u8('Compression Method', `${key}.comp_method`);
  const extensions = readExtensions(reader, key);
  return { type: 'server-hello', ...start, cipherSuite, compression, ...(extensions && { extensions }) };
}

function readHelloStart(reader: LayerReader, key: string): Pick<ServerHello, 'version' | 'random' | 'sessionId'> {
  const version = reader.u16('Version', `${key}.version`, versionName);
  const random = reader.raw('Random', `${key}.random`, 32);
  return { version, random, sessionId: vector8(reader, 'Session ID', `${key}.session_id`) };
}

/** A length in one byte, and what it measures. */
function vector8(reader: LayerReader, name: string, key: string): Uint8Array {
  const length = reader.u8(`${name} Length`, `${key}_length`);
  return length > 0 ? reader.raw(name, key, length) : new Uint8Array(0);
}

function readExtensions(reader: LayerReader, key: string): Extension[] | undefined {
  if (reader.left === 0) return undefined;
  const length = reader.u16('Extensions Length', `${key}.extensions_length`);
  const extensions: Extension[] = [];
  within(reader, length, 'extensions', () => {
    while (reader.left > 0)
      reader.group('Extension', `${key}.extension`, () => {
        const type = reader.u16('Type', `${key}.extension.type`, (value) => named(EXTENSIONS, value));
        const size = reader.u16('Length', `${key}.extension.len`);
        const data = reader.bytes.subarray(reader.at, reader.at + Math.min(size, reader.left));
        const shown = within(reader, size, 'extension', () => {
          const what = readExtension(reader, type, key);
          if (reader.left > 0) reader.raw('Data', `${key}.extension.data`, reader.left);
          return what;
        });
        extensions.push({ type, data });
        return shown === '' ? named(EXTENSIONS, type) : `${named(EXTENSIONS, type)}: ${shown}`;
      });
  });
  return extensions;
}

/** Shows the extensions that tell who is called and in which language; answers what they say in short. */
function readExtension(reader: LayerReader, type: number, key: string): string {
  switch (type) {
    case SERVER_NAME:
      if (reader.left === 0) return '';
      reader.u16('Server Name list length', `${key}.extensions_server_name_list_len`);
      reader.u8('Server Name Type', `${key}.extensions_server_name_type`);
      return reader.text(
        'Server Name',
        `${key}.extensions_server_name`,
        reader.u16('Server Name length', `${key}.extensions_server_name_len`),
      );
    case SUPPORTED_GROUPS:
      reader.u16('Supported Groups List Length', `${key}.extensions_supported_groups_length`);
      return list(reader, () => reader.u16('Supported Group', `${key}.extensions_supported_group`, groupName));
    case ALPN:
      reader.u16('ALPN Extension Length', `${key}.extensions_alpn_len`);
      return list(reader, () =>
        reader.text(
          'ALPN Next Protocol',
          `${key}.extensions_alpn_str`,
          reader.u8('ALPN string length', `${key}.extensions_alpn_str_len`),
        ),
      );
    case SUPPORTED_VERSIONS:
      // A client lists versions behind a length byte, a server names one.
      if (reader.left !== 2) reader.u8('Supported Versions length', `${key}.extensions.supported_versions_len`);
      return list(reader, () => reader.u16('Supported Version', `${key}.extensions.supported_version`, versionName));
    default:
      return '';
  }
}

function list(reader: LayerReader, read: () => unknown): string {
  const items: string[] = [];
  while (reader.left > 0) {
    read();
    items.push(reader.last.display);
  }
  return items.join(', ');
}

function readCertificates(reader: LayerReader, family: Family): CertificateList {
  const key = `${family}.handshake`;
  const length = reader.u24('Certificates Length', `${key}.certificates_length`);
  const certificates: Uint8Array[] = [];
  within(reader, length, 'certificates', () => {
    while (reader.left > 0) {
      const size = reader.u24('Certificate Length', `${key}.certificate_length`);
      certificates.push(reader.raw('Certificate', `${key}.certificate`, size));
    }
  });
  return { type: 'certificate', certificates };
}

/** What a packet holds, one after the other, as its summary; a hostile one may hold thousands. */
export function listed(items: readonly string[]): string {
  return items.length <= 12 ? items.join(', ') : `${items.slice(0, 12).join(', ')} and ${items.length - 12} more`;
}

/** The host a client hello asks for, or undefined. */
export function hostOf(hello: ClientHello): string | undefined {
  const data = hello.extensions?.find((extension) => extension.type === SERVER_NAME)?.data;
  return data && data.length > 5 ? printable(data.subarray(5, 5 + u16(data, 3))) : undefined;
}

/** The body of a message, and the number of its type. */
export function writeHandshake(message: Handshake): { readonly type: number; readonly body: Uint8Array } {
  switch (message.type) {
    case 'client-hello':
      return { type: CLIENT_HELLO, body: writeClientHello(message) };
    case 'server-hello': {
      const writer = writeHelloStart(message).u16(message.cipherSuite).u8(message.compression);
      return { type: SERVER_HELLO, body: writeExtensions(writer, message.extensions).take() };
    }
    case 'certificate': {
      const writer = new Writer();
      for (const certificate of message.certificates) writer.u24(certificate.length).raw(certificate);
      const all = writer.take();
      return { type: CERTIFICATE, body: new Writer().u24(all.length).raw(all).take() };
    }
    case 'other':
      return { type: message.number, body: message.body };
  }
}

function writeClientHello(hello: ClientHello): Uint8Array {
  const writer = writeHelloStart(hello);
  if (hello.cookie) writer.u8(hello.cookie.length).raw(hello.cookie);
  writer.u16(2 * hello.cipherSuites.length);
  for (const suite of hello.cipherSuites) writer.u16(suite);
  writer.u8(hello.compression.length).raw(hello.compression);
  return writeExtensions(writer, hello.extensions).take();
}

function writeHelloStart({ version, random, sessionId }: ClientHello | ServerHello): Writer {
  return new Writer().u16(version).raw(random).u8(sessionId.length).raw(sessionId);
}

function writeExtensions(writer: Writer, extensions: readonly Extension[] | undefined): Writer {
  if (!extensions) return writer;
  const inner = new Writer();
  for (const { type, data } of extensions) inner.u16(type).u16(data.length).raw(data);
  const all = inner.take();
  return writer.u16(all.length).raw(all);
}

export function versionName(value: number): string {
  return `${VERSIONS[value] ?? 'Unknown'} (${hex16(value)})`;
}

function suiteName(value: number): string {
  return `${CIPHER_SUITES[value] ?? 'Unknown'} (${hex16(value)})`;
}

function groupName(value: number): string {
  return `${GROUPS[value] ?? 'Unknown'} (${hex16(value)})`;
}
