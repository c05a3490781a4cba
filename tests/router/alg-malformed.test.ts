/** Nothing malformed leaves a trace in the textbook's ALGs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textbook } from '../../src/router/profiles/textbook.ts';
import * as isakmp from '../../src/wire/isakmp.ts';
import * as l2tp from '../../src/wire/l2tp.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import * as pptp from '../../src/wire/pptp.ts';
import { A, B, type Bench, datagram, packet, routerOf, S } from './bench.ts';
import { ControlTalk, greIn, message } from './control-talk.ts';
import { CONNECTION_ID, control, MESSAGE_TYPE, SCCRQ, TUNNEL_ID } from './l2tp-talk.ts';
import { ikeMessage } from './vpn-packets.ts';

const bench = (): Bench => routerOf(textbook, { pptp: true, l2tp: true, ipsec: true });

describe('a malformed control message', { timeout: 60_000 }, () => {
  const damage = fc.record({ at: fc.nat(60), to: fc.nat(255), cut: fc.option(fc.nat(60), { nil: undefined }) });

  /** One byte changed, and perhaps the end missing. */
  function damaged(
    bytes: Uint8Array,
    { at, to, cut }: { at: number; to: number; cut: number | undefined },
  ): Uint8Array {
    const changed = bytes.slice(0, cut);
    if (at < changed.length) changed[at] = to;
    return changed;
  }

  const ids = (lab: Bench) => lab.router.entries(lab.now).flatMap((entry) => entry.ids ?? []);

  test.each<readonly [string, Uint8Array, (bytes: Uint8Array) => boolean, (lab: Bench, bytes: Uint8Array) => unknown]>([
    [
      'L2TPv2',
      control(SCCRQ, 0, avp(TUNNEL_ID, 5)),
      (bytes) => l2tp.parse(bytes).ok,
      (lab, bytes) => lab.send(datagram(A, 1701, S, 1701, bytes)),
    ],
    [
      'L2TPv3 over udp',
      l2tpv3.encodeControl(
        { connectionId: 0, ns: 0, nr: 0, avps: [avp(MESSAGE_TYPE, SCCRQ), avp(CONNECTION_ID, 5)] },
        'udp',
      ),
      (bytes) => l2tpv3.parse(bytes, 'udp').ok,
      (lab, bytes) => lab.send(datagram(A, 1701, S, 1701, bytes)),
    ],
    [
      'L2TPv3 over ip',
      l2tpv3.encodeControl(
        { connectionId: 0, ns: 0, nr: 0, avps: [avp(MESSAGE_TYPE, SCCRQ), avp(CONNECTION_ID, 5)] },
        'ip',
      ),
      (bytes) => l2tpv3.parse(bytes, 'ip').ok,
      (lab, bytes) => lab.send(packet(A, S, l2tpv3.PROTOCOL, bytes)),
    ],
    [
      'IKE',
      ikeMessage('a0a1a2a3a4a5a6a7'),
      (bytes) => isakmp.parse(bytes).ok,
      (lab, bytes) => lab.send(datagram(A, 500, S, 500, bytes)),
    ],
  ])('of %s notes no number', (_, good, isWellFormed, send) => {
    let malformed = 0;
    fc.assert(
      fc.property(damage, (how) => {
        const bytes = damaged(good, how);
        const lab = bench();
        send(lab, bytes);
        if (isWellFormed(bytes)) return;
        malformed++;
        expect(ids(lab)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(malformed).toBeGreaterThan(100);
  });

  /** Length, message type, magic cookie and control type: what makes it this message (RFC 2637 §2). */
  const header = fc.record({ at: fc.nat(9), to: fc.nat(255) }).map((each) => ({ ...each, cut: undefined }));
  const isStill = (bytes: Uint8Array, kind: string) => {
    const parsed = pptp.parse(bytes);
    return parsed.ok && parsed.value.message.kind === kind;
  };

  test('of PPTP begins no call: its Call ID is anybody’s', () => {
    fc.assert(
      fc.property(header, (how) => {
        const bytes = damaged(message('Outgoing-Call-Request', { w12: 7 }), how);
        fc.pre(!isStill(bytes, 'outgoing-call-request') && !isStill(bytes, 'incoming-call-request'));
        const lab = bench();
        new ControlTalk(lab, A).open().fromClient(bytes);
        expect(new ControlTalk(lab, B).open().call(7, 901)).toBe(7);
      }),
    );
  });

  test('of PPTP that would answer a call lets no GRE in, and makes no entry', () => {
    fc.assert(
      fc.property(header, (how) => {
        const bytes = damaged(message('Outgoing-Call-Reply', { w12: 900, w14: 7, result: 1 }), how);
        fc.pre(!isStill(bytes, 'outgoing-call-reply'));
        const lab = bench();
        const talk = new ControlTalk(lab, A).open();
        talk.say('Outgoing-Call-Request', { w12: 7 });
        const before = lab.router.entries(lab.now).length;
        talk.fromServer(bytes);
        expect(greIn(lab, 7)).toBeUndefined();
        expect(lab.router.entries(lab.now).length).toBe(before);
      }),
    );
  });
});
