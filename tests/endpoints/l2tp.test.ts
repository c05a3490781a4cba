import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { L2tpClient, type L2tpClientOptions } from '../../src/endpoints/l2tp-client.ts';
import { L2tpServer, type L2tpServerOptions } from '../../src/endpoints/l2tp-server.ts';
import { concat, toHex } from '../../src/lib/bytes.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as l2tp from '../../src/wire/l2tp.ts';
import { messageName } from '../../src/wire/l2tp-avp.ts';
import * as udp from '../../src/wire/udp.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';
import { DIAL_IN, LAPTOP, readIpv4, SECOND, SERVER, USER } from '../support/vpn.ts';

interface Story {
  readonly client?: Partial<L2tpClientOptions>;
  readonly second?: Partial<L2tpClientOptions>;
  readonly server?: Partial<L2tpServerOptions>;
  readonly filter?: LabOptions['filter'];
  readonly seed?: number;
}

function dial(story: Story = {}) {
  const client = (changes: Partial<L2tpClientOptions>) => new L2tpClient({ server: SERVER, ...USER, ...changes });
  const hosts: LabOptions['hosts'] = [
    { name: 'laptop', addresses: [LAPTOP], endpoints: [client(story.client ?? {})] },
    { name: 'second', addresses: [SECOND], endpoints: [client(story.second ?? {})] },
    { name: 'server', addresses: [SERVER, SERVER + 1], endpoints: [new L2tpServer({ ...DIAL_IN, ...story.server })] },
  ];
  const { filter, seed } = story;
  const lab = new Lab({ hosts, ...(filter ? { filter } : {}), ...(seed === undefined ? {} : { seed }) });
  lab.start('server').start('laptop');
  if (story.second) lab.start('second');
  return lab;
}

function read(packet: Uint8Array) {
  const outer = readIpv4(packet);
  const datagram = udp.parse(outer.payload, outer);
  if (!datagram.ok) throw new Error('not UDP');
  const parsed = l2tp.parse(datagram.value.payload);
  if (!parsed.ok) throw new Error('not L2TP');
  return { ...outer, ...datagram.value, message: parsed.value };
}

/** "SCCRQ", "ZLB", … for control messages, "data" for the rest. */
function nameOf(packet: Uint8Array): string {
  const { message } = read(packet);
  return message.kind === 'data' ? 'data' : messageName(message.avps);
}

const drop = (when: (packet: Uint8Array, from: string, at: number) => boolean): LabOptions['filter'] => {
  return (packet, from, at) => (when(packet, from, at) ? undefined : packet);
};

