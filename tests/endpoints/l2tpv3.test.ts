import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { L2tpv3Client, type L2tpv3ClientOptions } from '../../src/endpoints/l2tpv3-client.ts';
import { L2tpv3Server, type L2tpv3ServerOptions } from '../../src/endpoints/l2tpv3-server.ts';
import { toHex } from '../../src/lib/bytes.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import { messageName } from '../../src/wire/l2tp-avp.ts';
import * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import * as udp from '../../src/wire/udp.ts';
import { mustRead } from '../support/must-read.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';
import { INNER_FIRST, INNER_SERVER, LAPTOP, protocolOf, readIpv4, SECOND, SERVER } from '../support/vpn.ts';

interface Story {
  readonly carrier?: l2tpv3.Carrier;
  readonly client?: Partial<L2tpv3ClientOptions>;
  readonly second?: Partial<L2tpv3ClientOptions>;
  readonly server?: Partial<L2tpv3ServerOptions>;
  readonly filter?: LabOptions['filter'];
  readonly seed?: number;
}

function connect({ carrier = 'ip', client = {}, second, server = {}, filter, seed }: Story = {}) {
  const initiator = (innerAddress: number, changes: Partial<L2tpv3ClientOptions>) =>
    new L2tpv3Client({ server: SERVER, carrier, innerAddress, target: INNER_SERVER, ...changes });
  const responder = new L2tpv3Server({ carrier, innerAddress: INNER_SERVER, ...server });
  const hosts: LabOptions['hosts'] = [
    { name: 'laptop', addresses: [LAPTOP], endpoints: [initiator(INNER_FIRST, client)] },
    { name: 'second', addresses: [SECOND], endpoints: [initiator(INNER_FIRST + 1, second ?? {})] },
    { name: 'server', addresses: [SERVER], endpoints: [responder] },
  ];
  const lab = new Lab({ hosts, ...(filter ? { filter } : {}), ...(seed === undefined ? {} : { seed }) });
  lab.start('server').start('laptop');
  if (second) lab.start('second');
  return lab;
}

function read(packet: Uint8Array): l2tpv3.Packet {
  const outer = readIpv4(packet);
  const inUdp = outer.protocol === udp.PROTOCOL ? udp.parse(outer.payload, outer) : undefined;
  return mustRead(inUdp?.ok ? l2tpv3.parse(inUdp.value.payload, 'udp') : l2tpv3.parse(outer.payload, 'ip'));
}

const nameOf = (packet: Uint8Array) => {
  const message = read(packet);
  return message.kind === 'data' ? 'data' : messageName(message.avps);
};
const drop = (when: (packet: Uint8Array, from: string) => boolean): LabOptions['filter'] => {
  return (packet, from) => (when(packet, from) ? undefined : packet);
};

