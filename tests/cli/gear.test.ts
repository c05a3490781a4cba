import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Gear } from '../../src/gear/gear.ts';
import { fakeTerminal } from './fake-terminal.ts';

async function gear(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const status = await run(['gear', ...args], terminal);
  return { status, printed: terminal.printed(), complaints: terminal.complaints };
}

/** Without comments. */
const plain = (printed: string, comment: string) =>
  printed.split('\n').filter((line) => line !== '' && !line.trimStart().startsWith(comment));

test('a file for nft: the rules plain, all else in comments', async () => {
  const { status, printed, complaints } = await gear('--profile', 'dd-wrt', '--pptp', 'off', '--l2tp', 'off');
  expect([status, complaints]).toEqual([0, []]);
  const lines = plain(printed, '#');
  expect(lines[0]).toBe('table ip router {');
  expect(lines.at(-1)).toBe('}');
  expect(lines).toContain('    oifname "wan" udp dport 1701 drop');
  expect(printed).toMatch(
    /^# DD-WRT as nftables\n# PPTP passthrough off\n# L2TP passthrough off\n# IPsec passthrough on /,
  );
  expect(printed).toContain('# net.netfilter.nf_conntrack_udp_timeout_stream = 180\n');
});

test('left out, the switches stand as the box comes', async () => {
  const { printed } = await gear('--profile', 'tomato');
  expect(printed).toContain('# PPTP passthrough on\n');
  expect(printed).toContain('ct helper set "pptp-std"');
});

test('what was never run says so, with its sources', async () => {
  const { printed } = await gear('--profile', 'textbook', '--ipsec', 'on', '--as', 'ios');
  expect(printed).toContain('! - Nothing: all of it was only read.\n');
  expect(printed).toContain('! - IOS 12.2(15)T, NAT Support for IPsec ESP Phase II');
  expect(printed).toMatch(/! Done another way:\n(! - .*\n)*! - spi-match only works where both ends/);
});

test('the addresses are those given', async () => {
  const { printed } = await gear('--as', 'ios', '--lan', '10.1.2.1/16', '--wan', '198.51.100.6/30');
  expect(plain(printed, '!')).toEqual(
    expect.arrayContaining([' ip address 198.51.100.6 255.255.255.252', ' permit 10.1.0.0 0.0.255.255']),
  );
});

test('--firewall off leaves the WAN open', async () => {
  const { printed } = await gear('--profile', 'openwrt', '--firewall', 'off');
  expect(printed).not.toContain('iifname "wan" drop');
});

test('--json: every line with what it is for and who makes it', async () => {
  const { printed } = await gear('--profile', 'linksys', '--l2tp', 'off', '--as', 'iptables', '--json');
  const found = JSON.parse(printed) as Gear & { readonly profile: string };
  expect(found).toMatchObject({ profile: 'linksys', target: 'iptables', silent: ['pptp', 'ipsec'] });
  expect(found.parts[0]!.lines).toContainEqual({
    text: '-A FORWARD -o wan -p udp -m udp --dport 1701 -j DROP',
    why: 'L2TP, on its way out, is dropped.',
    by: { switch: 'l2tp', on: false },
  });
});

test('both sides with one address are bad usage, whether given or left out', async () => {
  const { status, printed, complaints } = await gear('--lan', '203.0.113.1/24');
  expect([status, printed, complaints[0]]).toEqual([
    2,
    '',
    'passthrough-lab gear: --wan: expected another address than that of the LAN side, received "203.0.113.1/24"',
  ]);
});

test('a target that is not there is bad usage', async () => {
  const { status, complaints } = await gear('--as', 'toaster');
  expect(status).toBe(2);
  expect(complaints[0]).toBe(
    'passthrough-lab gear: --as: expected nftables, iptables, uci, routeros or ios, received "toaster"',
  );
});
