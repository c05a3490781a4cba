import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import { Inbox } from '../../src/endpoints/tcp-inbox.ts';
import { Outbox } from '../../src/endpoints/tcp-outbox.ts';
import { LINUX_TCP } from '../../src/endpoints/tcp-policy.ts';

function sending(bytes: number) {
  const box = new Outbox(1000, LINUX_TCP);
  box.sendSyn(0);
  box.acknowledgeSyn(1001, milliseconds(100));
  box.window = 65_535;
  box.segmentSize = 100;
  box.add(new Uint8Array(bytes));
  return box;
}

describe('the sending half', () => {
  test('cuts at the segment size and marks the last piece', () => {
    const box = sending(250);
    const pieces = [box.take(0), box.take(0), box.take(0), box.take(0)];
    expect(pieces.map((piece) => piece && [piece.sequence, piece.payload.length, piece.last])).toEqual([
      [1001, 100, false],
      [1101, 100, false],
      [1201, 50, true],
      undefined,
    ]);
  });

  test('keeps to the window of the peer, and tries a closed one with a single byte', () => {
    const box = sending(250);
    box.window = 130;
    expect([box.take(0)?.payload.length, box.take(0)?.payload.length, box.take(0)]).toEqual([100, 30, undefined]);
    box.acknowledge(1131, 0);
    box.window = 0;
    expect(box.take(0)).toBeUndefined();
    expect(box.again(0)?.payload.length).toBe(1);
  });

  test('the FIN goes with the last bytes and takes a number of its own', () => {
    const box = sending(50);
    box.finish();
    expect(box.take(0)).toMatchObject({ sequence: 1001, fin: true });
    expect(box.finished).toBe(false);
    box.acknowledge(1051, 0);
    expect(box.again(0)).toMatchObject({ sequence: 1051, fin: true });
    box.acknowledge(1052, 0);
    expect(box.finished).toBe(true);
  });

  test('after the first measure waits three round trips (RFC 6298 §2.2), doubling at each repetition up to the limit', () => {
    const box = sending(50);
    expect(box.patience).toBe(milliseconds(300));
    box.take(0);
    const waits = Array.from({ length: 12 }, () => {
      box.again(0);
      return box.patience;
    });
    expect(waits.slice(0, 3)).toEqual([600, 1200, 2400].map(milliseconds));
    expect(waits.at(-1)).toBe(seconds(120));
  });

  test('a segment sent twice is not measured (Karn, RFC 6298 §3)', () => {
    const box = sending(50);
    box.take(0);
    box.again(milliseconds(300));
    box.acknowledge(1051, seconds(50));
    expect(box.patience).toBe(milliseconds(300));
  });

  test('a segment sent once is', () => {
    const box = sending(50);
    box.take(0);
    box.acknowledge(1051, seconds(5));
    expect(box.patience).toBeGreaterThan(seconds(1));
  });

  test('an old acknowledgement is no news', () => {
    const box = sending(50);
    box.take(0);
    expect([box.acknowledge(1051, 0), box.acknowledge(1051, 0), box.acknowledge(1001, 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the receiving half', () => {
  test('keeps what comes early and hands it on when the gap closes', () => {
    const box = new Inbox(999);
    const piece = (...bytes: number[]) => Uint8Array.from(bytes);
    expect(box.take(1003, piece(4, 5), true)).toEqual([]);
    expect(box.take(1000, piece(1), false)).toEqual([piece(1)]);
    expect(box.take(1001, piece(2, 3), false)).toEqual([piece(2, 3), piece(4, 5)]);
    expect([box.next, box.finished]).toEqual([1006, true]);
  });

  test('puts any cutting, order and repetition of a stream together, across the end of the numbers', () => {
    const stream = Uint8Array.from({ length: 60 }, (_, index) => index);
    const cut = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 20 }));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 40 }), (cuts) => {
        const initial = 0xffffffe0;
        const box = new Inbox(initial);
        const all = [...cuts, [0, 20], [20, 20], [40, 20]] as const;
        const heard = all.flatMap(([from, length]) => {
          const sequence = (initial + 1 + from) >>> 0;
          return box.take(sequence, stream.subarray(from, from + length), false).flatMap((bytes) => [...bytes]);
        });
        expect(heard).toEqual([...stream]);
      }),
    );
  });

  test('a segment with nothing in it is in the window from the next number on', () => {
    const box = new Inbox(999);
    expect([999, 1000, 1009, 1010].map((sequence) => box.accepts(sequence, 0, 10))).toEqual([false, true, true, false]);
    expect([998, 999, 1009, 1010].map((sequence) => box.accepts(sequence, 2, 10))).toEqual([false, true, true, false]);
  });
});
