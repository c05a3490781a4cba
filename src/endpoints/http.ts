/**
 * HTTP/1.1 (RFC 9112), as much as a page, an access proxy and SSTP need: heads, and bodies of a length that is said.
 *
 * Does not model: chunked bodies, trailers, folded header lines, upgrades.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat } from '../lib/bytes.ts';
import { latin1 } from '../wire/writer.ts';

export type Headers = Readonly<Record<string, string>>;

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** As written when sent; names in small letters when read. */
  readonly headers: Headers;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body?: string;
}

/** The first line and the header lines, split but not understood. */
export interface Head {
  readonly first: readonly string[];
  readonly headers: Headers;
}

/** Servers commonly allow a head no more than this. */
const LARGEST_HEAD = 16_384;
const LARGEST_BODY = 1 << 20;

export function encodeRequest(request: HttpRequest): Uint8Array {
  return encode(`${request.method} ${request.path} HTTP/1.1`, request);
}

export function encodeResponse(response: HttpResponse): Uint8Array {
  return encode(`HTTP/1.1 ${response.status} ${response.reason}`, response);
}

function encode(first: string, message: { readonly headers: Headers; readonly body?: string }): Uint8Array {
  const body = utf8ToBytes(message.body ?? '');
  const length = message.body === undefined ? {} : { 'Content-Length': String(body.length) };
  const lines = Object.entries({ ...message.headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return concat(utf8ToBytes(`${first}\r\n${lines.join('')}\r\n`), body);
}

/** Cuts a stream of bytes into messages. */
export class HttpReader {
  private bytes: Uint8Array = new Uint8Array(0);

  add(bytes: Uint8Array): void {
    this.bytes = concat(this.bytes, bytes);
  }

  /** The next head, once it is whole; what follows it stays. */
  head(): Head | 'malformed' | undefined {
    const end = endOfHead(this.bytes);
    if (end === undefined) return this.bytes.length > LARGEST_HEAD ? 'malformed' : undefined;
    const head = readHead(latin1(this.bytes.subarray(0, end)));
    this.bytes = this.bytes.subarray(end + 4);
    return head ?? 'malformed';
  }

  request(): HttpRequest | 'malformed' | undefined {
    const message = this.message();
    if (message === undefined || message === 'malformed') return message;
    const [method = '', path = '', version = ''] = message.first;
    return version.startsWith('HTTP/1.') ? { method, path, headers: message.headers, body: message.body } : 'malformed';
  }

  response(): HttpResponse | 'malformed' | undefined {
    const message = this.message();
    if (message === undefined || message === 'malformed') return message;
    const [version = '', status = '', ...reason] = message.first;
    if (!version.startsWith('HTTP/1.') || !/^\d{3}$/.test(status)) return 'malformed';
    return { status: Number(status), reason: reason.join(' '), headers: message.headers, body: message.body };
  }

  /** All bytes not yet read: what follows a head that never ends its body. */
  rest(): Uint8Array {
    const { bytes } = this;
    this.bytes = new Uint8Array(0);
    return bytes;
  }

  private message(): (Head & { readonly body: string }) | 'malformed' | undefined {
    const before = this.bytes;
    const head = this.head();
    if (head === undefined || head === 'malformed') return head;
    const length = Number(head.headers['content-length'] ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > LARGEST_BODY) return 'malformed';
    if (this.bytes.length < length) {
      this.bytes = before;
      return undefined;
    }
    const body = latin1(this.bytes.subarray(0, length));
    this.bytes = this.bytes.subarray(length);
    return { ...head, body };
  }
}

function endOfHead(bytes: Uint8Array): number | undefined {
  const last = Math.min(bytes.length - 4, LARGEST_HEAD);
  for (let at = 0; at <= last; at++)
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  return undefined;
}

function readHead(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) return undefined;
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const words = first.split(' ');
  return words.length >= 2 ? { first: words, headers } : undefined;
}
