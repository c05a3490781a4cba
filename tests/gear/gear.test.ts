import { expect, test } from 'vitest';
import type { Gear } from '../../src/gear/gear.ts';
import { gearOf, TARGETS } from '../../src/gear/index.ts';
import { onLinux } from '../../src/gear/linux.ts';
import { orderOf } from '../../src/gear/order.ts';
import { makerName, textOf } from '../../src/gear/text.ts';
import type { NatBehaviour } from '../../src/router/config.ts';
import { PROFILES, profileOf } from '../../src/router/profiles/index.ts';
import {
  type Placement,
  type Profile,
  positionOf,
  SWITCHES,
  type Switches,
  type SwitchName,
} from '../../src/router/profiles/profile.ts';
import { ipv4 } from '../../src/wire/address.ts';

const PLACE: Placement = {
  lan: { address: ipv4('192.168.7.1'), length: 24 },
  wan: { address: ipv4('203.0.113.9'), length: 22 },
  seed: 1,
};

const POSITIONS: readonly Switches[] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  pptp: (bits & 1) > 0,
  l2tp: (bits & 2) > 0,
  ipsec: (bits & 4) > 0,
}));

const EVERY = PROFILES.flatMap((profile) =>
  POSITIONS.flatMap((switches) =>
    TARGETS.map(({ id }) => ({ profile, switches, gear: gearOf(profile, switches, PLACE, id) })),
  ),
);

const linesOf = (gear: Gear) => gear.parts.flatMap((part) => part.lines);
const ofSwitch = (gear: Gear, name: SwitchName) =>
  linesOf(gear).filter(({ by }) => by !== 'router' && by.switch === name);
const textBy = (gear: Gear, name: SwitchName) => ofSwitch(gear, name).map(({ text }) => text);

function gear(id: string, on: string, target: (typeof TARGETS)[number]['id']): Gear {
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, on.includes(name)])) as Switches;
  return gearOf(profileOf(id) as Profile, switches, PLACE, target);
}

const says = ({ notes }: Gear) => notes.map((note) => note.says).join(' ');

test('what a switch is said to make is made by its present position', () => {
  const wrong = EVERY.flatMap(({ profile, switches, gear }) =>
    linesOf(gear)
      .filter(({ by }) => by !== 'router' && by.on !== switches[by.switch])
      .map(() => profile.id),
  );
  expect(wrong).toEqual([]);
});

test('a DROP rule of a switch is a line of that switch in every target, with its port', () => {
  const missing = EVERY.flatMap(({ profile, switches, gear }) =>
    SWITCHES.flatMap((name) =>
      (positionOf(profile, switches, name).rules ?? []).flatMap(({ destinationPort, verdict }) => {
        const number = destinationPort ?? '';
        const made = textBy(gear, name).join('\n');
        const word = { accept: /accept|permit/i, drop: /drop|deny/i, reject: /reject/i }[verdict];
        return made.includes(String(number)) && word.test(made) ? [] : [`${profile.id} ${name} ${gear.target}`];
      }),
    ),
  );
  expect(missing).toEqual([]);
});

