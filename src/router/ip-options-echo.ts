/**
 * The IPv4 options of an answer that a router gives itself: the question's, written on, and its source route taken back.
 * Source: Linux ip_options.c (__ip_options_echo, ip_options_build); RFC 1122 §3.2.1.8, RFC 1812 §5.2.4.3.
 * @module
 */
import { i32, putU32, u32Bytes } from '../lib/bytes.ts';
import { END, type Options } from './ip-options.ts';

export interface EchoedOptions {
  /** Padded to whole words. */
  readonly bytes: Uint8Array;
  /** The sender's address on the way it takes. */
  readonly source: number;
  /** Where a source route, taken back, leads first. */
  readonly firstHop?: number;
}

interface Sender {
  readonly destination: number;
  /** The address by which it speaks to somebody. */
  readonly sourceToward: (destination: number) => number;
  readonly time: number;
}

/**
 * The options of an answer: the question's, as they stand after this router wrote itself into them, and then written
 * into once more by the router as the sender of the answer. Undefined where there is half a slot left.
 */
export function echoOptions(bytes: Uint8Array, options: Options, sender: Sender): EchoedOptions | undefined {
  const copy = (at: number): Uint8Array => bytes.slice(at, at + bytes[at + 1]!);
  const parts: number[] = [];
  const back = options.sourceRoute ? routeBack(copy(options.sourceRoute), sender) : undefined;
  const source = sender.sourceToward(back?.firstHop ?? sender.destination);
  if (options.recordRoute) {
    const option = copy(options.recordRoute);
    if (!echoRecord(option, options, source)) return undefined;
    parts.push(...option);
  }
  if (options.timestamp) {
    const option = copy(options.timestamp);
    if (!echoStamp(option, options, source, sender.time)) return undefined;
    parts.push(...option);
  }
  if (back) parts.push(...back.option);
  if (options.cipso) parts.push(...copy(options.cipso));
  while (parts.length % 4 !== 0) parts.push(END);
  return { bytes: Uint8Array.from(parts), source, ...(back ? { firstHop: back.firstHop } : {}) };
}

/** The hops already taken, in reverse, and the sender at the end (RFC 1122 §3.2.1.8c). */
function routeBack(
  option: Uint8Array,
  sender: Sender,
): { readonly option: readonly number[]; readonly firstHop: number } | undefined {
  const pointer = Math.min(option[2]!, option.length + 1);
  const hops: Uint8Array[] = [];
  for (let at = pointer - 4; at > 3; at -= 4) hops.push(option.slice(at - 1, at + 3));
  const first = hops.shift();
  if (!first) return undefined;
  // RFC 1812 §5.2.4.3: a route that began with its own sender is put right.
  const last = hops.at(-1) ?? first;
  if (i32(last, 0) === (sender.destination | 0)) {
    if (hops.length === 0) return undefined;
    hops.pop();
  }
  const route = [...hops.flatMap((hop) => [...hop]), ...u32Bytes(sender.destination)];
  return { option: [option[0]!, route.length + 3, 4, ...route], firstHop: i32(first, 0) };
}

function echoRecord(option: Uint8Array, options: Options, source: number): boolean {
  const pointer = option[2]!;
  if (!options.recordNeedsAddress || pointer > option.length) return true;
  if (pointer + 3 > option.length) return false;
  putU32(option, pointer - 1, source);
  option[2] = pointer + 4;
  return true;
}

function echoStamp(option: Uint8Array, options: Options, source: number, time: number): boolean {
  let pointer = option[2]!;
  if (pointer > option.length) return true;
  const { address, time: needsTime } = options.timestampNeeds;
  if (address) {
    if (pointer + 3 > option.length) return false;
    putU32(option, pointer - 1, source);
    pointer += 4;
  }
  // Slots that the sender filled in advance (flag 3) belong to others; the next is not ours.
  const prespecified = (option[3]! & 15) === 3;
  if (needsTime) {
    if (pointer + 3 > option.length) return false;
    if (!prespecified) {
      putU32(option, pointer - 1, time);
      pointer += 4;
    }
  }
  option[2] = pointer;
  return true;
}
