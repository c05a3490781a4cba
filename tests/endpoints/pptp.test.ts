import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { PptpClient, type PptpClientOptions } from '../../src/endpoints/pptp-client.ts';
import { PptpServer, type PptpServerOptions } from '../../src/endpoints/pptp-server.ts';
import { toHex } from '../../src/lib/bytes.ts';
import * as gre from '../../src/wire/gre.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as ppp from '../../src/wire/ppp.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';
import { DIAL_IN, greFrame, isGre, LAPTOP, protocolOf, readIpv4, SECOND, SERVER, USER } from '../support/vpn.ts';

interface Story {
  readonly client?: Partial<PptpClientOptions>;
  readonly second?: Partial<PptpClientOptions>;
  readonly server?: Partial<PptpServerOptions>;
  readonly filter?: LabOptions['filter'];
  readonly seed?: number;
}

/** A laptop (or two) dials a server. */
function dial(story: Story = {}) {
  const client = (changes: Partial<PptpClientOptions>) => new PptpClient({ server: SERVER, ...USER, ...changes });
  const hosts: LabOptions['hosts'] = [
    { name: 'laptop', addresses: [LAPTOP], endpoints: [client(story.client ?? {})] },
    { name: 'second', addresses: [SECOND], endpoints: [client(story.second ?? {})] },
    { name: 'server', addresses: [SERVER], endpoints: [new PptpServer({ ...DIAL_IN, ...story.server })] },
  ];
  const { filter, seed } = story;
  const lab = new Lab({ hosts, ...(filter ? { filter } : {}), ...(seed === undefined ? {} : { seed }) });
  lab.start('server').start('laptop');
  if (story.second) lab.start('second');
  return lab;
}

const isTcp = (packet: Uint8Array) => protocolOf(packet) === tcp.PROTOCOL;
const frames = (lab: Lab, from: string) => lab.packets(from).flatMap((packet) => greFrame(packet) ?? []);
const drop = (when: (packet: Uint8Array, from: string, at: number) => boolean): LabOptions['filter'] => {
  return (packet, from, at) => (when(packet, from, at) ? undefined : packet);
};

