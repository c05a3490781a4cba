/**
 * A run as a pcapng file for Wireshark: one interface for each place where somebody could have listened (every
 * client's and every server's own, and the WAN side of every router), with the keys that open what is encrypted.
 * The words come from outside: the world knows what happened, not how to say it.
 * @module
 */
import { LINKTYPE_RAW } from '../capture/link-type.ts';
import { SECRETS } from '../capture/pcapng-format.ts';
import { PcapngWriter } from '../capture/pcapng-writer.ts';
import { encodeUtf8 } from '../capture/utf8.ts';
import type { Secret } from '../endpoints/endpoint.ts';
import { putU32 } from '../lib/bytes.ts';
import type { Run } from './run.ts';
import type { Frame, Occurrence, TraceNode } from './trace.ts';

/** What became of a packet: what a file can say of it. */
export type Ending = Extract<Occurrence, { kind: 'routed' | 'lost' }>;

export interface ExportText {
  /** About the file as a whole. */
  readonly about: string;
  /** About a packet, by what the next router did with it or how it was lost. */
  readonly comment: (ending: Ending) => string | undefined;
}

/** The simulated world begins on 14 November 2023, at 22:13:20 UTC. */
const BEGINNING = 1_700_000_000_000_000_000n;
const KEY_LOGS = { 'tls-keylog': SECRETS.tlsKeyLog, 'wireguard-keylog': SECRETS.wireguardKeyLog } as const;

export function exportPcapng(run: Run, text: ExportText): Uint8Array {
  const writer = new PcapngWriter('Passthrough Lab', [text.about]);
  const places = addPlaces(writer, run.nodes);
  writer.addNames(run.nodes.flatMap(namesOf));
  for (const [kind, type] of Object.entries(KEY_LOGS)) {
    const lines = linesOf(run.secrets, kind);
    if (lines !== '') writer.addSecrets({ type, data: encodeUtf8(lines) });
  }
  const endings = new Map<number, Ending>();
  for (const each of run.occurrences) if (isEnding(each)) endings.set(each.frame.id, each);
  for (const { place, frame, time, direction } of seen(run.occurrences)) {
    const at = places.get(place);
    if (at === undefined) continue;
    const ending = endings.get(frame.id);
    const said = ending && text.comment(ending);
    writer.addPacket({
      interface: at,
      time: BEGINNING + BigInt(time) * 1000n,
      bytes: frame.bytes,
      direction,
      ...(said === undefined ? {} : { comments: [said] }),
    });
  }
  return writer.finish();
}

/** Keys in the formats of files that Wireshark reads by itself or is pointed to, by file name. */
export function keyFiles(secrets: readonly Secret[]): ReadonlyMap<string, string> {
  const names = {
    'esp-sa': 'esp_sa',
    'ikev2-table': 'ikev2_decryption_table',
    'tls-keylog': 'tls.keylog',
    'wireguard-keylog': 'wireguard.keylog',
  };
  const files = Object.entries(names).map(([kind, name]) => [name, linesOf(secrets, kind)] as const);
  return new Map(files.filter(([, lines]) => lines !== ''));
}

function linesOf(secrets: readonly Secret[], kind: string): string {
  const lines = new Set(secrets.filter((secret) => secret.kind === kind).map(({ line }) => `${line}\n`));
  return [...lines].join('');
}

/** A router's place is its WAN side; the LAN is seen by the clients themselves. */
function addPlaces(writer: PcapngWriter, nodes: readonly TraceNode[]): ReadonlyMap<string, number> {
  return new Map(
    nodes.map(({ id, kind, name }) => {
      const place =
        kind === 'router' ? { name: `${id} wan`, description: `${name}, WAN side` } : { name: id, description: name };
      return [id, writer.addInterface({ linkType: LINKTYPE_RAW, ...place })];
    }),
  );
}

function namesOf({ name, addresses }: TraceNode) {
  return addresses.map((address) => {
    const bytes = new Uint8Array(4);
    putU32(bytes, 0, address);
    return { address: bytes, names: [name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')] };
  });
}

interface Sighting {
  readonly place: string;
  readonly frame: Frame;
  readonly time: number;
  readonly direction: 'inbound' | 'outbound';
}

/** Every packet where it passes a place: as it is sent, and as it arrives. */
function* seen(occurrences: readonly Occurrence[]): Iterable<Sighting> {
  for (const each of occurrences) {
    const { node: place, time } = each;
    if (each.kind === 'sent') yield { place, frame: each.frame, time, direction: 'outbound' };
    else if (each.kind === 'received') yield { place, frame: each.frame, time, direction: 'inbound' };
    else if (each.kind === 'routed') {
      if (each.on === 'wan') yield { place, frame: each.frame, time, direction: 'inbound' };
      for (const [index, frame] of each.out.entries())
        if (each.outcome.out[index]!.on === 'wan') yield { place, frame, time, direction: 'outbound' };
    }
  }
}

function isEnding(occurrence: Occurrence): occurrence is Ending {
  return occurrence.kind === 'routed' || occurrence.kind === 'lost';
}
