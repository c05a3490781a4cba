/**
 * Trackers of the protocols without a connection of their own: UDP, UDP-Lite, ICMP queries, GRE, and all the rest.
 * Source: Linux nf_conntrack_proto_{udp,icmp,gre,generic}.c.
 * @module
 */
import { u16 } from '../../lib/bytes.ts';
import { checksum, pseudoSum } from '../../wire/checksum.ts';
import type { Packet } from '../packet.ts';
import { ASSURED, SEEN_REPLY } from './record.ts';
import type { ConnectionTable } from './table.ts';
import { isConfirmed, refresh, type Tracker, type TrackerAnswer, type Tracking } from './tracker.ts';
import { Tuple } from './tuple.ts';

export const trackUdp: Tracker = (tracking, packet, entry, _direction, hook) => {
  const { bytes, headerLength: at } = packet;
  const data = packet.dataLength;
  if (data < 8) return 'truncated';
  const length = u16(bytes, at + 4);
  if (length > data || length < 8) return 'length';
  if (u16(bytes, at + 6) !== 0 && hook === 'prerouting') {
    // The kernel sums to the end of the packet, whatever the UDP length says (nf_ip_checksum).
    const rest = checksum(bytes, at, packet.length, pseudoSum(packet.source, packet.destination, 17, data));
    if (rest !== 0) return 'checksum';
  }
  renewDatagram(tracking, entry, tracking.timeouts.udp, tracking.timeouts.udpStream);
  return 'accept';
};

function renewDatagram(tracking: Tracking, entry: number, unreplied: number, stream: number): void {
  const { table, now } = tracking;
  if (!isConfirmed(tracking, entry)) table.setStreamFrom(entry, now + tracking.streamAge);
  if (!table.has(entry, SEEN_REPLY)) {
    refresh(tracking, entry, unreplied);
    return;
  }
  const isStream = now > table.streamFrom(entry);
  refresh(tracking, entry, isStream ? stream : unreplied);
  if (isStream) table.set(entry, ASSURED);
}

/**
 * UDP-Lite, RFC 3828. The kernel verifies with UDP's protocol number in the pseudo-header, and with length and protocol
 * exchanged, of which only the low byte counts (udplite_error, nf_ip_checksum_partial): so every right checksum is
 * wrong to it and the packet INVALID. Copied here, as the wire shows it.
 */
export const trackUdpLite: Tracker = (tracking, packet, entry, _direction, hook) => {
  const { bytes, headerLength: at } = packet;
  const data = packet.dataLength;
  if (data < 8) return 'truncated';
  const coverage = u16(bytes, at + 4) || data;
  if (coverage < 8 || coverage > data) return 'udplite-coverage';
  if (u16(bytes, at + 6) === 0) return 'checksum';
  if (hook === 'prerouting') {
    const pseudo = pseudoSum(packet.source, packet.destination, data & 0xff, 17);
    if (checksum(bytes, at, at + coverage, pseudo) !== 0) return 'checksum';
  }
  const { table, timeouts } = tracking;
  const replied = table.has(entry, SEEN_REPLY);
  refresh(tracking, entry, replied ? timeouts.udpStream : timeouts.udp);
  if (replied) table.set(entry, ASSURED);
  return 'accept';
};

const original = new Tuple();

/** Only questions open an entry: echo, timestamp, information, address mask. */
export const trackIcmp: Tracker = (tracking, _packet, entry) => {
  const type = (tracking.table.tuple(entry, 0, original).keys >>> 8) & 0xff;
  if (type !== 8 && type !== 13 && type !== 15 && type !== 17) return 'icmp-unknown-flow';
  refresh(tracking, entry, tracking.timeouts.icmp);
  return 'accept';
};

/** State words of a GRE entry: timeouts of its own, 0 where it has none. */
const OWN_TIMEOUT = 0;
const OWN_STREAM_TIMEOUT = 1;

/** Gives a GRE entry timeouts of its own, as the PPTP helper of older kernels does. */
export function setGreTimeouts(table: ConnectionTable, entry: number, unreplied: number, stream: number): void {
  table.setState(entry, OWN_TIMEOUT, unreplied);
  table.setState(entry, OWN_STREAM_TIMEOUT, stream);
}

export const trackGre: Tracker = (tracking, _packet, entry): TrackerAnswer => {
  const { table, timeouts } = tracking;
  const replied = table.has(entry, SEEN_REPLY);
  const unreplied = table.state(entry, OWN_TIMEOUT) || timeouts.gre;
  const stream = table.state(entry, OWN_STREAM_TIMEOUT) || timeouts.greStream;
  refresh(tracking, entry, replied ? stream : unreplied);
  if (replied) table.set(entry, ASSURED);
  return 'accept';
};

/** ESP, AH, L2TPv3, IPIP and whatever else: addresses are all there is to go by. */
export const trackGeneric: Tracker = (tracking, _packet: Packet, entry) => {
  refresh(tracking, entry, tracking.timeouts.generic);
  return 'accept';
};
