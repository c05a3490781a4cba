import { describe, expect, test } from 'vitest';
import { concat, hex, putU16, putU32 } from '../../../src/lib/bytes.ts';
import { PROFILES } from '../../../src/router/profiles/index.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { labelOf } from '../../../src/ui/model/sentence.ts';
import type { Progress } from '../../../src/ui/recording/messages.ts';
import { type CaptureBytes, replayOf } from '../../../src/ui/recording/replaying.ts';
import ike22clientsLan from '../../recordings/ike2-2clients/lan.pcap?url&inline';
import l2tp2clientsLan from '../../recordings/l2tp-2clients/lan.pcap?url&inline';
import l2tp2clientsWan from '../../recordings/l2tp-2clients/wan.pcap?url&inline';
import pptp1clientHelperFirewallLan from '../../recordings/pptp-1client-helper-firewall/lan.pcap?url&inline';
import pptp1clientHelperFirewallWan from '../../recordings/pptp-1client-helper-firewall/wan.pcap?url&inline';
import pptp2clientsNohelperLan from '../../recordings/pptp-2clients-nohelper/lan.pcap?url&inline';
import pptp2clientsNohelperWan from '../../recordings/pptp-2clients-nohelper/wan.pcap?url&inline';
import wireguard1clientLan from '../../recordings/wireguard-1client/lan.pcap?url&inline';
import { snappedFile } from '../../support/snap.ts';
import { bytesOf } from '../support/runs.ts';

const pair = (lan: string, wan: string): CaptureBytes => ({ lan: bytesOf(lan), wan: bytesOf(wan) });
const quietly = () => {};

function answerTo(files: CaptureBytes) {
  const answer = replayOf(files, undefined, quietly);
  return answer.ok ? 'replayed' : answer.what;
}

test('how the recorded router was set up is found out by trying', () => {
  const answer = replayOf(pair(pptp1clientHelperFirewallLan, pptp1clientHelperFirewallWan), undefined, quietly);
  if (!answer.ok) throw new Error(answer.what);
  const { setup, agreed, compared } = answer.replayed;
  expect(setup).toMatchObject({ profile: 'linux', switches: { pptp: true }, firewall: true });
  expect(agreed).toBe(compared);
});

test.each(PROFILES.map(({ id }) => id))(
  '%s takes a pair and a file of one side in each position of its switches',
  (profile) => {
    for (const on of [false, true])
      for (const files of [pair(pptp2clientsNohelperLan, pptp2clientsNohelperWan), { lan: bytesOf(ike22clientsLan) }]) {
        const setup = { profile, switches: { pptp: on, l2tp: on, ipsec: on }, firewall: true };
        const answer = replayOf(files, setup, quietly);
        expect(answer).toMatchObject({ ok: true, replayed: { setup } });
      }
  },
);

test('progress is told in bytes, then in packets, up to all of them', () => {
  const told: Progress[] = [];
  replayOf(pair(l2tp2clientsLan, l2tp2clientsWan), undefined, (progress) => told.push(progress));
  expect(told.at(0)).toMatchObject({ doing: 'replaying', done: 0, of: 75, unit: 'packets' });
});

test('a file that breaks off is replayed up to there, and where it broke is said', () => {
  const whole = bytesOf(wireguard1clientLan);
  const answer = replayOf({ lan: whole.subarray(0, whole.length - 5) }, undefined, quietly);
  if (!answer.ok) throw new Error(answer.what);
  expect(answer.replayed.notices).toEqual([
    expect.stringMatching(/^This file is cut short at byte \d+, packet \d+: data: expected \d+ bytes, received \d+\. /),
  ]);
});

