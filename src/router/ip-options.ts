/**
 * IPv4 options as a router treats them: record route and time stamp are filled in, source routes are refused (Linux
 * accepts none by default), what is malformed is answered with "parameter problem".
 * Source: Linux ip_options.c (__ip_options_compile, ip_forward_options); RFC 791 §3.1.
 * @module
 */
import { i32, putU32 } from '../lib/bytes.ts';

/** Ends the options, and fills what is left of their last word. */
export const END = 0;
const NOP = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_ROUTE = 131;
const ROUTER_ALERT = 148;
const STRICT_ROUTE = 137;
const CIPSO = 134;

export interface Options {
  /** Offset of a byte that makes no sense; the packet is answered with "parameter problem" there. */
  readonly problemAt?: number;
  /** Offset of a source route from the start of the packet; 0 where there is none. */
  readonly sourceRoute: number;
  /** Offsets from the start of the packet; 0 where the option is absent. */
  readonly recordRoute: number;
  readonly timestamp: number;
  readonly cipso: number;
  /** This router still has to write its address into the record. */
  readonly recordNeedsAddress: boolean;
  readonly timestampNeeds: { readonly address: boolean; readonly time: boolean };
  readonly changed: boolean;
}

export interface OptionContext {
  /** The address by which this router speaks to the sender. */
  readonly facing: number;
  /** Milliseconds since midnight UT. */
  readonly time: number;
  readonly isOwn: (address: number) => boolean;
}

interface Scan {
  sourceRoute: number;
  recordRoute: number;
  timestamp: number;
  cipso: number;
  recordNeedsAddress: boolean;
  needsAddress: boolean;
  needsTime: boolean;
  changed: boolean;
}

/** Reads the options of the header in `bytes` and writes what this router must add at this point. */
export function processOptions(bytes: Uint8Array, headerLength: number, context: OptionContext): Options {
  const scan: Scan = {
    sourceRoute: 0,
    recordRoute: 0,
    timestamp: 0,
    cipso: 0,
    recordNeedsAddress: false,
    needsAddress: false,
    needsTime: false,
    changed: false,
  };
  let problemAt: number | undefined;
  for (let at = 20; at < headerLength && problemAt === undefined; ) {
    const kind = bytes[at]!;
    if (kind === END) {
      for (at++; at < headerLength; at++) {
        if (bytes[at] !== END) scan.changed = true;
        bytes[at] = END;
      }
      break;
    }
    if (kind === NOP) {
      at++;
      continue;
    }
    const length = at + 1 < headerLength ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > headerLength) problemAt = at;
    else problemAt = processOne(bytes, at, length, scan, context);
    at += length;
  }
  return {
    ...(problemAt === undefined ? {} : { problemAt }),
    sourceRoute: scan.sourceRoute,
    recordRoute: scan.recordRoute,
    timestamp: scan.timestamp,
    cipso: scan.cipso,
    recordNeedsAddress: scan.recordNeedsAddress,
    timestampNeeds: { address: scan.needsAddress, time: scan.needsTime },
    changed: scan.changed,
  };
}

/** Answers the offset of the offending byte, or undefined. */
function processOne(
  bytes: Uint8Array,
  at: number,
  length: number,
  scan: Scan,
  context: OptionContext,
): number | undefined {
  switch (bytes[at]) {
    case STRICT_ROUTE:
    case LOOSE_ROUTE:
      if (length < 3) return at + 1;
      if (bytes[at + 2]! < 4) return at + 2;
      if (scan.sourceRoute) return at;
      scan.sourceRoute = at;
      return undefined;
    case RECORD_ROUTE:
      return record(bytes, at, length, scan, context);
    case TIMESTAMP:
      return stamp(bytes, at, length, scan, context);
    case ROUTER_ALERT:
      return length < 4 ? at + 1 : undefined;
    case CIPSO:
      return cipso(bytes, at, length, scan);
    default:
      return undefined;
  }
}

function record(bytes: Uint8Array, at: number, length: number, scan: Scan, context: OptionContext): number | undefined {
  if (scan.recordRoute) return at;
  if (length < 3) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < 4) return at + 2;
  if (pointer <= length) {
    if (pointer + 3 > length) return at + 2;
    putU32(bytes, at + pointer - 1, context.facing);
    bytes[at + 2] = pointer + 4;
    scan.recordNeedsAddress = true;
    scan.changed = true;
  }
  scan.recordRoute = at;
  return undefined;
}

/** Flag nibble: 0 times only, 1 addresses and times, 3 addresses given by the sender. */
function stamp(bytes: Uint8Array, at: number, length: number, scan: Scan, context: OptionContext): number | undefined {
  if (scan.timestamp) return at;
  if (length < 4) return at + 1;
  const pointer = bytes[at + 2]!;
  if (pointer < 5) return at + 2;
  const flag = bytes[at + 3]! & 15;
  if (pointer <= length) {
    const wrong = stampInto(bytes, at, length, pointer, flag, scan, context);
    if (wrong !== undefined) return wrong;
  } else if (flag !== 3) {
    const overflow = bytes[at + 3]! >>> 4;
    if (overflow === 15) return at + 3;
    bytes[at + 3] = flag | ((overflow + 1) << 4);
    scan.changed = true;
  }
  scan.timestamp = at;
  return undefined;
}

function stampInto(
  bytes: Uint8Array,
  at: number,
  length: number,
  pointer: number,
  flag: number,
  scan: Scan,
  context: OptionContext,
): number | undefined {
  if (pointer + 3 > length) return at + 2;
  const slot = at + pointer - 1;
  if (flag === 0) {
    putU32(bytes, slot, context.time);
    bytes[at + 2] = pointer + 4;
  } else if (flag === 1 || flag === 3) {
    if (pointer + 7 > length) return at + 2;
    if (flag === 3) {
      if (!context.isOwn(i32(bytes, slot))) return undefined;
    } else {
      putU32(bytes, slot, context.facing);
      scan.needsAddress = true;
    }
    putU32(bytes, slot + 4, context.time);
    bytes[at + 2] = pointer + 8;
  } else return undefined;
  scan.needsTime = true;
  scan.changed = true;
  return undefined;
}

/** A security label is checked for its form, whether labels are used or not (cipso_v4_validate). */
function cipso(bytes: Uint8Array, at: number, length: number, scan: Scan): number | undefined {
  if (scan.cipso) return at;
  scan.cipso = at;
  if (length < 8) return at + 1;
  if (i32(bytes, at + 2) === 0) return at + 2;
  for (let tag = 6; tag < length; ) {
    if (tag + 1 === length) return at + tag;
    const size = bytes[at + tag + 1]!;
    if (size === 0 || size > length - tag) return at + tag + 1;
    tag += size;
  }
  return undefined;
}

/** On the way out the recorded address becomes that of the interface the packet leaves by. */
export function finishRecordRoute(bytes: Uint8Array, option: number, outside: number): void {
  putU32(bytes, option + bytes[option + 2]! - 5, outside);
}
