/** Writing and reading the attribute-value pairs of L2TP control messages by name. RFC 2661 §4.4, RFC 3931 §5.4. @module */
import { type Avp, avp } from '../wire/l2tp-avp.ts';
import { AVPS } from '../wire/l2tp-names.ts';

export const MESSAGE = {
  SCCRQ: 1,
  SCCRP: 2,
  SCCCN: 3,
  StopCCN: 4,
  HELLO: 6,
  ICRQ: 10,
  ICRP: 11,
  ICCN: 12,
  CDN: 14,
  SLI: 16,
  ACK: 20,
} as const;

export const AVP = {
  messageType: 0,
  resultCode: 1,
  protocolVersion: 2,
  framingCapabilities: 3,
  bearerCapabilities: 4,
  firmwareRevision: 6,
  hostName: 7,
  vendorName: 8,
  assignedTunnelId: 9,
  receiveWindow: 10,
  challenge: 11,
  challengeResponse: 13,
  assignedSessionId: 14,
  callSerialNumber: 15,
  bearerType: 18,
  framingType: 19,
  connectSpeed: 24,
  routerId: 60,
  assignedConnectionId: 61,
  pseudowireCapabilities: 62,
  localSessionId: 63,
  remoteSessionId: 64,
  assignedCookie: 65,
  remoteEndId: 66,
  pseudowireType: 68,
  circuitStatus: 71,
} as const;

/** StopCCN's result codes, RFC 2661 §4.4.2. */
export const STOP = { general: 1, error: 2, notAuthorised: 4, badVersion: 5, shutdown: 6 } as const;
/** CDN's. */
export const DISCONNECT = { carrierLost: 1, error: 2, admin: 3, noResources: 4 } as const;
/** General error codes that go with result 2. */
export const ERROR = { badValue: 3, noSession: 1, unknownMandatory: 8 } as const;

/** Version 1, revision 0: what L2TPv2 calls itself. */
export const PROTOCOL_VERSION = Uint8Array.of(1, 0);

/** A message: its type first, then what else it says, in the order given. */
export function message(type: number, ...rest: readonly (readonly [type: number, value: Avp['value']])[]): Avp[] {
  return [avp(AVP.messageType, type), ...rest.map(([each, value]) => avp(each, value))];
}

export function resultCode(result: number, error?: number): Uint8Array {
  const bytes = [result >>> 8, result & 255, ...(error === undefined ? [] : [error >>> 8, error & 255])];
  return Uint8Array.from(bytes);
}

/** The number of the AVP of that type; undefined where there is none, or it is not readable as a number. */
export function numberOf(avps: readonly Avp[], type: number): number | undefined {
  const value = find(avps, type)?.value;
  return typeof value === 'number' ? value : undefined;
}

export function bytesOf(avps: readonly Avp[], type: number): Uint8Array | undefined {
  const value = find(avps, type)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** Result code of a StopCCN or CDN. */
export function resultOf(avps: readonly Avp[]): number | undefined {
  const value = bytesOf(avps, AVP.resultCode);
  return value && value.length >= 2 ? (value[0]! << 8) | value[1]! : undefined;
}

/** §4.2: who does not know an AVP that is marked mandatory must give up the tunnel or the call. */
export function isUnderstood(avps: readonly Avp[]): boolean {
  return avps.every((each) => !each.mandatory || (each.vendor === 0 && !each.hidden && AVPS[each.type] !== undefined));
}

function find(avps: readonly Avp[], type: number): Avp | undefined {
  return avps.find((each) => each.vendor === 0 && each.type === type && !each.hidden);
}