test('a capture with a snap length is replayed by its headers, and how many packets it cut is told', () => {
  const cut = { lan: snappedFile(bytesOf(ike22clientsLan), 96) };
  const answer = replayOf(cut, undefined, quietly);
  const whole = replayOf({ lan: bytesOf(ike22clientsLan) }, undefined, quietly);
  if (!answer.ok || !whole.ok) throw new Error('not replayed');
  expect(answer.replayed.cut).toEqual({ routed: 32, leftOut: 0 });
  const verdicts = ({ replayed: { trace } }: typeof answer) =>
    trace.occurrences.map((each) => each.kind === 'routed' && each.outcome.verdict);
  expect(verdicts(answer)).toEqual(verdicts(whole));
  const tunnels = ({ replayed }: typeof answer) => replayed.tunnels.map(({ kinds, out, back }) => [kinds, out, back]);
  expect(tunnels(answer)).toEqual(tunnels(whole));
  expect(answerTo({ lan: snappedFile(bytesOf(ike22clientsLan), 40) })).toMatch(
    /^Capture: expected a whole packet, found \d+ packets, and each was cut by the capture before its headers end\. Capture them whole: tcpdump -s 0/,
  );
});

test('what was left out is in its place, and brings no more of the file with it than its own bytes', () => {
  const answer = replayOf({ lan: snappedFile(bytesOf(l2tp2clientsLan), 96) }, undefined, quietly);
  if (!answer.ok) throw new Error(answer.what);
  const { trace, cut } = answer.replayed;
  const missed = trace.occurrences.flatMap((each) => (each.kind === 'left-out' ? [each] : []));
  expect(missed.reduce((sum, { packets }) => sum + packets, 0)).toBe(cut.leftOut);
  expect(missed.length).toBeGreaterThan(0);
  for (const { bytes } of missed) expect(bytes.buffer.byteLength).toBe(82);
  const run = runOf(trace);
  const told = run.steps.find(({ occurrence }) => occurrence.kind === 'left-out')!;
  expect(labelOf(run, told)).toMatch(
    /^2 packets not replayed; the first is L2TP SCCRQ .*, and the capture kept 82 of its \d+ bytes\.$/,
  );
});

describe('a file that cannot be replayed is refused with what was expected and what is there', () => {
  const header = (version: readonly [number, number], linkType = 1): Uint8Array => {
    const bytes = concat(hex('a1b2c3d4'), new Uint8Array(20));
    putU16(bytes, 4, version[0]);
    putU16(bytes, 6, version[1]);
    putU32(bytes, 16, 65535);
    putU32(bytes, 20, linkType);
    return bytes;
  };
  const pcapng = concat(hex('0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c'));
  test.each<[string, Uint8Array, RegExp]>([
    [
      'nothing in it',
      new Uint8Array(0),
      /^This file is cut short at byte 0, magic number: expected 4 bytes, received 0\.$/,
    ],
    [
      'a picture',
      hex('ffd8ffe0 00104a46'),
      /not a capture file.*expected pcap .*, received ffd8ffe0 \(JPEG picture\)\.$/,
    ],
    ['packed', hex('1f8b0800 00000000'), /received 1f8b0800 \(gzip: unpack it first\)\.$/],
    ['of pcap 1.4', header([1, 4]), /expected pcap version 2, received version 1\.4\.$/],
    ['of another link', header([2, 4], 105), /expected Ethernet .*, received link type 105 \(IEEE 802\.11\)\.$/],
    ['cut in its header', header([2, 4]).subarray(0, 20), /expected 24 bytes, received 20\.$/],
    ['without a packet', header([2, 4]), /^Capture: expected IPv4 packets, found none\.$/],
    [
      'of pcapng with a bad block',
      concat(pcapng, hex('00000006 00000007 00000007')),
      /Capture: expected IPv4 packets, found none\. This file is damaged at byte 28, block length: /,
    ],
  ])('%s', (_, bytes, words) => {
    expect(answerTo({ lan: bytes })).toMatch(words);
  });

  test('and of a pair it is said which', () => {
    expect(answerTo({ lan: bytesOf(l2tp2clientsLan), wan: new Uint8Array(0) })).toMatch(/^The WAN file is cut short/);
  });
});