describe('a call that succeeds', () => {
  test.each([
    ['windows', 'mppe-128'],
    ['windows', 'none'],
    ['linux', 'mppe-128'],
    ['linux', 'none'],
  ] as const)('%s, encryption %s: goes through every step and ends with an answered ping', (system, encryption) => {
    const lab = dial({ client: { system, encryption }, server: { encryption } });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    const encrypting = encryption === 'none' ? [] : ['encryption'];
    const steps = ['tcp', 'control', 'call', 'lcp', 'authentication', ...encrypting, 'address', 'echo', 'up'];
    expect(lab.phasesOf('laptop')).toEqual(steps);
    expect(lab.statusOf('server')).toBe('up');
    expect(lab.symptoms).toEqual([]);
  });

  test('with CHAP and MD5 there are no keys, so it must go in clear', () => {
    const authentication = ['chap-md5'] as const;
    const clear = dial({
      client: { authentication, encryption: 'none' },
      server: { authentication: 'chap-md5', encryption: 'none' },
    });
    expect(clear.runUntil('laptop', 'up', seconds(2))).toBe(true);
    const encrypted = dial({ client: { authentication }, server: { authentication: 'chap-md5' } });
    encrypted.run(seconds(20));
    expect(encrypted.symptomsOf('laptop')).toMatchObject([{ code: '742' }]);
  });

  test('with MPPE no inner packet is to be seen; without, the pings are', () => {
    const inner = (encryption: 'mppe-128' | 'none') => {
      const lab = dial({ client: { encryption }, server: { encryption } }).run(seconds(5));
      return frames(lab, 'laptop').filter((frame) => frame.protocol === ppp.IPV4 || frame.protocol === ppp.COMPRESSED);
    };
    expect(inner('mppe-128').map((frame) => frame.protocol)).toEqual([ppp.COMPRESSED, ppp.COMPRESSED, ppp.COMPRESSED]);
    expect(inner('none').map((frame) => readIpv4(frame.payload).protocol)).toEqual([1, 1, 1]);
  });

  test('GRE carries the Call ID of the receiver, never of the sender', () => {
    const lab = dial({ client: { callId: 0x4444 }, server: { firstCallId: 0x0a01 } }).run(seconds(5));
    const ids = (from: string) =>
      new Set(
        lab
          .packets(from)
          .filter(isGre)
          .map((packet) => (readIpv4(packet).payload[6]! << 8) | readIpv4(packet).payload[7]!),
      );
    expect([...ids('laptop')]).toEqual([0x0a01]);
    expect([...ids('server')]).toEqual([0x4444]);
  });

  test('a call request cut into two segments is understood', () => {
    const lab = dial({ client: { splitCallRequestAt: 20 } });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    const lengths = lab
      .packets('laptop')
      .filter(isTcp)
      .map((packet) => readIpv4(packet).payload.length - 20);
    expect(lengths).toEqual(expect.arrayContaining([20, 148]));
  });

  test('the same seed gives the same packets, byte for byte', () => {
    const run = (seed: number) => dial({ seed }).run(seconds(10)).packets().map(toHex);
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('two laptops at one server', () => {
  test('both come up, also where they chose the same Call ID', () => {
    const lab = dial({ client: { callId: 0x4444 }, second: { callId: 0x4444 } }).run(seconds(5));
    expect([lab.statusOf('laptop'), lab.statusOf('second')]).toEqual(['up', 'up']);
  });

  test('each gets an inner address of its own', () => {
    const clear = { encryption: 'none' } as const;
    const lab = dial({ client: clear, second: clear, server: clear }).run(seconds(5));
    const inner = (host: string) =>
      frames(lab, host)
        .filter((frame) => frame.protocol === ppp.IPV4)
        .map((frame) => readIpv4(frame.payload).source - DIAL_IN.pool.first)[0];
    expect([inner('laptop'), inner('second')].sort()).toEqual([0, 1]);
  });

  test('a server with no address left says so in IPCP', () => {
    const lab = dial({ second: {}, server: { pool: { first: DIAL_IN.pool.first, size: 1 } } }).run(seconds(20));
    expect([lab.statusOf('laptop'), lab.statusOf('second')].sort()).toEqual(['failed', 'up']);
    expect([...lab.symptomsOf('laptop'), ...lab.symptomsOf('second')]).toMatchObject([{ code: '720' }]);
  });
});

describe('what the user reads when it fails', () => {
  test('SYN dropped: Windows 800, after 21 seconds', () => {
    const lab = dial({ filter: drop(isTcp) });
    lab.runUntil('laptop', 'failed', seconds(200));
    expect(lab.now).toBe(seconds(21));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ system: 'windows', code: '800' }]);
  });

  test('nobody listens on 1723: refused', () => {
    const endpoints = [new PptpClient({ server: SERVER, ...USER })];
    const lab = new Lab({
      hosts: [
        { name: 'laptop', addresses: [LAPTOP], endpoints },
        { name: 'server', addresses: [SERVER], endpoints: [] },
      ],
    });
    lab.start('laptop').run(seconds(1));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '808', missing: expect.stringContaining('RST') }]);
  });

  test('GRE dropped both ways: Windows 806, and the server gives up on LCP', () => {
    const lab = dial({ filter: drop(isGre) }).run(seconds(60));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ system: 'windows', code: '806' }]);
    expect(lab.symptomsOf('laptop')[0]!.missing).toBe('no LCP packet of the other end arrived through GRE');
    expect(lab.symptomsOf('server')).toMatchObject([
      { system: 'pppd', code: '10', text: 'LCP: timeout sending Config-Requests' },
    ]);
    expect(lab.statusOf('laptop')).toBe('failed');
  });

  test('GRE dropped towards the laptop alone: the laptop reads the same, the server heard it', () => {
    const lab = dial({
      client: { system: 'linux' },
      filter: drop((packet, from) => isGre(packet) && from === 'server'),
    });
    lab.run(seconds(60));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ system: 'pppd', text: 'LCP: timeout sending Config-Requests' }]);
    expect(lab.symptomsOf('server')[0]!.missing).toBe('no LCP Configure-Ack arrived through GRE');
  });

  test('GRE lost after LCP: Windows 718, PPP timed out', () => {
    const lab = dial({ filter: drop((packet, _from, at) => isGre(packet) && at > 75_000) }).run(seconds(60));
    expect(lab.phasesOf('laptop')).toContain('authentication');
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '718', missing: 'no CHAP Success arrived through GRE' }]);
  });

  test('a wrong password: 691, and the server says whom it turned away', () => {
    const lab = dial({ client: { password: 'wrong' } }).run(seconds(20));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '691' }]);
    expect(lab.statusOf('server')).toBe('failed');
  });

  test('an unknown user reads the same', () => {
    const lab = dial({ client: { userName: 'nobody' } }).run(seconds(20));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '691' }]);
  });

  test('a server that knows no encryption: 742', () => {
    const lab = dial({ server: { encryption: 'none' } }).run(seconds(20));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '742' }]);
  });

  test('the link is up but pings die inside: says how many went and came', () => {
    const isData = (packet: Uint8Array) => greFrame(packet)?.protocol === ppp.COMPRESSED;
    const lab = dial({ filter: drop(isData) }).run(seconds(20));
    expect(lab.phaseOf('laptop')).toBe('silent');
    expect(lab.symptomsOf('laptop')[0]!.missing).toBe('3 echo requests went into the tunnel, 0 answers came out');
  });
});

