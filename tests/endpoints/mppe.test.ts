import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startKey } from '../../src/endpoints/crypto/mppe-keys.ts';
import { ascii } from '../../src/endpoints/crypto/mschap.ts';
import { Rc4 } from '../../src/endpoints/crypto/rc4.ts';
import { MppeReceiver, MppeSender } from '../../src/endpoints/mppe.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import * as wire from '../../src/wire/mppe.ts';
import { mustRead } from '../support/must-read.ts';

const START = startKey('clientPass', hex('82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF'), 'server-sends');
const pair = () => ({ sender: new MppeSender(START), receiver: new MppeReceiver(START) });
const text = (count: number) => ascii(`packet ${count}`);

function header(packet: Uint8Array): wire.Fields {
  return mustRead(wire.parse(packet));
}

test('the first packet uses the key after the first change (RFC 3078 §7.1), counts from 0 and is flushed', () => {
  const packet = header(new MppeSender(START).encrypt(text(0)));
  expect(packet).toMatchObject({ flushed: true, encrypted: true, coherencyCount: 0 });
  // The second key of RFC 3079 §3.5.3's session, computed with two other implementations.
  const second = new Rc4(hex('726F10500E2B54135B1B74D7682F0471'));
  expect(toHex(packet.payload)).toBe(toHex(second.apply(text(0))));
});

describe('the receiver', () => {
  test('reads every packet in order, also past the end of the 12-bit count', () => {
    const { sender, receiver } = pair();
    const unread: number[] = [];
    const counts: number[] = [];
    for (let count = 0; count < 4100; count++) {
      const packet = sender.encrypt(text(count));
      counts.push(header(packet).coherencyCount);
      const read = receiver.decrypt(packet);
      if (!read || toHex(read) !== toHex(text(count))) unread.push(count);
    }
    expect(unread).toEqual([]);
    expect(counts.slice(4094)).toEqual([4094, 4095, 0, 1, 2, 3]);
  });

  test('reads on after any packets were lost', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (lost) => {
        const { sender, receiver } = pair();
        lost.forEach((isLost, count) => {
          const packet = sender.encrypt(text(count));
          if (!isLost) expect(receiver.decrypt(packet)).toEqual(text(count));
        });
      }),
    );
  });

  test('drops a packet that comes again or too late', () => {
    const { sender, receiver } = pair();
    const [first, second] = [sender.encrypt(text(0)), sender.encrypt(text(1))];
    expect(receiver.decrypt(second)).toEqual(text(1));
    expect(receiver.decrypt(second)).toBeUndefined();
    expect(receiver.decrypt(first)).toBeUndefined();
    expect(receiver.decrypt(sender.encrypt(text(2)))).toEqual(text(2));
  });

  test('does not take what is not encrypted', () => {
    const plain = wire.encode({ flushed: true, encrypted: false, coherencyCount: 0, payload: text(0) });
    expect(pair().receiver.decrypt(plain)).toBeUndefined();
    expect(pair().receiver.decrypt(Uint8Array.of(1))).toBeUndefined();
  });

  test('with the key of the other direction reads nothing of sense', () => {
    const other = startKey('clientPass', hex('82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF'), 'client-sends');
    expect(new MppeReceiver(other).decrypt(new MppeSender(START).encrypt(text(0)))).not.toEqual(text(0));
  });
});