describe('a session that succeeds', () => {
  const cases = (['ip', 'udp'] as const).flatMap((carrier) =>
    (['ip', 'ethernet'] as const).flatMap((pseudowire) =>
      ([0, 4, 8] as const).map((cookieLength) => [carrier, pseudowire, cookieLength] as const),
    ),
  );
  test.each(cases)('over %s, %s pseudowire, cookies of %i bytes', (carrier, pseudowire, cookieLength) => {
    const both = { pseudowire, cookieLength };
    const lab = connect({ carrier, client: both, server: both });
    expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
    expect(lab.phasesOf('laptop')).toEqual(['connection', 'session', 'echo', 'up']);
    expect(lab.statusOf('server')).toBe('up');
    expect(lab.symptoms).toEqual([]);
    const protocols = new Set(lab.packets().map(protocolOf));
    expect([...protocols]).toEqual([carrier === 'ip' ? l2tpv3.PROTOCOL : udp.PROTOCOL]);
  });

  test('the control messages come in the order of RFC 3931 §3.3 and §3.4', () => {
    const names = connect().run(seconds(5)).packets().map(nameOf);
    expect(names.filter((name) => name !== 'data' && name !== 'ACK')).toEqual([
      'SCCRQ',
      'SCCRP',
      'SCCCN',
      'ICRQ',
      'ICRP',
      'ICCN',
    ]);
  });

  test('an Ethernet pseudowire asks for the hardware address once and then pings', () => {
    const both = { pseudowire: 'ethernet', cookieLength: 0 } as const;
    const lab = connect({ client: both, server: both }).run(seconds(5));
    const types = lab.packets('laptop').flatMap((packet) => {
      const message = read(packet);
      return message.kind === 'data' ? [toHex(message.body.subarray(12, 14))] : [];
    });
    expect(types).toEqual(['0806', '0800', '0800', '0800']);
  });

  test('two at one server both come up, each with ids and cookies of its own', () => {
    const lab = connect({ second: {} }).run(seconds(5));
    expect([lab.statusOf('laptop'), lab.statusOf('second')]).toEqual(['up', 'up']);
  });

  test('the same seed gives the same packets, byte for byte', () => {
    const run = (seed: number) => connect({ seed }).run(seconds(10)).packets().map(toHex);
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('cookies, RFC 3931 §4.5', () => {
  test('a packet with the right session id and a wrong cookie is dropped without a word', () => {
    const lab = connect().run(seconds(5));
    const sample = lab.packets('laptop').findLast((packet) => nameOf(packet) === 'data')!;
    const { sessionId, body } = read(sample) as l2tpv3.Data;
    const answers = (spoilt: Uint8Array) => {
      const before = lab.packets('server').length;
      const payload = l2tpv3.encodeData({ sessionId, body: spoilt }, 'ip');
      lab.inject('laptop', ipv4.encode({ source: LAPTOP, destination: SERVER, protocol: l2tpv3.PROTOCOL, payload }));
      lab.run(seconds(1));
      return lab.packets('server').length - before;
    };
    expect(answers(body)).toBe(1);
    expect(answers(body.with(0, body[0]! ^ 1))).toBe(0);
  });
});

describe('what is said when it fails', () => {
  test('no answer: given up after 31 seconds', () => {
    const lab = connect({ filter: drop(() => true) });
    lab.runUntil('laptop', 'failed', seconds(100));
    expect(lab.now).toBe(seconds(31));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ system: 'l2tpv3', missing: 'no SCCRP arrived' }]);
  });

  test('a host that knows no protocol 115 says so, and is heeded', () => {
    const client = new L2tpv3Client({ server: SERVER, carrier: 'ip', innerAddress: INNER_FIRST, target: INNER_SERVER });
    const lab = new Lab({
      hosts: [
        { name: 'laptop', addresses: [LAPTOP], endpoints: [client] },
        { name: 'server', addresses: [SERVER], endpoints: [] },
      ],
    });
    lab.start('laptop').run(seconds(1));
    expect(icmp.parse(readIpv4(lab.packets('server')[0]!).payload)).toMatchObject({ value: { code: 2 } });
    expect(lab.symptomsOf('laptop')[0]!.missing).toContain('ICMP unreachable, code 2');
  });

  test('a pseudowire that the other end does not do is refused with CDN', () => {
    const lab = connect({ client: { pseudowire: 'ethernet' }, server: { pseudowire: 'ip' } }).run(seconds(5));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ missing: 'the other end sent CDN, result 2' }]);
  });

  test('data lost while control passes: the pings are what is missing', () => {
    const lab = connect({ filter: drop((packet) => nameOf(packet) === 'data') }).run(seconds(20));
    expect(lab.phaseOf('laptop')).toBe('silent');
    expect(lab.symptomsOf('laptop')[0]!.missing).toBe('3 echo requests went into the pseudowire, 0 answers came out');
  });

  test('a dead peer is noticed by Hello', () => {
    let cut = false;
    const lab = connect({ filter: drop(() => cut) }).run(seconds(5));
    cut = true;
    lab.run(seconds(120));
    expect(lab.symptomsOf('laptop')).toMatchObject([{ missing: 'the other end acknowledged nothing any more' }]);
    expect(lab.statusOf('server')).toBe('failed');
  });
});

test('hanging up: CDN, StopCCN, each acknowledged; then it can connect again', () => {
  const lab = connect().run(seconds(5));
  const before = lab.sent.length;
  lab.stop('laptop').run(seconds(1));
  expect(lab.packets().slice(before).map(nameOf)).toEqual(['CDN', 'StopCCN', 'ACK', 'ACK']);
  expect([lab.statusOf('laptop'), lab.statusOf('server')]).toEqual(['closed', 'closed']);
  lab.start('laptop');
  expect(lab.runUntil('laptop', 'up', seconds(2))).toBe(true);
});