describe('the end of a call', () => {
  test('hanging up: Terminate, Call-Clear, Call-Disconnect, Stop, FIN; the inner address is free again', () => {
    const lab = dial({ server: { pool: { first: DIAL_IN.pool.first, size: 1 } } }).run(seconds(5));
    const before = lab.sent.length;
    lab.stop('laptop').run(seconds(5));
    const codes = lab
      .packets()
      .slice(before)
      .filter(isTcp)
      .map((packet) => readIpv4(packet).payload[29]);
    expect(codes.filter((code) => code !== undefined)).toEqual([12, 13, 3, 4]);
    expect(lab.phaseOf('laptop')).toBe('closed');
    expect(lab.statusOf('server')).toBe('closed');
    lab.start('second');
    expect(lab.runUntil('second', 'up', seconds(2))).toBe(true);
  });

  test('hanging up with everything lost still ends', () => {
    let cut = false;
    const lab = dial({ filter: drop(() => cut) }).run(seconds(5));
    cut = true;
    lab.stop('laptop').run(seconds(120));
    expect(lab.phaseOf('laptop')).toBe('closed');
  });

  test('after hanging up the laptop can dial again', () => {
    const lab = dial().run(seconds(5));
    lab.stop('laptop').run(seconds(5));
    lab.start('laptop');
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
  });

  test('the server shuts down: the laptop reads that it was interrupted', () => {
    const lab = dial().run(seconds(5));
    lab.stop('server').run(seconds(10));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '807' }]);
  });

  test('the cable is pulled: Windows notices by PPTP Echo, within three minutes', () => {
    let cut = false;
    const lab = dial({ filter: drop(() => cut) }).run(seconds(5));
    cut = true;
    lab.runUntil('laptop', 'failed', seconds(400));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '807' }]);
    expect(lab.now).toBeLessThan(seconds(180));
  });

  test('GRE dies while the control channel lives: pppd notices by LCP echo, Windows does not', () => {
    let cut = false;
    const filter = drop((packet) => cut && isGre(packet));
    const lcpEcho = { interval: seconds(10), failures: 3 };
    const lab = dial({ filter, client: { system: 'linux', lcpEcho }, second: {} }).run(seconds(5));
    cut = true;
    lab.run(seconds(60));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '15', text: 'Serial link appears to be disconnected.' }]);
    expect(lab.symptomsOf('second')).toEqual([]);
  });
});

describe('strangers', () => {
  test('GRE of the server under another Call ID is not taken for ours', () => {
    const lab = dial({ client: { callId: 7 }, server: { encryption: 'none' }, filter: drop(isGre) });
    lab.run(seconds(1));
    // A server that would only have to be heard for LCP to begin.
    const request = Uint8Array.of(0xff, 3, 0xc0, 0x21, 1, 1, 0, 4);
    const hear = (callId: number) => {
      const payload = gre.encode({ version: 1, callId, sequence: callId, payload: request });
      const packet = ipv4.encode({ source: SERVER, destination: LAPTOP, protocol: gre.PROTOCOL, payload });
      const before = frames(lab, 'laptop').length;
      lab.stacks.get('laptop')!.receive(packet);
      return frames(lab, 'laptop').length - before;
    };
    expect([hear(8), hear(7)]).toEqual([0, 1]);
  });

  test('GRE for a call that does not exist is dropped without a word', () => {
    const lab = dial().run(seconds(5));
    const payload = gre.encode({ version: 1, callId: 1, sequence: 0, payload: Uint8Array.of(0xff, 3, 0xc0, 0x21) });
    const before = lab.packets('server').length;
    lab.inject('laptop', ipv4.encode({ source: LAPTOP, destination: SERVER, protocol: gre.PROTOCOL, payload }));
    lab.run(seconds(1));
    expect(lab.packets('server').length).toBe(before);
  });

  test('the Call ID of another client does not let a stranger in', () => {
    const lab = dial({ server: { firstCallId: 7 } }).run(seconds(5));
    const before = lab.packets('server').length;
    const payload = gre.encode({
      version: 1,
      callId: 7,
      sequence: 999,
      payload: Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0),
    });
    lab.inject('second', ipv4.encode({ source: SECOND, destination: SERVER, protocol: gre.PROTOCOL, payload }));
    lab.run(seconds(1));
    expect(lab.packets('server').length).toBe(before);
  });

  test('a laptop that is not dialling refuses GRE as an unknown protocol', () => {
    const lab = dial();
    const payload = gre.encode({ version: 1, callId: 7, sequence: 0, payload: new Uint8Array(4) });
    lab.inject('server', ipv4.encode({ source: SERVER, destination: SECOND, protocol: gre.PROTOCOL, payload }));
    lab.run(seconds(1));
    const [answer] = lab.packets('second');
    expect(icmp.parse(readIpv4(answer!).payload)).toMatchObject({ value: { kind: 'unreachable', code: 2 } });
  });
});
