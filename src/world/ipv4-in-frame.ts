/** Finds the IPv4 packet inside a captured frame and, where the link layer says so, who handed it to whom. @module */
import type { FirstLayer } from '../capture/link-type.ts';
import { u16, u32 } from '../lib/bytes.ts';
import { IPV4 } from '../wire/ether-type.ts';
import * as ethernet from '../wire/ethernet.ts';
import * as ipv4 from '../wire/ipv4.ts';
import * as loopback from '../wire/null.ts';
import * as sll from '../wire/sll.ts';
import * as vlan from '../wire/vlan.ts';

export interface FoundPacket {
  /** From the version field to the end that its total length gives; shorter where the capture cut it. */
  readonly packet: Uint8Array;
  readonly cut: boolean;
  /** Ethernet addresses as 48-bit numbers. */
  readonly from?: number;
  readonly to?: number;
  /** Linux cooked captures: true for what the capturing machine itself sent. */
  readonly sentHere?: boolean;
}

type Carrier = Omit<FoundPacket, 'packet' | 'cut'>;

/** 802.1Q, 802.1ad, and what was used for the outer tag before that. */
const TAGS: readonly number[] = [0x8100, 0x88a8, 0x9100, 0x9200];

/** Most VLAN tags one frame is believed to carry. */
const MAX_TAGS = 4;

/** Undefined where the frame carries no IPv4, or too little of it. Looks through VLAN tags, not into tunnels. */
export function ipv4InFrame(frame: Uint8Array, first: FirstLayer): FoundPacket | undefined {
  switch (first) {
    case 'raw-ip':
      return packetIn(frame, {});
    case 'null':
    case 'loop': {
      const parsed = loopback.parse(frame);
      return parsed.ok && parsed.value.family === loopback.IPV4 ? packetIn(parsed.value.payload, {}) : undefined;
    }
    case 'sll':
    case 'sll2': {
      const parsed = sll.parse(frame, first === 'sll' ? 1 : 2);
      if (!parsed.ok) return undefined;
      const { protocol, payload, packetType } = parsed.value;
      return throughTags(protocol, payload, { sentHere: packetType === SENT_BY_US });
    }
    case 'ethernet': {
      const parsed = ethernet.parse(frame);
      if (!parsed.ok) return undefined;
      const { type, payload, source, destination } = parsed.value;
      return throughTags(type, payload, { from: hardware(source), to: hardware(destination) });
    }
  }
}

/** SLL's packet type for what the capturing machine sent. */
const SENT_BY_US = 4;

function throughTags(type: number, payload: Uint8Array, carrier: Carrier): FoundPacket | undefined {
  let inner = { type, payload };
  for (let tags = 0; tags < MAX_TAGS && TAGS.includes(inner.type); tags++) {
    const parsed = vlan.parse(inner.payload);
    if (!parsed.ok) return undefined;
    inner = parsed.value;
  }
  return inner.type === IPV4 ? packetIn(inner.payload, carrier) : undefined;
}

/** Cuts off the padding that short Ethernet frames carry. */
function packetIn(bytes: Uint8Array, carrier: Carrier): FoundPacket | undefined {
  if (bytes.length < ipv4.HEADER_LEN || bytes[0]! >>> 4 !== 4) return undefined;
  const total = u16(bytes, 2);
  // A length that cannot be is the router's to refuse, not ours to hide: it gets all there is.
  const end = total < ipv4.HEADER_LEN ? bytes.length : Math.min(total, bytes.length);
  return { packet: bytes.subarray(0, end), cut: total > bytes.length, ...carrier };
}

function hardware(address: Uint8Array): number {
  return u16(address, 0) * 0x1_0000_0000 + u32(address, 2);
}
