import { expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { entryState, entryText } from '../../../src/ui/model/entry.ts';
import { familyOf, segmentsOf } from '../../../src/ui/model/packet.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { labelOf, sentenceOf } from '../../../src/ui/model/sentence.ts';
import { viewOf } from '../../../src/ui/model/step-view.ts';
import { tableAt } from '../../../src/ui/model/table.ts';
import { partsOf, titleOf } from '../../../src/ui/model/title.ts';
import { run as play } from '../../../src/world/run.ts';
import { everyRun, rawEsp, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const titles = (run: ReturnType<typeof twoLaptopsOn>, ...numbers: number[]) =>
  numbers.map((number) => titleOf(viewOf(run, run.steps[number - 1])!.incoming.frame.bytes));

test('packets are named by what they are for', () => {
  expect(titles(twoLaptopsOn(), 1, 4, 8, 9, 11, 32)).toEqual([
    'TCP SYN, 35752 → 1723',
    'PPTP Start-Control-Connection-Request',
    'PPTP Outgoing-Call-Request, Call ID 13330',
    'PPTP Outgoing-Call-Reply, Call ID 0, Peer Call ID 35752',
    'GRE Call ID 0 · LCP Configuration Request',
    'GRE Call ID 0 · ICMP Echo (ping) request, seq 1',
  ]);
});

test('of a name, the numbers can be told apart', () => {
  const run = twoLaptopsOn();
  const parts = (number: number) => partsOf(viewOf(run, run.steps[number - 1])!.incoming.frame.bytes);
  expect([1, 2, 4, 9, 11, 32].map(parts)).toEqual([
    { name: 'TCP SYN', numbers: '35752 → 1723' },
    { name: 'TCP SYN, ACK', numbers: '1723 → 35752' },
    { name: 'PPTP Start-Control-Connection-Request', numbers: '' },
    { name: 'PPTP Outgoing-Call-Reply', numbers: 'Call ID 0, Peer Call ID 35752' },
    { name: 'LCP Configuration Request', numbers: 'GRE Call ID 0' },
    { name: 'ICMP Echo (ping) request', numbers: 'GRE Call ID 0, seq 1' },
  ]);
  expect(partsOf(viewOf(rawEsp(), rawEsp().steps[0])!.incoming.frame.bytes)).toEqual({
    name: 'ESP',
    numbers: 'SPI 0xc1c10001',
  });
});

test('names leave out what belongs among the fields', () => {
  const first = (id: string, start: string) => {
    const run = runOf(play(scenarioOf(id)!.experiment));
    const titles = run.steps.flatMap(({ occurrence }) =>
      'frame' in occurrence ? [titleOf(occurrence.frame.bytes)] : [],
    );
    return titles.find((title) => title.includes(start));
  };
  expect(first('l2tp-one-laptop', 'ICRP')).toMatch(/^L2TP ICRP, tunnel \d+, session \d+$/);
  expect(first('l2tp-one-laptop', 'CHAP Success')).toMatch(/^L2TP tunnel \d+, session \d+ · CHAP Success$/);
  expect(first('l2tpv3-over-ip', 'SCCRP')).toMatch(/^L2TPv3 SCCRP, connection 0x[0-9a-f]{8}$/);
  expect(first('openvpn-udp', 'Server Hello')).toBe('TLS Server Hello, Change Cipher Spec, Application Data ×3');
  expect(first('openvpn-udp', 'P_CONTROL_V1')).toMatch(/^OVPN P_CONTROL_V1, message \d+, acknowledges \d+$/);
  expect(first('vpn-router', 'Transport')).toMatch(/^WG Transport Data, receiver 0x[0-9a-f]{8}, counter 0$/);
});

test('a packet is a train of its headers, and PPTP and its GRE share a hue', () => {
  const run = twoLaptopsOn();
  const bytes = (number: number) => viewOf(run, run.steps[number - 1])!.incoming.frame.bytes;
  expect(segmentsOf(bytes(8)).map(({ label }) => label)).toEqual(['IP', 'TCP', 'PPTP']);
  expect(segmentsOf(bytes(11)).map(({ label }) => label)).toEqual(['IP', 'GRE', 'PPP', 'LCP']);
  expect([1, 8, 11].map((number) => familyOf(bytes(number)))).toEqual(['tcp', 'pptp', 'pptp']);
});

test('encrypted contents are drawn sealed, in the hue of what seals them', () => {
  const run = rawEsp();
  const segments = segmentsOf(viewOf(run, run.steps[0])!.incoming.frame.bytes);
  expect(segments.map(({ family, sealed }) => [family, sealed])).toEqual([
    ['ip', false],
    ['ipsec', false],
    ['ipsec', true],
  ]);
  expect(titles(run, 1)).toEqual(['ESP SPI 0xc1c10001']);
});

test('a step reads as a sentence with its place, its ends and its fate', () => {
  const run = twoLaptopsOff();
  expect(sentenceOf(run, undefined)).toBe('Before the first of 30 packets.');
  expect(sentenceOf(run, run.steps[11])).toMatch(
    /^Step 12 of 30\. GRE Call ID 27183 · LCP Configuration Request, Server 1 to Router: stopped, no entry fits\. GRE has no ports\. Only Call ID 27183 says whose packet this is;/,
  );
});

test('a packet that is sent on is said to be for whom the router sends it', () => {
  const run = twoLaptopsOn();
  expect(labelOf(run, run.steps[1]!)).toBe(
    'TCP SYN, ACK, 1723 → 35752, Server 1 to Client A: sent on, destination put back.',
  );
});

test('every step of every run has words, and none of them is a hole', () => {
  for (const [name, make] of everyRun) {
    const run = make();
    for (const step of run.steps) {
      const sentence = sentenceOf(run, step);
      expect(sentence, `${name}, step ${step.number}`).not.toMatch(/undefined|NaN|\[object|\?, | {2}/);
      expect(sentence.endsWith('.')).toBe(true);
    }
  }
});

test('an entry is written with who began it, with whom, and by what it goes outside', () => {
  const run = twoLaptopsOn();
  const [tcp, gre] = tableAt(run.trace, 'router', run.steps[38]!.index);
  expect(entryText(tcp!)).toMatchObject({
    inside: '192.168.1.10:35752',
    remote: '203.0.113.10:1723',
    outside: '203.0.113.1:35752',
  });
  expect(entryState(tcp!)).toBe('ESTABLISHED · assured · helper pptp');
  expect(entryText(gre!)).toMatchObject({ inside: '192.168.1.10 Call ID 13330', outside: '203.0.113.1 Call ID 35752' });
  expect(entryState(gre!)).toMatch(/^assured · belongs to #\d+$/);
});
