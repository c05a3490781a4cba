/** IPv6 addresses as text, RFC 5952: lower case, no leading zeros, the longest run of zero groups as "::". @module */
import { u16 } from '../lib/bytes.ts';

/** The 16 bytes at `at`. */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  const { from, to } = longestZeros(bytes, at);
  let text = '';
  for (let group = 0; group < 8; group++) {
    if (group === from) {
      text += '::';
      group = to - 1;
    } else {
      if (group > 0 && group !== to) text += ':';
      text += u16(bytes, at + 2 * group).toString(16);
    }
  }
  return text;
}

/** The longest run of at least two zero groups, the first where two are equally long; from = to = -1 where there is none. */
function longestZeros(bytes: Uint8Array, at: number): { readonly from: number; readonly to: number } {
  let best = { from: -1, to: -1 };
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && u16(bytes, at + 2 * to) === 0) to++;
    if (to - from > length) {
      best = { from, to };
      length = to - from;
    }
    from = Math.max(from, to);
  }
  return best;
}
