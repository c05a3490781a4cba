/** Wireshark judges how VPN protocols are dissected, in a real router's recordings and in what the encoders write. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstLayer } from '../../src/capture/link-type.ts';
import { openCapture } from '../../src/capture/open.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { type Dissection, dissect } from '../../src/wire/dissect.ts';
import type { Specimen } from '../wire/vpn-specimen.ts';
import { specimens } from '../wire/vpn-specimens.ts';
import { allFields, type Disagreement, fieldDisagreements, protocolDisagreements } from './agreement.ts';
import { knownFields, readPdml, type TsharkPacket } from './pdml.ts';

const FAMILIES = /^(esp|ah|isakmp|udpencap|l2tp|openvpn|wg|tls|dtls|tpkt)\./;

/** Keys on which we do not follow tshark 4.0, and why. */
const OWN_WAY: Readonly<Record<string, string>> = {
  'isakmp.typepayload': 'its range ends before the ciphertext here, which is a layer of its own',
  'isakmp.notify.data': 'tshark shows a field of no bytes where there is no data',
  'isakmp.reserved': 'tshark leaves out some of the reserved bytes',
  'isakmp.id.data': 'tshark shows a tree where we show an unknown type',
  'isakmp.cert.data': 'tshark goes on into the certificate',
  'l2tp.avp.error_code': 'tshark gives it only with a message behind it',
  'openvpn.data': 'ciphertext is a layer of its own here',
  'openvpn.net_time': 'tshark shows a date',
  'tls.record.content_type': 'tshark calls it an opaque type in TLS 1.3',
  'tls.handshake.extension.data': 'tshark takes more extensions apart',
  'tls.app_data': 'tshark leaves out records that go on in the next segment',
  'tls.record': 'tshark leaves out records that go on in the next segment',
  'tls.record.version': 'tshark leaves out records that go on in the next segment',
  'tls.record.length': 'tshark leaves out records that go on in the next segment',
};
/** Fields that are a mere range for tshark, without a value. */
const RANGES =
  /^(udpencap\.|wg\.encrypted_|tls\.change_cipher_spec|(tls|dtls)\.handshake\.(ciphersuites|comp_methods)$|dtls\.(record|handshake)$|tls\.handshake$|l2tp\.offset_padding|isakmp\.enc\.)/;

const KEYS = new Set([...knownFields()].filter((key) => FAMILIES.test(key) && !(key in OWN_WAY)));

interface Compared {
  readonly dissection: Dissection;
  readonly tshark: TsharkPacket;
}

function dissectAll(file: string): readonly Dissection[] {
  const capture = openCapture(readFileSync(file));
  if (!capture.ok) throw new Error(`${file} is no capture`);
  return [...capture.value].map((packet) => dissect(packet.bytes, firstLayer(packet.linkType), packet.originalLength));
}

function readBoth(file: string): readonly Compared[] {
  const theirs = readPdml(file);
  const ours = dissectAll(file);
  expect(ours.length).toBe(theirs.length);
  return ours.map((dissection, index) => ({ dissection, tshark: theirs[index]! }));
}

const recordings = join(import.meta.dirname, '..', 'recordings');
const cases = readdirSync(recordings)
  .filter((name) => /^(ike|l2tp|openvpn|wireguard|raw-(ah|esp|l2tpv3))/.test(name))
  .flatMap((name) => [`${name}/lan.pcap`, `${name}/wan.pcap`]);

/** The keys that we make at all, and how often in the recordings: a field we never show is no disagreement. */
const made = new Map<string, number>();
for (const name of cases)
  for (const { layers } of dissectAll(join(recordings, name)))
    for (const { key } of allFields(layers)) if (KEYS.has(key)) made.set(key, (made.get(key) ?? 0) + 1);