describe('a call that succeeds', () => {
  test.each([
    ['windows', 'mppe-128'],
    ['linux', 'none'],
  ] as const)('%s, encryption %s: goes through every step and ends with an answered ping', (system, encryption) => {
    const lab = dial({ client: { system, encryption }, server: { encryption } });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    const encrypting = encryption === 'none' ? [] : ['encryption'];
    const steps = ['tunnel', 'call', 'lcp', 'authentication', ...encrypting, 'address', 'echo', 'up'];
    expect(lab.phasesOf('laptop')).toEqual(steps);
    expect(lab.statusOf('server')).toBe('up');
    expect(lab.symptoms).toEqual([]);
  });

  test('the control messages come in the order of RFC 2661 §5, every one acknowledged', () => {
    const names = dial().run(seconds(5)).packets().map(nameOf);
    const spoken = names.filter((name) => name !== 'data' && name !== 'ZLB');
    expect(spoken).toEqual(['SCCRQ', 'SCCRP', 'SCCCN', 'ICRQ', 'ICRP', 'ICCN']);
  });

  test('with CHAP and MD5 instead, in clear', () => {
    const lab = dial({
      client: { authentication: ['chap-md5'], encryption: 'none' },
      server: { authentication: 'chap-md5', encryption: 'none' },
    });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
  });

  test('each end may prove to the other that it knows the tunnel secret', () => {
    const secret = 'between us';
    expect(dial({ client: { secret }, server: { secret } }).runUntil('laptop', 'up', seconds(2))).toBe(true);
    const wrong = dial({ client: { secret: 'guess' }, server: { secret } }).run(seconds(40));
    expect(wrong.statusOf('laptop')).toBe('failed');
    const none = dial({ server: { secret } }).run(seconds(40));
    expect(none.symptomsOf('laptop')[0]!.missing).toBe('the server sent StopCCN, result 4');
  });

  test('the same seed gives the same packets, byte for byte', () => {
    const run = (seed: number) => dial({ seed }).run(seconds(10)).packets().map(toHex);
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('ports and addresses, RFC 2661 §8.1', () => {
  test('the client sends from port 1701 unless it is told to draw one', () => {
    const ports = (lab: Lab) => new Set(lab.packets('laptop').map((packet) => read(packet).sourcePort));
    expect([...ports(dial().run(seconds(3)))]).toEqual([1701]);
    const [drawn, ...others] = ports(dial({ client: { localPort: 'ephemeral' } }).run(seconds(3)));
    expect(drawn).toBeGreaterThanOrEqual(49_152);
    expect(others).toEqual([]);
  });

  test('a client follows a server that answers from another port', () => {
    const lab = dial({ server: { answering: { way: 'another-port', port: 40_001 } } });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    expect(read(lab.packets('laptop').at(-1)!).destinationPort).toBe(40_001);
  });

  test('a client follows a server that answers from another address', () => {
    const lab = dial({ server: { answering: { way: 'another-address', address: SERVER + 1 } } });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    expect(read(lab.packets('laptop').at(-1)!).destination).toBe(SERVER + 1);
  });

  test('a server that answers to port 1701 alone is heard by a client on 1701 and by no other', () => {
    const server = { answering: { way: 'port-1701' } } as const;
    expect(dial({ server }).runUntil('laptop', 'up', seconds(2))).toBe(true);
    const lab = dial({ server, client: { localPort: 'ephemeral' } }).run(seconds(40));
    expect(lab.symptomsOf('laptop')[0]!.missing).toBe('no SCCRP arrived');
  });
});

describe('two laptops at one server', () => {
  test('both come up', () => {
    const lab = dial({ second: {} }).run(seconds(5));
    expect([lab.statusOf('laptop'), lab.statusOf('second')]).toEqual(['up', 'up']);
  });

  test('also behind one address, where only port and Tunnel ID differ', () => {
    // A stateless stand-in for a NAT: the second laptop's port 1701 is 1702 outside, both have one address.
    const translate: LabOptions['filter'] = (packet, from) => {
      const { source, destination, sourcePort, destinationPort } = read(packet);
      if (from === 'second') return rewrite(packet, { source: LAPTOP, destination, sourcePort: 1702, destinationPort });
      if (from === 'server' && destinationPort === 1702)
        return rewrite(packet, { source, destination: SECOND, sourcePort, destinationPort: 1701 });
      return packet;
    };
    const lab = dial({ second: {}, filter: translate }).run(seconds(5));
    expect([lab.statusOf('laptop'), lab.statusOf('second')]).toEqual(['up', 'up']);
  });
});

function rewrite(packet: Uint8Array, ends: udp.Pseudo & { sourcePort: number; destinationPort: number }): Uint8Array {
  const { payload } = read(packet);
  const { source, destination, sourcePort, destinationPort } = ends;
  const datagram = udp.encode({ sourcePort, destinationPort, payload }, ends);
  return ipv4.encode({ source, destination, protocol: udp.PROTOCOL, payload: datagram });
}

describe('reliable delivery, RFC 2661 §5.8', () => {
  test('an unanswered SCCRQ goes out at 0, 1, 3, 7 and 15 seconds and is given up at 31', () => {
    const lab = dial({ client: { system: 'linux' }, filter: drop(() => true) });
    lab.runUntil('laptop', 'failed', seconds(100));
    expect(lab.sent.filter((each) => nameOf(each.packet) === 'SCCRQ').map((each) => each.at / 1e6)).toEqual([
      0, 1, 3, 7, 15,
    ]);
    expect(lab.now).toBe(seconds(31));
    const [symptom] = lab.symptomsOf('laptop');
    expect(symptom!.system).toBe('xl2tpd');
    expect(symptom!.text).toMatch(/^Maximum retries exceeded for tunnel \d+\. {2}Closing\.$/);
    expect(symptom!.missing).toBe('no SCCRP arrived');
  });

  test('Windows calls the same 809', () => {
    const lab = dial({ filter: drop(() => true) }).run(seconds(40));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ system: 'windows', code: '809' }]);
  });

  test('repetitions keep their number and carry the newest acknowledgement', () => {
    let lost = 0;
    const lab = dial({ filter: drop((packet) => nameOf(packet) === 'ICCN' && lost++ < 2) }).run(seconds(10));
    const repeated = lab.packets('laptop').filter((packet) => nameOf(packet) === 'ICCN');
    expect(repeated.map((packet) => (read(packet).message as l2tp.Control).ns)).toEqual([3, 3, 3]);
    expect(lab.statusOf('laptop')).toBe('up');
  });

  test('Hello goes out after a minute of silence, and a dead peer is noticed by it', () => {
    let cut = false;
    const lab = dial({ filter: drop(() => cut), server: { lcpEcho: { interval: seconds(3600), failures: 4 } } });
    lab.run(seconds(90));
    expect(lab.packets().map(nameOf)).toContain('HELLO');
    cut = true;
    lab.run(seconds(120));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '807' }]);
    expect(lab.symptomsOf('server')).toMatchObject([{ system: 'xl2tpd' }]);
  });
});

