import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import type { InnerAddresses } from '../../src/endpoints/ppp-ipcp.ts';
import { type PppEnd, PppLink, type PppSettings } from '../../src/endpoints/ppp-link.ts';
import * as ccp from '../../src/wire/ccp.ts';
import * as chap from '../../src/wire/chap.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as lcp from '../../src/wire/lcp.ts';
import * as ppp from '../../src/wire/ppp.ts';
import { FakeHost } from '../support/fake-host.ts';
import { mustRead } from '../support/must-read.ts';

const MPPE = ccp.STATELESS | ccp.MPPE_128;
const PASSWORDS = new Map([['ann', 'secret']]);

const CLIENT: PppSettings = {
  lcp: {
    options: [{ kind: 'mru', value: 1400 }, { kind: 'pfc' }, { kind: 'acfc' }],
    answers: ['ms-chap-v2', 'chap-md5'],
  },
  ipcp: { address: 0 },
  client: { userName: 'ann', password: 'secret' },
  mppeBits: MPPE,
};
const PLAIN_SERVER: PppSettings = {
  lcp: { options: [{ kind: 'mru', value: 1400 }], demand: 'ms-chap-v2', answers: [] },
  ipcp: { address: 0x0a000001, assign: 0x0a000064, nameServer: 0x0a000035 },
  server: { name: 'server', passwords: PASSWORDS },
};
const SERVER: PppSettings = { ...PLAIN_SERVER, mppeBits: MPPE };

type Frame = { readonly from: 'client' | 'server'; readonly bytes: Uint8Array };

/** Two links back to back; `meddle` sees every frame and may change it, or take it away. */
function backToBack(
  settings: { readonly client?: PppSettings; readonly server?: PppSettings } = {},
  meddle: (frame: Frame) => Uint8Array | undefined = ({ bytes }) => bytes,
) {
  const host = new FakeHost();
  const frames: Frame[] = [];
  const ends: Partial<Record<Frame['from'], PppEnd>> = {};
  const packets: Record<Frame['from'], Uint8Array[]> = { client: [], server: [] };
  const addresses: Partial<Record<Frame['from'], InnerAddresses>> = {};
  const waiting: Frame[] = [];
  const make = (name: Frame['from'], own: PppSettings) =>
    new PppLink(host, host.timers.within(name), own, {
      transmit: (bytes) => waiting.push({ from: name, bytes }),
      phase: () => {},
      opened: (agreed) => {
        addresses[name] = agreed;
      },
      packet: (packet) => packets[name].push(packet),
      ended: (end) => {
        ends[name] = end;
      },
    });
  const client = make('client', settings.client ?? CLIENT);
  const server = make('server', settings.server ?? SERVER);
  const settle = () => {
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) {
      frames.push(frame);
      const bytes = meddle(frame);
      if (bytes) (frame.from === 'client' ? server : client).receive(bytes);
    }
  };
  client.open();
  server.open();
  settle();
  const pass = (duration: number) => {
    for (let elapsed = 0; elapsed < duration; elapsed += seconds(1)) {
      host.pass(seconds(1));
      settle();
    }
  };
  return { client, server, frames, ends, packets, addresses, settle, pass };
}

const read = ({ bytes }: Frame) => mustRead(ppp.parse(bytes));
const packet = ipv4.encode({ source: 1, destination: 2, protocol: 253, payload: new Uint8Array(20) });

describe('a link that opens', () => {
  test('the client has the address that the server assigned, and each knows the other', () => {
    expect(backToBack().addresses).toEqual({
      client: { own: 0x0a000064, peer: 0x0a000001 },
      server: { own: 0x0a000001, peer: 0x0a000064 },
    });
  });

  test('carries packets both ways, encrypted', () => {
    const { client, server, settle, packets, frames } = backToBack();
    client.send(packet);
    server.send(packet);
    settle();
    expect(packets).toEqual({ client: [packet], server: [packet] });
    expect(frames.slice(-2).map((frame) => read(frame).protocol)).toEqual([ppp.COMPRESSED, ppp.COMPRESSED]);
  });

  test('fields are compressed only for a peer that allowed it, and never those of LCP', () => {
    const { client, server, settle, frames } = backToBack();
    client.send(packet);
    server.send(packet);
    settle();
    const [fromClient, fromServer] = frames.slice(-2).map(read);
    expect(fromClient).toMatchObject({ addressControl: true, shortProtocol: false });
    expect(fromServer).toMatchObject({ addressControl: false, shortProtocol: true });
    const controls = frames.map(read).filter((frame) => frame.protocol === ppp.LCP);
    expect(controls.every((frame) => frame.addressControl && !frame.shortProtocol)).toBe(true);
  });

  test('a packet in clear is not taken where encryption was agreed on (RFC 3078 §2)', () => {
    const { server, packets } = backToBack();
    server.receive(ppp.encode({ protocol: ppp.IPV4, payload: packet }));
    expect(packets.server).toEqual([]);
  });

  test('a protocol that is not spoken here is rejected', () => {
    const { server, settle, frames } = backToBack();
    server.receive(ppp.encode({ protocol: ppp.IPV6CP, payload: new Uint8Array(4) }));
    settle();
    const rejected = lcp.parse(read(frames.at(-1)!).payload);
    expect(rejected).toMatchObject({ value: { kind: 'protocol-reject', protocol: ppp.IPV6CP } });
  });

  test('when LCP starts over, everything above it does, with new keys', () => {
    const { client, settle, addresses, packets, pass } = backToBack();
    const again = lcp.encode({ kind: 'configure-request', identifier: 200, options: [] });
    client.receive(ppp.encode({ protocol: ppp.LCP, payload: again }));
    client.send(packet);
    settle();
    expect(packets.server).toEqual([]);
    pass(seconds(10));
    client.send(packet);
    settle();
    expect(addresses.client).toEqual({ own: 0x0a000064, peer: 0x0a000001 });
    expect(packets.server).toEqual([packet]);
  });

  test('hanging up ends both ends in order', () => {
    const { client, settle, pass, ends } = backToBack();
    client.close();
    settle();
    pass(seconds(4));
    expect(ends).toEqual({ client: { kind: 'closed' }, server: { kind: 'terminated' } });
  });
});

