/**
 * The simplest box that translates, for tests of endpoints without a router: UDP by port, everything else by address
 * alone, the newest inside host getting all that comes back. What a real router does is `src/router`'s business.
 */
import { u16 } from '../../src/lib/bytes.ts';
import { inPrefix, type Prefix } from '../../src/wire/address.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';

interface Mapping {
  readonly protocol: number;
  readonly inside: number;
  readonly insidePort: number;
  readonly outsidePort: number;
}

const FIRST_DRAWN = 61000;

export class NatBox {
  private readonly inside: Prefix;
  private readonly outside: number;
  /** What could be heard on the outside, as `LabOptions.filter` was told it. */
  readonly heard: { readonly at: number; readonly packet: Uint8Array }[] = [];
  private mappings: readonly Mapping[] = [];
  private next = FIRST_DRAWN;
  /** Whether ports that hosts had before are given away. */
  private taken = false;

  constructor(inside: Prefix, outside: number) {
    this.inside = inside;
    this.outside = outside;
  }

  /** Forgets its mappings, as after a long silence; a host that speaks again is given new ports. */
  forget(): void {
    this.mappings = [];
    this.taken = true;
  }

  /** For `LabOptions.filter`. */
  readonly filter = (packet: Uint8Array, _from = '', at = 0): Uint8Array | undefined => {
    const parsed = ipv4.parse(packet);
    if (!parsed.ok) return undefined;
    const fields = parsed.value;
    const outbound = inPrefix(fields.source, this.inside) ? this.outbound(fields) : undefined;
    this.heard.push({ at, packet: outbound ?? packet });
    return outbound ?? (fields.destination === this.outside ? this.inbound(fields) : packet);
  };

  private outbound(fields: ipv4.Fields): Uint8Array {
    const hasPorts = fields.protocol === udp.PROTOCOL;
    const insidePort = hasPorts ? u16(fields.payload, 0) : 0;
    const known = this.mappings.find(
      ({ protocol, inside, insidePort: port }) =>
        protocol === fields.protocol && inside === fields.source && port === insidePort,
    );
    const mapping = known ?? this.map(fields.protocol, fields.source, insidePort, hasPorts);
    return this.rewritten({ ...fields, source: this.outside, ttl: fields.ttl - 1 }, 'source', mapping.outsidePort);
  }

  private inbound(fields: ipv4.Fields): Uint8Array | undefined {
    const port = fields.protocol === udp.PROTOCOL ? u16(fields.payload, 2) : 0;
    const mapping = this.mappings.findLast(
      ({ protocol, outsidePort }) => protocol === fields.protocol && outsidePort === port,
    );
    if (!mapping) return undefined;
    return this.rewritten(
      { ...fields, destination: mapping.inside, ttl: fields.ttl - 1 },
      'destination',
      mapping.insidePort,
    );
  }

  private map(protocol: number, inside: number, insidePort: number, hasPorts: boolean): Mapping {
    const used =
      this.taken || this.mappings.some((each) => each.protocol === protocol && each.outsidePort === insidePort);
    const mapping = { protocol, inside, insidePort, outsidePort: hasPorts && used ? this.next++ : insidePort };
    this.mappings = [...this.mappings, mapping];
    return mapping;
  }

  private rewritten(fields: ipv4.Fields, end: 'source' | 'destination', port: number): Uint8Array {
    if (fields.protocol !== udp.PROTOCOL) return ipv4.encode(fields);
    const parsed = udp.parse(fields.payload);
    if (!parsed.ok) return ipv4.encode(fields);
    const ports = { ...parsed.value, ...(end === 'source' ? { sourcePort: port } : { destinationPort: port }) };
    const checked = u16(fields.payload, 6) !== 0;
    return ipv4.encode({ ...fields, payload: checked ? udp.encode(ports, fields) : udp.encode(ports) });
  }
}