test('turning one switch changes its own lines and no other', () => {
  const wrong = EVERY.flatMap(({ profile, switches, gear }) =>
    SWITCHES.flatMap((name) => {
      const other = gearOf(profile, { ...switches, [name]: !switches[name] }, PLACE, gear.target);
      const rest = (which: Gear) =>
        linesOf(which)
          .filter(({ by }) => by === 'router' || by.switch !== name)
          .map(({ text }) => text);
      return JSON.stringify(rest(gear)) === JSON.stringify(rest(other)) ? [] : [`${profile.id} ${name} ${gear.target}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test('a switch whose positions differ shows it in lines, or a note says why nothing does', () => {
  const differs = (profile: Profile, name: SwitchName) =>
    profile.switches[name].on.says !== profile.switches[name].off.says;
  const wrong = EVERY.flatMap(({ profile, switches, gear }) =>
    SWITCHES.filter((name) => differs(profile, name)).flatMap((name) => {
      const other = gearOf(profile, { ...switches, [name]: !switches[name] }, PLACE, gear.target);
      const shown = (which: Gear) => [
        textBy(which, name),
        which.notes.filter(({ by }) => by !== 'router' && by.switch === name).map((note) => note.says),
      ];
      return JSON.stringify(shown(gear)) !== JSON.stringify(shown(other))
        ? []
        : [`${profile.id} ${name} ${gear.target}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test('silent are the switches without a line', () => {
  for (const { gear } of EVERY)
    expect(gear.silent).toEqual(SWITCHES.filter((name) => ofSwitch(gear, name).length === 0));
});

test('the first line of each part says what it is for, and every target names its sources', () => {
  for (const { gear } of EVERY) {
    for (const part of gear.parts) expect(part.lines[0]?.why, `${gear.target} ${part.place}`).toMatch(/\.$/);
    expect(gear.proof.sources.length).toBeGreaterThan(0);
    expect(gear.proof.tested.length > 0).toBe(gear.target === 'nftables' || gear.target === 'iptables');
  }
});

test('what Linux has no module for is said, not made up', () => {
  const broadcom = gear('broadcom-esp', 'pptp l2tp ipsec', 'nftables');
  expect(says(broadcom)).toContain("Broadcom's module for ESP is not in Linux");
  const textbook = gear('textbook', 'l2tp ipsec', 'iptables');
  expect(says(textbook)).toContain('no helper for L2TP');
  expect(says(textbook)).toContain('nothing that tells ESP apart by SPI');
  expect(
    linesOf(broadcom)
      .filter(({ text }) => /helper/.test(text))
      .every(({ text }) => /pptp|helpers \{/.test(text)),
  ).toBe(true);
});

test('IOS: spi-match is printed where ESP is sorted by SPI, with how its meaning differs', () => {
  const on = gear('textbook', 'ipsec', 'ios');
  expect(textBy(on, 'ipsec')).toContain('ip nat service list VPN-SERVERS esp spi-match');
  expect(
    on.notes
      .filter(({ kind }) => kind === 'differs')
      .map((note) => note.says)
      .join(' '),
  ).toContain('spi-match only works where both ends');
  expect(textOf(linesOf(gear('textbook', '', 'ios')), '!')).not.toContain('spi-match');
});

test('IOS: the ALG for PPTP has no line, and a router without a helper says that it cannot be had', () => {
  expect(gear('linux', 'pptp', 'ios').silent).toContain('pptp');
  expect(says(gear('linux', '', 'ios'))).toContain('no command that turns the ALG for PPTP off');
  expect(says(gear('dd-wrt', '', 'ios'))).not.toContain('no command that turns the ALG for PPTP off');
});

test('IOS: addresses and wildcard masks are those of the router', () => {
  const text = textOf(linesOf(gear('linux', '', 'ios')), '!');
  expect(text).toContain(' ip address 203.0.113.9 255.255.252.0');
  expect(text).toContain(' permit 192.168.7.0 0.0.0.255');
});

test('OpenWrt: a masqueraded zone may send what makes no sense, unless the router throws it away', () => {
  const text = (id: string) => textOf(linesOf(gear(id, '', 'uci')), '#');
  expect(text('linux')).toContain("option masq_allow_invalid '1'");
  expect(text('textbook')).not.toContain('masq_allow_invalid');
});

test('a router without firewall lets the Internet call laptops, in OpenWrt by a forwarding of its own', () => {
  const open = gearOf(profileOf('dd-wrt')!, profileOf('dd-wrt')!.defaults, { ...PLACE, firewall: false }, 'uci');
  expect(textOf(linesOf(open), '#')).toContain("config forwarding\n\toption src 'wan'\n\toption dest 'lan'");
  expect(textOf(linesOf(gear('dd-wrt', 'pptp', 'uci')), '#')).not.toContain("\toption src 'wan'");
});

test('without NAT no target translates', () => {
  for (const { id } of TARGETS) {
    const plain = gearOf(profileOf('linux')!, profileOf('linux')!.defaults, { ...PLACE, nat: false }, id);
    expect(textOf(linesOf(plain), '#'), id).not.toMatch(/masq|overload/i);
  }
});

test('knobs turned at a router show in its lines and notes', () => {
  const { defaults } = profileOf('textbook')!;
  const turned = (behaviour: Partial<NatBehaviour>) =>
    gearOf(profileOf('textbook')!, defaults, { ...PLACE, behaviour }, 'nftables');
  const text = (behaviour: Partial<NatBehaviour>) => textOf(linesOf(turned(behaviour)), '#');
  expect(text({})).toContain('    oifname "wan" drop\n');
  expect(text({ portless: 'first-owner' })).not.toContain('    oifname "wan" drop\n');
  expect(text({ ports: 'random', portRange: [2000, 3000] })).toContain('masquerade to :2000-3000 fully-random');
  expect(text({ invalid: 'forward' })).not.toContain('invalid');
  expect(says(turned({}))).toContain('Two laptops cannot meet by their outside addresses');
  expect(says(turned({ hairpinning: false }))).not.toContain('Two laptops cannot meet');
});

test('a router that keeps ports even is told that netfilter does not', () => {
  const { defaults } = profileOf('textbook')!;
  const saidWith = (parity: boolean) =>
    says(gearOf(profileOf('textbook')!, defaults, { ...PLACE, behaviour: { parity } }, 'nftables'));
  expect([saidWith(true), saidWith(false)].map((said) => said.includes('replace an even port'))).toEqual([true, false]);
});

test('that today’s kernel lets no PPTP through without its helper is said where the router itself does, and only there', () => {
  const said = (id: string, on: string, place = PLACE) => {
    const switches = { pptp: on === 'on', l2tp: true, ipsec: true };
    return says(gearOf(profileOf(id)!, switches, place, 'nftables')).includes('Since 5.1 the kernel');
  };
  // Without its helper GRE goes by addresses alone there.
  expect([said('tomato', 'off'), said('pf', 'off'), said('libalias', 'off')]).toEqual([true, true, true]);
  expect(said('textbook', 'off', { ...PLACE, behaviour: { portless: 'first-owner' } })).toBe(true);
  // The helper runs here too; a rule stops PPTP here too; what has no ports stays inside here too.
  expect([said('tomato', 'on'), said('dd-wrt', 'off'), said('textbook', 'off')]).toEqual([false, false, false]);
});

test('every router on Linux goes by Call IDs, as the kernel does since 5.1', () => {
  for (const profile of PROFILES)
    expect(onLinux(orderOf(profile, profile.defaults, PLACE)).config.greTracker, profile.id).toBe(true);
});

test('only the timeouts that differ from the kernel are set', () => {
  const settings = (id: string) =>
    gear(id, '', 'nftables')
      .parts.find(({ place }) => place.startsWith('/etc/sysctl.d/'))!
      .lines.map(({ text }) => text);
  expect(settings('linux')).toEqual(['net.ipv4.ip_forward = 1']);
  expect(settings('dd-wrt')).toContain('net.netfilter.nf_conntrack_udp_timeout_stream = 180');
});

test('in a file a comment above each line of a switch says whose it is', () => {
  const [part] = gear('linksys', 'pptp ipsec', 'nftables').parts;
  expect(textOf(part!.lines, '#')).toContain(
    '    # L2TP passthrough off: L2TP, on its way out, is dropped.\n    oifname "wan" udp dport 1701 drop\n',
  );
  const comments = textOf(part!.lines, '#').match(/^ *#.*$/gm);
  expect(comments).toHaveLength(part!.lines.filter(({ by }) => by !== 'router').length);
  expect(makerName('router')).toBe('the router itself');
});