describe('a link that does not', () => {
  const chapFrame = (frame: Frame) => {
    const { protocol, payload } = read(frame);
    const parsed = protocol === ppp.CHAP ? chap.parse(payload) : undefined;
    return parsed?.ok ? parsed.value : undefined;
  };

  test('a server that does not know the password cannot pretend that it does (RFC 2759 §5)', () => {
    const { ends, pass } = backToBack({}, (frame) => {
      const message = chapFrame(frame);
      if (message?.kind !== 'success') return frame.bytes;
      const forged = chap.encode({ ...message, message: `S=${'0'.repeat(40)} M=Welcome` });
      return ppp.encode({ protocol: ppp.CHAP, payload: forged });
    });
    pass(seconds(10));
    expect(ends.client).toEqual({ kind: 'authentication-failed', code: 691 });
  });

  test('the number in a Failure is the one reported', () => {
    const { ends, pass } = backToBack({}, (frame) => {
      const message = chapFrame(frame);
      if (message?.kind !== 'success') return frame.bytes;
      const expired = chap.encode({ ...message, kind: 'failure', message: 'E=648 R=0 V=3 M=Password expired' });
      return ppp.encode({ protocol: ppp.CHAP, payload: expired });
    });
    pass(seconds(10));
    expect(ends.client).toEqual({ kind: 'authentication-failed', code: 648 });
  });

  test('a lost Success is asked for again by repeating the response', () => {
    let lost = 0;
    const { addresses, pass } = backToBack({}, (frame) =>
      chapFrame(frame)?.kind === 'success' && lost++ < 2 ? undefined : frame.bytes,
    );
    pass(seconds(20));
    expect(addresses.client).toEqual({ own: 0x0a000064, peer: 0x0a000001 });
  });

  test('a response that comes again gets the same answer, so that a lost one does no harm (RFC 1994 §4.2)', () => {
    const { server, settle, frames } = backToBack();
    const before = frames.filter((frame) => chapFrame(frame));
    const response = before.find((frame) => chapFrame(frame)?.kind === 'response')!;
    const count = frames.length;
    server.receive(response.bytes);
    settle();
    expect(frames.length - count).toBe(1);
    const answers = frames.filter((frame) => frame.from === 'server' && chapFrame(frame)?.kind === 'success');
    expect(answers.map((frame) => frame.bytes)).toEqual([answers[0]!.bytes, answers[0]!.bytes]);
  });

  test('a client that will not prove itself is turned away', () => {
    const { ends, pass } = backToBack({ client: { ...CLIENT, lcp: { options: [], answers: [] } } });
    pass(seconds(10));
    expect(ends.server).toEqual({ kind: 'refuses-authentication' });
  });

  test('a server that insists on a method which the client does not have gives up on it', () => {
    const { ends, pass } = backToBack({ client: { ...CLIENT, lcp: { options: [], answers: ['chap-md5'] } } });
    pass(seconds(60));
    expect(ends.server?.kind).toBe('refuses-authentication');
  });

  test('without CCP at the other end there is no encryption, and so no link', () => {
    const { ends, pass } = backToBack({ server: PLAIN_SERVER });
    pass(seconds(10));
    expect(ends.client).toEqual({ kind: 'no-encryption' });
  });

  test.each([
    ['LCP', ppp.LCP, 'lcp', false],
    ['CHAP', ppp.CHAP, 'authentication', true],
    ['CCP', ppp.CCP, 'encryption', true],
    ['IPCP', ppp.IPCP, 'address', true],
  ] as const)('%s of the server lost: the client times out there', (_, protocol, during, heard) => {
    const { ends, pass } = backToBack({}, (frame) =>
      frame.from === 'server' && read(frame).protocol === protocol ? undefined : frame.bytes,
    );
    pass(seconds(60));
    expect(ends.client).toEqual({ kind: 'timeout', during, heard });
  });
});