function fieldsFound({ dissection, tshark }: Compared): readonly Disagreement[] {
  const fields = allFields(dissection.layers);
  const own = fields.map(({ key }) => key).filter((key) => KEYS.has(key));
  // Only the value of a hidden AVP is hidden (RFC 2661 §4.3), but tshark stops at the bit that says so.
  const hidden = fields.some(({ key, value }) => key === 'l2tp.avp.hidden' && value === 1);
  const keys = [...new Set([...made.keys(), ...own])].filter(
    (key) => !(hidden && /^l2tp\.avp\.(vendor_id|type)$/.test(key)),
  );
  const values = new Set(keys.filter((key) => !RANGES.test(key)));
  const ranges = new Set(keys.filter((key) => RANGES.test(key)));
  return [...fieldDisagreements(dissection, tshark, values), ...rangeDisagreements(fields, tshark, ranges)];
}

function rangeDisagreements(
  fields: ReturnType<typeof allFields>,
  tshark: TsharkPacket,
  keys: ReadonlySet<string>,
): readonly Disagreement[] {
  return [...keys].flatMap((key) => {
    const ours = fields.filter((field) => field.key === key).map(({ offset, length }) => `${offset}+${length}`);
    const theirs = tshark.fields.filter(({ name }) => name === key).map(({ offset, length }) => `${offset}+${length}`);
    return ours.join() === theirs.join() ? [] : [{ key, ours: ours.join(), theirs: theirs.join() }];
  });
}

const where = (compared: Compared, found: readonly Disagreement[]) =>
  found.map((each) => `packet ${compared.tshark.number}: ${each.key}: ours ${each.ours}; tshark ${each.theirs}`);

describe('VPNs in the recordings of a real router', () => {
  test.each(cases)('%s: protocols, fields, byte ranges and values are those that tshark reads', (name) => {
    const found = readBoth(join(recordings, name)).flatMap((each) =>
      where(each, [...fieldsFound(each), ...protocolDisagreements(each.dissection, each.tshark)]),
    );
    expect(found).toEqual([]);
  });

  test('nothing was left out of the comparison by not being recognised', () => {
    const atLeast: Readonly<Record<string, number>> = {
      'esp.spi': 120,
      'ah.icv': 10,
      'isakmp.ispi': 200,
      'isakmp.notify.msgtype': 100,
      'isakmp.ike.attr.encryption_algorithm': 10,
      'isakmp.ike.nat_hash': 10,
      'udpencap.nat_keepalive': 30,
      'l2tp.tunnel': 300,
      'l2tp.avp.type': 400,
      'l2tp.sid': 15,
      'openvpn.opcode': 100,
      'openvpn.mpidarrayelement': 50,
      'wg.counter': 15,
      'tls.handshake.ciphersuite': 100,
    };
    const short = Object.entries(atLeast).filter(([key, count]) => (made.get(key) ?? 0) < count);
    expect(short).toEqual([]);
  });
});

/** All specimens in one file of raw IP packets, as both sides read it. */
function writeSpecimens(list: readonly Specimen[]): readonly Compared[] {
  const writer = new PcapngWriter('specimens');
  const link = writer.addInterface({ linkType: 101, name: 'wire' });
  for (const { packet } of list) writer.addPacket({ interface: link, time: 0n, bytes: packet });
  const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  try {
    const file = join(folder, 'specimens.pcapng');
    writeFileSync(file, writer.finish());
    return readBoth(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what the VPN encoders write', () => {
  const both = writeSpecimens(specimens);

  test.each(specimens.map(({ name }, index) => [name, index] as const))('%s satisfies tshark', (_, index) => {
    const each = both[index]!;
    expect(each.tshark.protocols).not.toContain('_ws.malformed');
    expect(
      each.tshark.fields.filter(({ name, show }) => name === '_ws.expert.severity' && Number(show) >= 0x800000),
    ).toEqual([]);
    const protocol = specimens[index]!.protocol;
    expect(each.dissection.layers.every((layer) => layer.kind !== 'malformed')).toBe(true);
    expect(each.tshark.protocols).toContain(protocol);
  });

  test.each(specimens.map(({ name }, index) => [name, index] as const))('%s: both read the same', (_, index) => {
    const each = both[index]!;
    expect(where(each, [...fieldsFound(each), ...protocolDisagreements(each.dissection, each.tshark)])).toEqual([]);
  });
});
