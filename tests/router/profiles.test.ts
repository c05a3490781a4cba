import { describe, expect, test } from 'vitest';
import { PROFILES, profileOf } from '../../src/router/profiles/index.ts';
import { configOf, helpersOf, type Profile, SWITCHES, type Switches } from '../../src/router/profiles/profile.ts';
import { Router } from '../../src/router/router.ts';
import { ipv4, parsePrefix } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';

const ENDS = { source: ipv4('192.168.1.10'), destination: ipv4('198.51.100.10') };
const PLACE = { lan: parsePrefix('192.168.1.1/24')!, wan: parsePrefix('203.0.113.1/24')!, seed: 1 };
const ON: Switches = { pptp: true, l2tp: true, ipsec: true };

const datagram = (port: number) =>
  ip.encode({
    ...ENDS,
    protocol: 17,
    payload: udp.encode({ sourcePort: port, destinationPort: port, payload: new Uint8Array(8) }, ENDS),
  });
const syn = (port: number) =>
  ip.encode({
    ...ENDS,
    protocol: 6,
    payload: tcp.encode(
      { sourcePort: 50_000, destinationPort: port, sequence: 1, acknowledgment: 0, flags: tcp.SYN, window: 1024 },
      ENDS,
    ),
  });
const bare = (protocol: number, payload = new Uint8Array(24).fill(1)) => ip.encode({ ...ENDS, protocol, payload });

/** One packet of every kind that a switch may be about. */
const PACKETS: Readonly<Record<string, Uint8Array>> = {
  'tcp 1723': syn(1723),
  'tcp 443': syn(443),
  'udp 500': datagram(500),
  'udp 4500': datagram(4500),
  'udp 1701': datagram(1701),
  'udp 1194': datagram(1194),
  gre: bare(47, new Uint8Array([0, 0, 8, 0, ...new Uint8Array(20)])),
  esp: bare(50),
  ah: bare(51),
  'ip 115': bare(115),
};

/** What a rule of the forward chain stops on its way out. */
function blocked(profile: Profile, switches: Switches): string[] {
  return Object.entries(PACKETS)
    .filter(([, packet]) => {
      const router = new Router(configOf(profile, switches, PLACE));
      return router.receive('lan', packet, 0).reasons.some(({ code }) => code === 'blocked-by-rule');
    })
    .map(([name]) => name);
}

/** What each switch drops when it alone is off, by the firmware's source. */
const DROPS: Readonly<Record<string, Readonly<Record<'pptp' | 'l2tp' | 'ipsec', readonly string[]>>>> = {
  'dd-wrt': { pptp: ['tcp 1723'], l2tp: ['udp 1701'], ipsec: ['udp 500'] },
  asuswrt: {
    pptp: ['tcp 1723', 'gre'],
    l2tp: ['udp 1701'],
    ipsec: ['udp 500', 'udp 4500', 'esp', 'ah'],
  },
  'broadcom-esp': {
    pptp: ['tcp 1723', 'gre'],
    l2tp: ['udp 1701'],
    ipsec: ['udp 500', 'udp 4500', 'esp', 'ah'],
  },
  linksys: { pptp: ['tcp 1723'], l2tp: ['udp 1701'], ipsec: ['udp 500', 'esp', 'ah'] },
  'dlink-dir300': {
    pptp: ['tcp 1723'],
    l2tp: ['udp 500', 'udp 1701'],
    ipsec: ['udp 500', 'udp 4500', 'esp', 'ah'],
  },
};

describe.each(PROFILES.map((profile) => [profile.id, profile] as const))('%s', (id, profile) => {
  test('drops nothing that leaves when every switch is on', () => {
    expect(blocked(profile, ON)).toEqual([]);
  });

  test.each(SWITCHES)('drops what its source says when %s is off, and nothing else', (name) => {
    expect(blocked(profile, { ...ON, [name]: false })).toEqual(DROPS[id]?.[name] ?? []);
  });

  test('says of each position of each switch what it does, in one sentence, and names a source', () => {
    for (const name of SWITCHES) {
      const { on, off, source } = profile.switches[name];
      for (const { says } of [on, off]) expect(says).toMatch(/^[A-Za-z](?!.*[.?!]\s).{20,}\.$/);
      expect(source).not.toBe('');
    }
    expect(profile.about).toMatch(/\.$/);
    expect(profile.sources.length).toBeGreaterThan(0);
  });

  test('says different things of two positions exactly where they do different things', () => {
    for (const name of SWITCHES) {
      const { on, off } = profile.switches[name];
      const does = ({ helpers, rules }: typeof on) => JSON.stringify([helpers ?? [], rules ?? []]);
      expect([name, on.says === off.says]).toEqual([name, does(on) === does(off)]);
    }
  });
});

test('every profile has an id of its own and is found by it', () => {
  for (const profile of PROFILES) expect(profileOf(profile.id)).toBe(profile);
  expect(profileOf('no such box')).toBeUndefined();
});

test('a switch that goes off lets a flow with answers go on, and stops one that never had any', () => {
  const profile = profileOf('asuswrt')!;
  const router = new Router(configOf(profile, ON, PLACE));
  const answer = ip.encode({
    source: ENDS.destination,
    destination: PLACE.wan.address,
    protocol: 50,
    payload: new Uint8Array(24).fill(2),
  });
  router.receive('lan', PACKETS.esp!, 0);
  expect(router.receive('wan', answer, 1).out[0]?.on).toBe('lan');
  router.receive('lan', PACKETS.ah!, 1);
  const { forward, input } = configOf(profile, { ...ON, ipsec: false }, PLACE);
  router.setChains(forward, input);
  expect(router.receive('lan', PACKETS.esp!, 2).verdict).toBe('forwarded');
  expect(router.receive('lan', PACKETS.ah!, 2).verdict).toBe('dropped');
});

test('D-Link’s L2TP switch, alone of all, drops what IKE begins with, and says whose rule it was', () => {
  const stopped = PROFILES.flatMap((profile) => {
    const router = new Router(configOf(profile, { ...ON, l2tp: false }, PLACE));
    const { reasons } = router.receive('lan', PACKETS['udp 500']!, 0);
    return reasons.flatMap((each) => (each.code === 'blocked-by-rule' ? [`${profile.id}: ${each.rule}`] : []));
  });
  expect(stopped).toEqual(['dlink-dir300: l2tp-passthrough-off: udp dport 500']);
});

test('ASUS’s PPTP switch drops, and leaves the helper running; DD-WRT’s and Tomato’s unload it', () => {
  const runs = (id: string) => helpersOf(profileOf(id)!, { ...ON, pptp: false }).includes('nf-pptp');
  expect([runs('asuswrt'), runs('dd-wrt'), runs('tomato')]).toEqual([true, false, false]);
});

test('Padavan’s helper comes switched off, and OpenWrt’s is not installed', () => {
  const helpers = (id: string) => helpersOf(profileOf(id)!, profileOf(id)!.defaults);
  expect([helpers('padavan'), helpers('openwrt')]).toEqual([[], []]);
  expect(helpersOf(profileOf('openwrt')!, ON)).toEqual([]);
});
