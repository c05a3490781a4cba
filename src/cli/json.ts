/**
 * Engine data as JSON for people and other programs: addresses as dotted text, bytes as hex, and whole numbers too
 * large for JSON as text. Everything else keeps the names and shapes of the engine's types.
 * @module
 */
import { toHex } from '../lib/bytes.ts';
import { formatIpv4 } from '../wire/address.ts';

/** Names under which the engine keeps an IPv4 address as a number. */
const ADDRESSES: ReadonlySet<string> = new Set(['address', 'destination', 'client']);

export function toJson(data: unknown): string {
  return JSON.stringify(data, (name: string, value: unknown) => {
    if (typeof value === 'number' && ADDRESSES.has(name)) return formatIpv4(value);
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (value instanceof Uint8Array) return toHex(value);
    return value;
  });
}
