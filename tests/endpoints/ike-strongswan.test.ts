import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Endpoint, type Host, type Incoming, seconds } from '../../src/endpoints/endpoint.ts';
import { IkeClient } from '../../src/endpoints/ike-client.ts';
import { IkeServer } from '../../src/endpoints/ike-server.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import { Lab } from '../support/two-hosts.ts';

/**
 * Conversations with a real strongSwan, played again: seeded as they were then, our end must send the same bytes, and
 * take the other end's as strongSwan made them, down to every key and integrity check. Whoever changes what is drawn from
 * the seed, or in which order, makes the tapes void; they were recorded with charon in a network namespace of its own,
 * its packets handed to and fro through a TUN device.
 */
class Tape implements Endpoint {
  readonly session = 'strongswan';
  readonly differences: string[] = [];
  private readonly entries: { readonly who: string; readonly datagram: string }[];
  private readonly partner: number;

  constructor(name: string, partner: number) {
    const text = readFileSync(join(import.meta.dirname, 'strongswan', `${name}.tape`), 'utf8');
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.entries = lines.map((line) => ({ who: line.split(' ')[0]!, datagram: line.split(' ')[1]! }));
    this.partner = partner;
  }

  get left(): number {
    return this.entries.length;
  }

  start(host: Host): void {
    this.play(host);
  }

  stop(): void {
    // A tape has an end of its own.
  }

  receive(host: Host, packet: Incoming): boolean {
    const expected = this.entries.shift();
    if (expected?.who !== 'us' || expected.datagram !== toHex(packet.payload))
      this.differences.push(toHex(packet.payload));
    this.play(host);
    return true;
  }

  timer(): void {
    // It sets none.
  }

  private play(host: Host): void {
    while (this.entries[0]?.who === 'peer') {
      const payload = hex(this.entries.shift()!.datagram);
      host.send({ protocol: 17, destination: this.partner, payload });
    }
  }
}

const OURS = address('192.168.1.10');
const THEIRS = address('203.0.113.10');

test.each([
  ['client-aes-gcm', seconds(2), seconds(5), 2],
  ['client-aes-cbc', 0, seconds(4), 0],
])('our client and strongSwan as the server: %s', (name, rekey, duration, renewals) => {
  const tape = new Tape(name, OURS);
  const client = new IkeClient({
    server: THEIRS,
    identity: 'laptop-a',
    psk: 'open sesame',
    echo: { target: address('10.9.0.1'), at: [0, 1, 2, 3].map(seconds) },
    watches: { rekey, deadPeer: 0 },
  });
  const lab = new Lab({
    hosts: [
      { name: 'a', addresses: [OURS], endpoints: [client] },
      { name: 'strongswan', addresses: [THEIRS], endpoints: [tape] },
    ],
  });
  lab.start('a').run(duration);
  expect(lab.statusOf('a')).toBe('up');
  lab.stop('a').run(seconds(1));
  expect(lab.phaseOf('a')).toBe('disconnected');
  expect(lab.phasesOf('a').filter((phase) => phase === 'CHILD_SA renewed')).toHaveLength(renewals);
  expect(lab.phasesOf('a')).toContain('keys are there, as 10.9.0.17; trying the tunnel');
  expect([tape.differences, tape.left, lab.symptoms]).toEqual([[], 0, []]);
});

test('strongSwan as the client of our server', () => {
  const server = address('198.51.100.10');
  const tape = new Tape('server-aes-gcm', server);
  const ours = new IkeServer({
    identity: 'vpn.example',
    psk: 'open sesame',
    tunnel: { innerAddress: address('10.9.0.1') },
  });
  const lab = new Lab({
    hosts: [
      { name: 's', addresses: [server], endpoints: [ours] },
      { name: 'strongswan', addresses: [THEIRS], endpoints: [tape] },
    ],
  });
  lab.start('s').start('strongswan').run(seconds(5)).stop('s').run(seconds(1));
  expect(lab.phasesOf('s')).toEqual([
    'waiting for clients',
    'IKE_SA_INIT from 203.0.113.10, port 500',
    'laptop-s connected from 203.0.113.10, port 4500',
    'CHILD_SA renewed at the wish of laptop-s',
    'closing',
    'laptop-s was told to go',
  ]);
  expect([tape.differences, tape.left, lab.symptoms]).toEqual([[], 0, []]);
});
