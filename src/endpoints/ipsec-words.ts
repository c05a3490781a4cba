/**
 * What the people at an IPsec connection see when it fails: strongSwan's log lines, the numbers Windows shows, and the
 * counters of Linux (/proc/net/xfrm_stat) for packets that were thrown away in silence.
 * @module
 */
import { formatIpv4 } from '../wire/address.ts';
import { EXCHANGES, NOTIFIES } from '../wire/ikev2-names.ts';
import type { Symptom } from './endpoint.ts';
import { EXCHANGE, NOTIFY } from './ike-numbers.ts';
import type { Discard } from './ipsec-data-plane.ts';

/** Whether Windows thinks of it as "IKEv2" or as "L2TP/IPsec": it has different numbers for the same trouble. */
export type WindowsKind = 'ikev2' | 'l2tp';

interface Numbered {
  readonly code: string;
  readonly text: string;
}

const WINDOWS = {
  '789':
    'The L2TP connection attempt failed because the security layer encountered a processing error during initial negotiations with the remote computer.',
  '792': 'The L2TP connection attempt failed because security negotiation timed out.',
  '807': 'The network connection between your computer and the VPN server was interrupted.',
  '809':
    'The network connection between your computer and the VPN server could not be established because the remote server is not responding.',
  '13801': 'IKE authentication credentials are unacceptable.',
  '13805': 'Negotiation timed out.',
  '13868': 'Policy match error.',
  '13999': 'The traffic selectors are unacceptable.',
} as const;

const windows = (code: keyof typeof WINDOWS): Numbered => ({ code, text: WINDOWS[code] });

/** RFC 7296's exchange names, as people write them. */
const exchangeName = (exchange: number) => EXCHANGES[exchange] ?? `exchange ${exchange}`;

/** Nobody answered a request, five retransmissions included. */
export function noAnswer(exchange: number, peer: string, wentUp: boolean, kind: WindowsKind): readonly Symptom[] {
  const missing = `no answer to ${exchangeName(exchange)} from ${peer} within 165 s`;
  const text = wentUp ? 'giving up after 5 retransmits' : 'establishing IKE_SA failed, peer not responding';
  return [
    { system: 'strongswan', text, missing },
    { system: 'windows', ...timedOut(exchange, wentUp, kind), missing },
  ];
}

function timedOut(exchange: number, wentUp: boolean, kind: WindowsKind): Numbered {
  if (wentUp) return windows('807');
  if (exchange === EXCHANGE.init) return windows('809');
  return windows(kind === 'l2tp' ? '792' : '13805');
}

/** The peer answered with an error notify. */
export function refused(type: number, peer: string, kind: WindowsKind): readonly Symptom[] {
  const name = NOTIFIES[type] ?? `notify ${type}`;
  const text =
    type === NOTIFY.tsUnacceptable
      ? 'received TS_UNACCEPTABLE notify, no CHILD_SA built'
      : `received ${name} notify error`;
  const missing = `${peer} refused with ${name}`;
  return [
    { system: 'strongswan', text, missing },
    { system: 'windows', ...refusal(type, kind), missing },
  ];
}

function refusal(type: number, kind: WindowsKind): Numbered {
  if (kind === 'l2tp') return windows('789');
  if (type === NOTIFY.authenticationFailed) return windows('13801');
  return windows(type === NOTIFY.tsUnacceptable ? '13999' : '13868');
}

/** The peer could not prove who it is. */
export function badProof(peer: string, kind: WindowsKind): readonly Symptom[] {
  const missing = `the AUTH payload of ${peer} does not fit our shared key`;
  return [
    { system: 'strongswan', text: `tried 1 shared key for '${peer}', but MAC mismatched`, missing },
    { system: 'windows', ...windows(kind === 'l2tp' ? '789' : '13801'), missing },
  ];
}

/** The keys are there, and yet nothing comes through. */
export function silence(asked: number, answered: number, target: number, carrier: string): Symptom {
  const loss = Math.round((100 * (asked - answered)) / asked);
  return {
    system: 'ping',
    text: `${asked} packets transmitted, ${answered} received, ${loss}% packet loss`,
    missing: `no echo reply from ${formatIpv4(target)}: ${carrier} went out, nothing came back`,
  };
}

const COUNTER: Readonly<Record<Discard['why'], string>> = {
  'no-sa': 'XfrmInNoStates',
  'bad-icv': 'XfrmInStateProtoError',
  replayed: 'XfrmInStateSeqError',
  malformed: 'XfrmInHdrError',
  selectors: 'XfrmInTmplMismatch',
  'inner-checksum': 'InCsumErrors',
};

/** A packet that was thrown away; all its user could see is a counter. */
export function discarded({ why, protocol, spi, source, peer }: Discard): Symptom {
  const packet = `${protocol.toUpperCase()} packet for SPI 0x${spi.toString(16).padStart(8, '0')} from ${formatIpv4(source)}`;
  return { system: 'linux', code: COUNTER[why], text: `${packet} discarded`, missing: reason(why, packet, peer) };
}

function reason(why: Discard['why'], packet: string, peer = 'the peer'): string {
  switch (why) {
    case 'no-sa':
      return `no security association has the SPI of this ${packet}`;
    case 'bad-icv':
      return `the integrity check of this ${packet} does not match: ${packet.startsWith('AH') ? 'it covers the IP addresses too, and something it covers' : 'something it covers'} changed on the way, or the keys differ`;
    case 'replayed':
      return `the sequence number of this ${packet} was seen before or is too old`;
    case 'malformed':
      return `this ${packet} cannot be read`;
    case 'selectors':
      return `what came out of this ${packet} is not what the association with ${peer} is for`;
    case 'inner-checksum':
      return `the checksum inside this ${packet} covers the addresses from before the NAT, and nobody mended it`;
  }
}
