import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { PlainGre } from '../../src/endpoints/gre-plain.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const [A, B, S] = [ipv4('192.168.1.10'), ipv4('192.168.1.11'), ipv4('198.51.100.10')];
const [INNER_A, INNER_B, INNER_S] = [ipv4('10.18.0.10'), ipv4('10.18.0.11'), ipv4('10.18.0.1')];

const client = (innerAddress: number) =>
  new PlainGre({ innerAddress, dials: { server: S, echo: { target: INNER_S, at: [0, 500_000] } } });

function lab(filter?: LabOptions['filter']): Lab {
  const made = new Lab({
    hosts: [
      { name: 'a', addresses: [A], endpoints: [client(INNER_A)] },
      { name: 'b', addresses: [B], endpoints: [client(INNER_B)] },
      { name: 's', addresses: [S], endpoints: [new PlainGre({ innerAddress: INNER_S })] },
    ],
    ...(filter ? { filter } : {}),
  });
  for (const name of ['s', 'a', 'b']) made.start(name);
  made.run(seconds(20));
  return made;
}

describe('two tunnels of plain GRE to one gateway', () => {
  test('are both up when packets pass, each answered at its own address', () => {
    const made = lab();
    expect(['a', 'b'].map((host) => made.statusOf(host))).toEqual(['up', 'up']);
    expect(made.symptoms).toEqual([]);
  });

  test('carry IPv4 behind four bytes of header: no flags, version 0 (RFC 2784 §2.1)', () => {
    const first = ip.parse(lab().sent.find(({ from }) => from === 'a')!.packet);
    expect(first.ok && [first.value.protocol, toHex(first.value.payload.subarray(0, 5))]).toEqual([47, '0000080045']);
  });

  test('go by who speaks inside: the gateway answers where that was last heard, whatever the outer address is', () => {
    const seen: number[] = [];
    const made = lab((packet, from) => {
      const read = ip.parse(packet);
      if (!read.ok) return packet;
      if (from === 's') seen.push(read.value.destination);
      return from === 'a' ? ip.encode({ ...read.value, source: B }) : packet;
    });
    expect(seen.every((address) => address === B)).toBe(true);
    expect(made.statusOf('a')).toBe('failed');
  });

  test('fail with a ping that lost everything where answers are stopped', () => {
    const made = lab((packet, from) => (from === 's' ? undefined : packet));
    expect(made.statusOf('a')).toBe('failed');
    expect(made.symptomsOf('a')[0]?.text).toBe('2 packets transmitted, 0 received, 100% packet loss');
  });
});

test('what is not GRE of version 0 with IPv4 inside is nobody’s', () => {
  const made = lab((packet, from) => {
    const read = ip.parse(packet);
    if (!read.ok || from !== 'a') return packet;
    const payload = read.value.payload.slice();
    payload[3] = 1;
    return ip.encode({ ...read.value, payload });
  });
  expect(made.statusOf('a')).toBe('failed');
  expect(made.statusOf('b')).toBe('up');
});
