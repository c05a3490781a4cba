/** Wireshark judges our dissection: of a real router's recordings, and of whatever our encoders write. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstLayer } from '../../src/capture/link-type.ts';
import { openCapture } from '../../src/capture/open.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { type Dissection, dissect } from '../../src/wire/dissect.ts';
import type { Layer } from '../../src/wire/layer.ts';
import { packets as specimens } from '../wire/specimens.ts';
import {
  allFields,
  allLayers,
  checksumDisagreements,
  type Disagreement,
  fieldDisagreements,
  protocolDisagreements,
} from './agreement.ts';
import { knownFields, readPdml, type TsharkPacket } from './pdml.ts';

/** The protocols whose every field is compared, by the beginning of its key. */
const FAMILIES =
  /^(eth|vlan|ieee8021ad|arp|ip|ipv6|tcp|udp|icmp|icmpv6|gre|pppoe|pptp|ppp|lcp|pap|chap|ccp|ipcp|ipv6cp|sctp|sll|null)\./;

/** Keys on which we do not follow tshark 4.0, and why. */
const OWN_WAY: Readonly<Record<string, string>> = {
  'ieee8021ad.dei': 'tshark marks one of the two bytes of the tag, in 802.1Q tags both',
  'ieee8021ad.priority': 'the same',
  'ip.version': 'tshark gives IPv6 headers a hidden field of this name too',
  'pptp.call_Statistics': 'tshark shows 64 of the 128 bytes that RFC 2637 §2.13 gives it',
  'tcp.options': 'a tree here, bytes there; the options themselves are compared',
};

const KEYS = new Set([...knownFields()].filter((key) => FAMILIES.test(key) && !(key in OWN_WAY)));

interface Compared {
  readonly dissection: Dissection;
  readonly tshark: TsharkPacket;
}

function readBoth(file: string): readonly Compared[] {
  const capture = openCapture(readFileSync(file));
  if (!capture.ok) throw new Error(`${file} is no capture`);
  const theirs = readPdml(file);
  const ours = [...capture.value].map((packet) =>
    dissect(packet.bytes, firstLayer(packet.linkType), packet.originalLength),
  );
  expect(ours.length).toBe(theirs.length);
  return ours.map((dissection, index) => ({ dissection, tshark: theirs[index]! }));
}

const recordings = join(import.meta.dirname, '..', 'recordings');
const cases = readdirSync(recordings, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => [`${name}/lan.pcap`, `${name}/wan.pcap`]);

/** Keys seen so far on our side: a field that we leave out altogether is no disagreement. */
const made = new Set<string>();
let comparedFields = 0;

const has = ({ dissection }: Compared, fits: (layer: Layer) => boolean) => allLayers(dissection.layers).some(fits);
const quotes = (each: Compared, protocol: string) =>
  each.dissection.layers.some((layer) => allLayers(layer.quoted ?? []).some((inner) => inner.protocol === protocol));

/** tshark takes a segment for one message from its start, whatever it holds: what it says of others is not compared. */
const otherThanOneMessage = (each: Compared) =>
  each.dissection.layers.filter((layer) => layer.protocol === 'pptp').length > 1 ||
  has(each, (layer) => layer.protocol === 'pptp-continuation');

/** Inside quotations tshark stops earlier than we do. */
function keysFor(each: Compared): ReadonlySet<string> {
  const skipped: RegExp[] = [];
  if (otherThanOneMessage(each)) skipped.push(/^pptp\./);
  if (quotes(each, 'tcp')) skipped.push(/^tcp\.seq_raw$/);
  if (quotes(each, 'sctp')) skipped.push(/^sctp\./);
  return new Set([...made].filter((key) => !skipped.some((pattern) => pattern.test(key))));
}

/** Broken, too short or in pieces: how far one reads into such a packet is a matter of taste. */
const doubtful = (each: Compared) =>
  otherThanOneMessage(each) ||
  quotes(each, 'sctp') ||
  has(each, (layer) => layer.kind === 'malformed') ||
  each.tshark.protocols.some((name) => /^_ws\.(malformed|unreassembled|short)$/.test(name));

function compare(each: Compared): readonly string[] {
  for (const { key } of allFields(each.dissection.layers)) {
    if (!KEYS.has(key)) continue;
    made.add(key);
    comparedFields++;
  }
  const found: readonly Disagreement[] = [
    ...fieldDisagreements(each.dissection, each.tshark, keysFor(each)),
    ...checksumDisagreements(each.dissection, each.tshark),
    ...(doubtful(each) ? [] : protocolDisagreements(each.dissection, each.tshark)),
  ];
  return found.map(({ key, ours, theirs }) => `packet ${each.tshark.number}: ${key}: ours ${ours}; tshark ${theirs}`);
}

describe('the recordings of a real router', () => {
  test.each(cases)('%s: protocols, fields, byte ranges, values and checksums are those that tshark reads', (name) => {
    expect(readBoth(join(recordings, name)).flatMap(compare)).toEqual([]);
  });

  test('no small part of what tshark knows was compared', () => {
    expect(comparedFields).toBeGreaterThan(140_000);
    expect([...made]).toEqual(
      expect.arrayContaining(['ip.ttl', 'ip.opt.type', 'udp.length', 'icmp.code', 'sctp.chunk_type']),
    );
    expect([...made]).toEqual(
      expect.arrayContaining(['tcp.flags.syn', 'tcp.options.timestamp.tsval', 'gre.key.call_id']),
    );
    expect([...made]).toEqual(expect.arrayContaining(['pptp.peer_call_id', 'lcp.opt.mru', 'ipcp.opt.ip_address']));
  });
});

/** Every specimen in one file, one interface a link type. */
function readSpecimens(): readonly Compared[] {
  const linkTypes = { ethernet: 1, 'raw-ip': 101, null: 0, loop: 108, sll: 113, sll2: 276 } as const;
  const writer = new PcapngWriter('specimens');
  const interfaces = new Map(
    Object.entries(linkTypes).map(([name, linkType]) => [name, writer.addInterface({ linkType, name })]),
  );
  for (const { first, bytes } of specimens) writer.addPacket({ interface: interfaces.get(first)!, time: 0n, bytes });
  const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  try {
    const file = join(folder, 'specimens.pcapng');
    writeFileSync(file, writer.finish());
    return readBoth(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what the encoders write', () => {
  const both = readSpecimens();

  test('tshark finds nothing malformed and no checksum wrong', () => {
    const bad = both.filter(
      ({ tshark }) =>
        tshark.protocols.includes('_ws.malformed') ||
        tshark.fields.some(({ name, show }) => name.endsWith('.checksum.status') && show === '0'),
    );
    expect(bad.map(({ tshark }) => specimens[tshark.number - 1]!.name)).toEqual([]);
    expect(both.length).toBe(specimens.length);
  });

  test.each(specimens.map(({ name }, index) => [name, index] as const))('%s: both read the same', (_, index) => {
    expect(compare(both[index]!)).toEqual([]);
    expect(both[index]!.dissection.layers.length).toBeGreaterThan(1);
  });
});
