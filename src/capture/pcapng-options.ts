/** The option lists at the end of pcapng blocks. @module */
import { NO_COMMENTS } from './packet.ts';
import { OPTION, padded } from './pcapng-format.ts';
import { decodeUtf8 } from './utf8.ts';

/** A stretch of the file in one byte order. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly little: boolean;
  readonly from: number;
  readonly to: number;
}

/** Calls `visit` for each whole option. A list that is cut or does not end is used up to where it makes sense. */
export function eachOption(span: Span, visit: (code: number, value: Span) => void): void {
  const { view, little, to } = span;
  let at = span.from;
  while (at + 4 <= to) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === OPTION.end || at + 4 + length > to) return;
    visit(code, { ...span, from: at + 4, to: at + 4 + length });
    at += 4 + padded(length);
  }
}

export function text(span: Span): string {
  let to = span.to;
  // Text is not to end in zero bytes, yet some writers count them in.
  while (to > span.from && span.bytes[to - 1] === 0) to--;
  return decodeUtf8(span.bytes.subarray(span.from, to));
}

/** An unsigned 64-bit value; undefined where the option has another length. */
export function u64(span: Span): bigint | undefined {
  return span.to - span.from === 8 ? span.view.getBigUint64(span.from, span.little) : undefined;
}

export function commentsOf(span: Span): readonly string[] {
  if (span.to - span.from < 4) return NO_COMMENTS;
  const comments: string[] = [];
  eachOption(span, (code, value) => {
    if (code === OPTION.comment) comments.push(text(value));
  });
  return comments.length > 0 ? comments : NO_COMMENTS;
}
