import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { snappedFile } from '../support/snap.ts';
import { fakeTerminal } from './fake-terminal.ts';

const file = (name: string, side: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'recordings', name, `${side}.pcap`)));

async function replayed(name: string, ...args: readonly string[]) {
  const terminal = fakeTerminal({ 'lan.pcap': file(name, 'lan'), 'wan.pcap': file(name, 'wan') });
  const status = await run(['replay', 'lan.pcap', 'wan.pcap', ...args], terminal);
  const lines = terminal.printed().split('\n').slice(0, -1);
  return { status, lines, printed: terminal.printed(), complaints: terminal.complaints };
}

test('a recording replayed as it was made is all as recorded, packet by packet', async () => {
  const { status, lines, complaints } = await replayed('pptp-2clients-helper-sameport', '--pptp', 'on');
  expect([status, complaints]).toEqual([0, []]);
  expect(lines[0]).toBe('router: 192.168.1.1/24 on the LAN, 203.0.113.1/24 on the WAN');
  expect(lines[1]).toMatch(/^lan #1 +0\.000000 {2}ok {7}192\.168\.1\.10 → 203\.0\.113\.10 {2}TCP .* \[forwarded\]$/);
  expect(lines.at(-1)).toBe('103 of 103 packets as recorded');
  expect(lines.length).toBe(105);
});

test('with the helper off instead, each packet that differs says in what, and the status is 1', async () => {
  const { status, lines } = await replayed('pptp-1client-helper', '--pptp', 'off');
  expect(status).toBe(1);
  const at = lines.findIndex((line) => line.includes('DIFFERS'));
  expect(lines[at]).toMatch(/PPTP Outgoing-Call-Request/);
  expect(lines[at + 1]).toMatch(/Call ID: recorded 42340, here 55194$/);
  expect(lines[at + 2]).toMatch(/^ {4}here: \{"code":"entry-matched"/);
  expect(lines.at(-1)).toMatch(/^\d+ of 50 packets as recorded$/);
});

test('--json is one object with the same packets', async () => {
  const { status, printed } = await replayed('pptp-1client-nohelper-firewall', '--json', '--firewall', 'on');
  expect(status).toBe(0);
  const result = JSON.parse(printed) as { readonly packets: readonly unknown[] };
  expect(result).toMatchObject({
    router: { lan: '192.168.1.1/24', wan: '203.0.113.1/24', translates: true },
    agreed: 38,
    total: 38,
  });
  expect(result.packets.length).toBe(38);
  expect(result.packets[0]).toMatchObject({ on: 'lan', number: 1, time: 0, agrees: true, verdict: 'forwarded' });
});

test('flushes and addresses without a host can be told', async () => {
  const flushed = await replayed('raw-flush', '--flush', '1.9', '--flush=1.36');
  expect([flushed.status, flushed.lines.at(-1)]).toEqual([0, '25 of 25 packets as recorded']);
  const lost = await replayed('raw-icmp-errors', '--nobody-at', '198.51.100.7');
  expect([lost.status, lost.lines.at(-1)]).toEqual([0, '110 of 110 packets as recorded']);
});

test('a router that does not translate is said to be one', async () => {
  const { status, lines } = await replayed('ike1-nonat');
  expect([status, lines[0]?.endsWith(', no translation')]).toEqual([0, true]);
});

test('files that cannot be replayed are trouble, with the reason on standard error only', async () => {
  const terminal = fakeTerminal({ 'lan.pcap': file('ike1-1client', 'wan'), 'wan.pcap': file('ike1-1client', 'lan') });
  expect(await run(['replay', 'lan.pcap', 'wan.pcap'], terminal)).toBe(2);
  expect(await run(['replay', 'lan.pcap', 'none.pcap'], terminal)).toBe(2);
  expect(terminal.printed()).toBe('');
  expect(terminal.complaints).toEqual([
    'LAN capture and WAN capture: expected the LAN side first, received two files that look swapped',
    'none.pcap: no such file',
  ]);
});

test('of packets that the captures cut, those with their headers are replayed and the others named', async () => {
  const cut = (side: string) => snappedFile(file('l2tp-2clients', side), 96);
  const terminal = fakeTerminal({ 'lan.pcap': cut('lan'), 'wan.pcap': cut('wan') });
  const status = await run(['replay', 'lan.pcap', 'wan.pcap'], terminal);
  expect(status).toBe(1);
  expect(terminal.complaints).toEqual([
    'The capture kept only the beginning of 20 packets. 4 packets could not be replayed: a router would have to know what is missing. The others went by their headers, which were kept. What came after may have fared otherwise. Capture them whole: tcpdump -s 0, in Wireshark no snap length.',
  ]);
  const lines = terminal.printed().split('\n');
  expect(lines.filter((line) => line.includes('LEFT OUT')).length).toBe(4);
  expect(lines.find((line) => line.includes('LEFT OUT'))).toMatch(/ L2TP .* \[the capture kept 82 of \d+ bytes\]$/);
  expect(lines.at(-2)).toBe('71 of 71 packets as recorded');
  expect(terminal.printed()).not.toContain('DIFFERS');
  const json = fakeTerminal({ 'lan.pcap': cut('lan'), 'wan.pcap': cut('wan') });
  await run(['replay', 'lan.pcap', 'wan.pcap', '--json'], json);
  const { packets, leftOut } = JSON.parse(json.printed()) as {
    readonly packets: readonly { readonly packet: string; readonly wholeLength?: number }[];
    readonly leftOut: readonly { readonly packet: string; readonly wholeLength: number }[];
  };
  expect([packets.length, leftOut.length]).toEqual([71, 4]);
  for (const { packet, wholeLength = packet.length / 2 } of [...packets, ...leftOut])
    expect(packet.length / 2).toBe(Math.min(wholeLength, 82));
});

test('a capture cut short is replayed up to the cut, said to be cut, and not a success', async () => {
  const name = 'ike1-1client';
  const whole = { lan: file(name, 'lan'), wan: file(name, 'wan') };
  const terminal = fakeTerminal({ 'lan.pcap': whole.lan, 'wan.pcap': whole.wan.slice(0, -10) });
  expect(await run(['replay', 'lan.pcap', 'wan.pcap'], terminal)).toBe(1);
  expect(terminal.complaints[0]).toMatch(/^wan\.pcap: cut short at byte \d+, packet 32: data: expected /);
  expect(terminal.printed()).toMatch(/ of 3[12] packets as recorded\n$/);
});

test.each([
  [[], 'LAN.pcap is missing'],
  [['lan.pcap'], 'WAN.pcap is missing'],
  [['a', 'a'], 'WAN.pcap: expected another capture than that of the LAN side, received "a"'],
  [
    ['lan.pcap', 'wan.pcap', '--lan', '10.0.0.1/8', '--wan', '10.0.0.1/24'],
    '--wan: expected another address than that of the LAN side, received "10.0.0.1/24"',
  ],
  [['lan.pcap', 'wan.pcap', '--flush', 'soon'], '--flush: expected seconds, received "soon"'],
  [['lan.pcap', 'wan.pcap', '--nobody-at', 'home'], '--nobody-at: expected an IPv4 address, received "home"'],
])('%j is bad usage', async (args, complaint) => {
  const terminal = fakeTerminal();
  expect(await run(['replay', ...args], terminal)).toBe(2);
  expect(terminal.complaints[0]).toBe(`passthrough-lab replay: ${complaint}`);
});
