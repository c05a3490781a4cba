/** The small written forms that protocols share: base64, dates, HTTP messages. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64Url, toBase64, toBase64Url } from '../../src/endpoints/base64.ts';
import { httpDate, unixTime } from '../../src/endpoints/calendar.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { encodeRequest, encodeResponse, HttpReader } from '../../src/endpoints/http.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('base64', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('"%s" is "%s" (RFC 4648 §10)', (plain, encoded) => {
    expect(toBase64(ascii(plain))).toBe(encoded);
  });

  test('agrees with Node on any bytes, in both alphabets, and reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  test('other letters and impossible lengths are refused', () => {
    for (const text of ['a', 'ab=', 'a b', 'a+b/']) expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe('the calendar', () => {
  test('begins on 1 January 2024 and agrees with Date for forty years', () => {
    expect(httpDate(0)).toBe('Mon, 01 Jan 2024 00:00:00 GMT');
    expect(unixTime(seconds(1.5))).toBe(1_704_067_201);
    fc.assert(
      fc.property(fc.nat(40 * 366 * 86_400), (time) => {
        expect(httpDate(seconds(time))).toBe(new Date((1_704_067_200 + time) * 1000).toUTCString());
      }),
    );
  });
});

describe('HTTP messages', () => {
  const request = encodeRequest({ method: 'GET', path: '/a', headers: { Host: 'b' } });
  const response = encodeResponse({ status: 200, reason: 'All right', headers: { 'X-One': '1' }, body: 'body' });

  test('are written as RFC 9112 has them', () => {
    expect(Buffer.from(request).toString()).toBe('GET /a HTTP/1.1\r\nHost: b\r\n\r\n');
    expect(Buffer.from(response).toString()).toBe(
      'HTTP/1.1 200 All right\r\nX-One: 1\r\nContent-Length: 4\r\n\r\nbody',
    );
  });

  test('are read whole however the stream is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (step) => {
        const reader = new HttpReader();
        const found: unknown[] = [];
        const stream = new Uint8Array([...response, ...response]);
        for (let at = 0; at < stream.length; at += step) {
          reader.add(stream.subarray(at, at + step));
          for (let next = reader.response(); next; next = reader.response()) found.push(next);
        }
        const expected = {
          status: 200,
          reason: 'All right',
          headers: { 'x-one': '1', 'content-length': '4' },
          body: 'body',
        };
        expect(found).toEqual([expected, expected]);
      }),
    );
  });

  test.each([
    'GET\r\n\r\n',
    'GET / FTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nnocolon\r\n\r\n',
    'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
  ])('%j is malformed', (text) => {
    const reader = new HttpReader();
    reader.add(ascii(text));
    expect(reader.request()).toBe('malformed');
  });

  test('a head that never ends is malformed, not waited for', () => {
    const reader = new HttpReader();
    reader.add(new Uint8Array(20_000).fill(65));
    expect(reader.request()).toBe('malformed');
  });

  test('any bytes are read without a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const reader = new HttpReader();
        reader.add(bytes);
        reader.add(ascii('\r\n\r\n'));
        expect(['malformed', undefined].includes(reader.request() as string) || bytes.length > 8).toBe(true);
      }),
    );
  });
});
