/** Wireshark's tshark as a judge of what endpoints sent: a laboratory's packets go into a pcapng with their keys. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINKTYPE_RAW } from '../../src/capture/link-type.ts';
import { SECRETS } from '../../src/capture/pcapng-format.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { encodeUtf8 } from '../../src/capture/utf8.ts';
import type { Secret } from '../../src/endpoints/endpoint.ts';

/** What a laboratory has to show. */
export interface Recording {
  readonly sent: readonly { readonly at: number; readonly packet: Uint8Array }[];
  readonly secrets: readonly Secret[];
}

const CHECKSUMS = ['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
const WRONG =
  '_ws.malformed || _ws.expert.severity >= 0x800000 || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0';

export function pcapng(recording: Recording): Uint8Array {
  const writer = new PcapngWriter('passthrough-lab');
  const link = writer.addInterface({ linkType: LINKTYPE_RAW, name: 'wire' });
  for (const [kind, type] of [
    ['wireguard-keylog', SECRETS.wireguardKeyLog],
    ['tls-keylog', SECRETS.tlsKeyLog],
  ] as const) {
    const lines = recording.secrets.filter((secret) => secret.kind === kind).map((secret) => `${secret.line}\n`);
    if (lines.length > 0) writer.addSecrets({ type, data: encodeUtf8(lines.join('')) });
  }
  for (const { at, packet } of recording.sent)
    writer.addPacket({ interface: link, time: 1_700_000_000_000_000_000n + BigInt(at) * 1000n, bytes: packet });
  return writer.finish();
}

/** Answers for each packet that passes the display filter its fields, joined by "|". */
export function dissected(
  recording: Recording,
  filter: string,
  fields: readonly string[],
  options: readonly string[] = [],
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  try {
    const path = join(folder, 'recording.pcapng');
    writeFileSync(path, pcapng(recording));
    const wanted = fields.flatMap((field) => ['-e', field]);
    const select = filter === '' ? [] : ['-Y', filter];
    const all = [
      '-n',
      '-2',
      '-r',
      path,
      ...CHECKSUMS,
      ...options,
      ...select,
      '-T',
      'fields',
      '-E',
      'separator=|',
      ...wanted,
    ];
    const text = execFileSync('tshark', all, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
    return text === '' ? [] : text.replace(/\n$/, '').split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every packet that tshark finds malformed, wrongly summed or in error, with its reason. */
export function faults(recording: Recording, options: readonly string[] = []): readonly string[] {
  return dissected(
    recording,
    WRONG,
    ['frame.number', '_ws.col.Protocol', '_ws.col.Info', '_ws.expert.message'],
    options,
  );
}
