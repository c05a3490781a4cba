/** UTF-8 as the engine's own: the language has none, and the engine uses nothing of a browser or of Node. @module */

const REPLACEMENT = 0xfffd;

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) code = REPLACEMENT;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return Uint8Array.from(bytes);
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** Never fails: each part that is not UTF-8 becomes one U+FFFD, by the rule of Unicode's "maximal subpart". */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at++]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more =
      first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
    let code = more === 0 ? REPLACEMENT : first & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = bytes[at] ?? 0;
      if (!continues(first, i, next)) {
        code = REPLACEMENT;
        break;
      }
      code = (code << 6) | (next & 0x3f);
      at++;
    }
    text += String.fromCodePoint(code);
  }
  return text;
}

/** Whether a byte may stand here; the first byte after some leads is narrower, which rules out overlong forms. */
function continues(lead: number, index: number, byte: number): boolean {
  if (index > 0) return byte >= 0x80 && byte < 0xc0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}