describe('what the user reads when it fails', () => {
  test('nobody listens on 1701: the ICMP error is heeded', () => {
    const lab = new Lab({
      hosts: [
        { name: 'laptop', addresses: [LAPTOP], endpoints: [new L2tpClient({ server: SERVER, ...USER })] },
        { name: 'server', addresses: [SERVER], endpoints: [] },
      ],
    });
    lab.start('laptop').run(seconds(1));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '808', missing: expect.stringContaining('code 3') }]);
  });

  test('a wrong password: 691', () => {
    const lab = dial({ client: { password: 'wrong' } }).run(seconds(20));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '691' }]);
  });

  test('the server shuts down: the laptop reads that it was interrupted', () => {
    const lab = dial().run(seconds(5));
    lab.stop('server').run(seconds(5));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ code: '807', missing: 'the server sent StopCCN, result 6' }]);
  });

  test('data messages lost while control messages pass: LCP is what is missing', () => {
    const lab = dial({ filter: drop((packet) => nameOf(packet) === 'data') }).run(seconds(40));
    expect(lab.symptomsOf('laptop')[0]!.missing).toBe('no LCP packet of the other end arrived through UDP');
  });
});

describe('the end of a call', () => {
  test('hanging up: Terminate, CDN, StopCCN, each acknowledged', () => {
    const lab = dial().run(seconds(5));
    const before = lab.sent.length;
    lab.stop('laptop').run(seconds(5));
    const names = lab.packets().slice(before).map(nameOf);
    expect(names).toEqual(['data', 'data', 'CDN', 'StopCCN', 'ZLB', 'ZLB']);
    expect([lab.phaseOf('laptop'), lab.statusOf('server')]).toEqual(['closed', 'closed']);
  });

  test('a lost acknowledgement of StopCCN is given again', () => {
    let cut = false;
    const lab = dial({ filter: drop((packet, from) => cut && from === 'server' && nameOf(packet) === 'ZLB') }).run(
      seconds(5),
    );
    cut = true;
    lab.stop('laptop').run(seconds(2));
    cut = false;
    lab.run(seconds(40));
    const stops = lab.packets('laptop').filter((packet) => nameOf(packet) === 'StopCCN');
    expect(stops.length).toBeGreaterThan(0);
    expect(lab.packets('server').map(nameOf).at(-1)).toBe('ZLB');
  });

  test('after hanging up the laptop can dial again at once', () => {
    const lab = dial().run(seconds(5));
    lab.stop('laptop').run(milli(100));
    lab.start('laptop');
    expect(lab.runUntil('laptop', 'up', seconds(3))).toBe(true);
  });
});

const milli = (count: number) => count * 1000;

describe('a server is strict', () => {
  const inject = (lab: Lab, payload: Uint8Array) => {
    const ends = { source: SECOND, destination: SERVER };
    const datagram = udp.encode({ sourcePort: 1701, destinationPort: 1701, payload }, ends);
    lab.inject('second', ipv4.encode({ ...ends, protocol: udp.PROTOCOL, payload: datagram })).run(seconds(1));
    return lab.packets('server').map(nameOf);
  };
  const hello = l2tp.encodeControl({ tunnelId: 0, sessionId: 0, ns: 0, nr: 0, avps: [] });

  test('nothing but an SCCRQ opens a tunnel', () => {
    expect(inject(dial({ filter: drop((_, from) => from === 'laptop') }), hello)).toEqual([]);
  });

  test('an unknown AVP that is marked mandatory ends the tunnel with StopCCN', () => {
    const lab = dial({ filter: drop((_, from) => from === 'laptop') });
    const request = read(lab.packets('laptop')[0]!).payload;
    const unknown = Uint8Array.of(0x80, 6, 0, 0, 1, 99);
    const longer = concat(request, unknown);
    longer[3] = longer.length;
    expect(inject(lab, longer)).toEqual(['StopCCN']);
  });
});
