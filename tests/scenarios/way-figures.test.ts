import { describe, expect, test } from 'vitest';
import { WAYS } from '../../src/explain/ways.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { profileOf } from '../../src/router/profiles/index.ts';
import { experimentOf, situationOf } from '../../src/scenarios/matrix-situations.ts';
import { exhibitOf } from '../../src/scenarios/shown.ts';
import { figuresOf } from '../../src/scenarios/way-figures.ts';
import { run } from '../../src/world/run.ts';

const OFF = { pptp: false, l2tp: false, ipsec: false };
const wayOf = (id: string) => WAYS.find((way) => way.id === id)!;
const experiment = (id: string) => exhibitOf(wayOf(id).shown).experiment;
const figures = (id: string) => figuresOf(run(experiment(id)), wayOf(id))!;

const IP = 20;
const UDP = 8;
const padded = (length: number, to: number) => Math.ceil(length / to) * to;

describe('bytes on a packet', () => {
  test('the packet inside is as long as it says itself, where it can be read', () => {
    const gre = experimentOf(situationOf('gre-one')!, profileOf('linux')!, OFF);
    const { inside, whole, bytes } = figuresOf(run(gre), { node: 'a', carries: 'packets' })!.carried!;
    const GRE = 4;
    expect(u16(bytes, IP + GRE + 2)).toBe(inside);
    expect(whole).toBe(IP + GRE + inside);
  });

  test('WireGuard: 16 bytes before, 16 behind, and padding to sixteens', () => {
    const { inside, whole } = figures('wireguard').carried!;
    expect(whole).toBe(IP + UDP + 16 + padded(inside, 16) + 16);
  });

  test('ESP with AES-GCM in UDP: SPI, sequence number and IV, a trailer padded to fours, and 16 behind', () => {
    const { inside, whole } = figures('ikev2-natt').carried!;
    expect(whole).toBe(IP + UDP + 8 + 8 + padded(inside + 2, 4) + 16);
  });

  test('OpenVPN: opcode and peer, packet number, and 16 of authentication', () => {
    const { inside, whole } = figures('openvpn').carried!;
    expect(whole).toBe(IP + UDP + 4 + 4 + 16 + inside);
  });

  test('where a session replaces the network, no packet travels inside another', () => {
    expect([figures('rdp').carried, figures('identity').carried]).toEqual([undefined, undefined]);
  });
});

describe('round trips before anything of one’s own may go', () => {
  test.each([
    ['wireguard', 1, 'one exchange'],
    ['ikev2-natt', 2, 'IKE_SA_INIT and IKE_AUTH'],
    ['identity', 2, 'TCP, then TLS 1.3'],
    ['rdp', 3, 'TCP, the choice of TLS, TLS 1.3'],
  ])('%s: %i, %s', (id, count) => {
    expect(figures(id).roundTrips).toBe(count);
  });

  test('they are counted, not timed: on a slower line there are as many', () => {
    for (const way of WAYS) {
      const slow = { ...exhibitOf(way.shown).experiment, internet: { delay: 40_000 } };
      const [far, near] = [figuresOf(run(slow), way)!, figures(way.id)];
      expect([way.id, far.roundTrips]).toEqual([way.id, near.roundTrips]);
      expect(far.roundTrip).toBeGreaterThan(3 * near.roundTrip);
    }
  });
});

test('a router sees TCP and UDP of them, and never a protocol without ports', () => {
  for (const { id } of WAYS)
    for (const { protocol, port } of figures(id).seen) {
      expect([6, 17], id).toContain(protocol);
      expect(port, id).toBeGreaterThan(0);
    }
});

test('IKEv2 is seen to move from one port to the other', () => {
  expect(figures('ikev2-natt').seen.map(({ port }) => port)).toEqual([500, 4500]);
});

test('what never comes up has no figures', () => {
  const pptp = experimentOf(situationOf('pptp-one')!, profileOf('textbook')!, OFF);
  expect(figuresOf(run(pptp), { node: 'a', carries: 'packets' })).toBeUndefined();
});
