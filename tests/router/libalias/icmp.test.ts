/** ICMP: queries by their id, and errors about what libalias has translated. */
import { describe, expect, test } from 'vitest';
import { concat, putU16 } from '../../../src/lib/bytes.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import { checksum } from '../../../src/wire/checksum.ts';
import * as ip from '../../../src/wire/ipv4.ts';
import * as udp from '../../../src/wire/udp.ts';
import { C1, C2, ends, icmp, isSound, Library, S, S2, W, word } from './library.ts';

const HOP = ipv4('198.51.100.254');
const INNER_ROUTER = ipv4('192.168.1.250');
const QUOTE = 28;

const datagram = (source: number, destination: number, sourcePort: number, destinationPort: number, sum?: number) => {
  const given = { sourcePort, destinationPort, payload: new Uint8Array(4) };
  const payload = udp.encode(given, { source, destination });
  if (sum !== undefined) putU16(payload, 6, sum);
  return ip.encode({ source, destination, protocol: 17, payload });
};

/** An error from `source` about `about`, quoted with eight bytes of its data. */
const error = (source: number, destination: number, about: Uint8Array, type = 3, code = 3) =>
  ip.encode({
    source,
    destination,
    protocol: 1,
    payload: icmp(type, code, concat(new Uint8Array(4), about.subarray(0, QUOTE))),
  });

const echo = (source: number, destination: number, id: number, type = 8) => {
  const rest = new Uint8Array(12);
  putU16(rest, 0, id);
  return ip.encode({ source, destination, protocol: 1, payload: icmp(type, 0, rest) });
};

const quoteOf = (packet: Uint8Array): Uint8Array => packet.subarray(28);
const isQuotedHeaderRight = (packet: Uint8Array): boolean => checksum(quoteOf(packet), 0, 20) === 0;

describe('a query', () => {
  test('keeps its id where nobody has it toward that remote, and gets another where somebody does', () => {
    const library = new Library({ draws: [0x9000] });
    const first = library.out(echo(C1, S, 7));
    const second = library.out(echo(C2, S, 7));
    const elsewhere = library.out(echo(C2, S2, 7));
    expect([first, second, elsewhere].map((each) => [word(each, 24), isSound(each)])).toEqual([
      [7, true],
      [0x9000, true],
      [7, true],
    ]);
    const answer = library.in(echo(S, W, 0x9000, 0));
    expect([ends(answer), word(answer, 24), isSound(answer)]).toEqual([[S, C2], 7, true]);
  });

  test('from outside is the NAT host’s, and takes the id', () => {
    const library = new Library({ draws: [0xa000] });
    const ping = echo(S, W, 7);
    expect(library.in(ping)).toEqual(ping);
    expect(word(library.out(echo(C1, S, 7)), 24)).toBe(0xa000);
  });
});

describe('an error from outside', () => {
  test.each([
    [3, 4],
    [4, 0],
    [11, 0],
    [12, 0],
  ])('of type %i about UDP reaches the laptop, quote and all, from the server or a hop on the way', (type, code) => {
    for (const from of [S, HOP]) {
      const library = new Library();
      const sent = library.out(datagram(C1, S, 500, 500));
      const packet = library.in(error(from, W, sent, type, code));
      expect([ends(packet), ends(quoteOf(packet)), word(quoteOf(packet), 20)]).toEqual([[from, C1], [C1, S], 500]);
      expect([isSound(packet), isQuotedHeaderRight(packet)]).toEqual([true, true]);
    }
  });

  test('has the quoted header summed wrong where the port was changed, and says so', () => {
    const library = new Library();
    library.out(datagram(C1, S, 500, 500));
    const packet = library.in(error(S, W, library.out(datagram(C2, S, 500, 500))));
    expect([ends(packet)[1], word(quoteOf(packet), 20)]).toEqual([C2, 500]);
    expect([isSound(packet), isQuotedHeaderRight(packet)]).toEqual([true, false]);
    expect(library.reason('quote-checksum-wrong')).toEqual({ code: 'quote-checksum-wrong', because: 'port' });
  });

  test('leaves the quoted datagram’s checksum as it was', () => {
    const library = new Library();
    const sent = library.out(datagram(C1, S, 500, 500));
    expect(word(quoteOf(library.in(error(S, W, sent))), 26)).toBe(word(sent, 26));
  });

  test('about a ping reaches who sent it, with its id', () => {
    const library = new Library({ draws: [0x9000] });
    library.out(echo(C1, S, 7));
    const packet = library.in(error(HOP, W, library.out(echo(C2, S, 7)), 11, 0));
    expect([ends(packet)[1], word(quoteOf(packet), 24), isSound(packet)]).toEqual([C2, 7, true]);
  });

  test.each([50, 51, 47, 115])('about IP protocol %i is the NAT host’s: no laptop hears of it', (protocol) => {
    const library = new Library();
    const about = library.out(ip.encode({ source: C1, destination: S, protocol, payload: new Uint8Array(16) }));
    const packet = error(HOP, W, about, 3, 4);
    expect(library.in(packet)).toEqual(packet);
    expect(library.reason('passed-raw')?.why).toBe('quotes-no-link');
    expect(library.entries).toHaveLength(1);
  });

  test('of the redirect kind, or about nothing known, is left alone and makes no link', () => {
    const library = new Library();
    for (const packet of [
      error(HOP, W, library.out(datagram(C1, S, 500, 500)), 5, 1),
      error(HOP, W, datagram(W, S, 9, 9)),
    ])
      expect(library.in(packet)).toEqual(packet);
    expect(library.entries).toHaveLength(1);
  });
});

describe('an error from inside', () => {
  const answered = (draws: readonly number[] = []) => {
    const library = new Library({ draws });
    library.out(datagram(C1, S, 500, 500));
    library.out(datagram(C2, S, 500, 500));
    return library;
  };

  test('shows the alias in itself and in its quote, whose checksum it leaves as it was', () => {
    const library = answered([0x9000]);
    const got = library.in(datagram(S, W, 500, 0x9000));
    const packet = library.out(error(C2, S, got));
    expect([ends(packet), ends(quoteOf(packet)), word(quoteOf(packet), 22)]).toEqual([[W, S], [S, W], 0x9000]);
    expect([isSound(packet), word(quoteOf(packet), 10)]).toEqual([true, word(got, 10)]);
    expect(library.reason('quote-checksum-wrong')?.because).toBe('address');
  });

  test('from another machine than the one it was for keeps that machine’s private source', () => {
    const library = answered();
    const got = library.in(datagram(S, W, 500, 500));
    const packet = library.out(error(INNER_ROUTER, S, got, 11, 0));
    expect([ends(packet), ends(quoteOf(packet))]).toEqual([
      [INNER_ROUTER, S],
      [S, W],
    ]);
  });

  test('about ESP leaves untouched, with its private source', () => {
    const library = new Library();
    const sent = library.out(ip.encode({ source: C1, destination: S, protocol: 50, payload: new Uint8Array(16) }));
    expect(ends(sent)).toEqual([W, S]);
    const about = ip.encode({ source: S, destination: C1, protocol: 50, payload: new Uint8Array(16) });
    const packet = error(C1, S, about, 3, 2);
    expect(library.out(packet)).toEqual(packet);
    expect(library.reason('passed-raw')?.why).toBe('quotes-no-link');
  });
});
