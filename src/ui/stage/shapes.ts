/** What the stage draws, as plain data: the scene makes shapes, the painter puts them on a canvas. @module */
import type { Selection } from '../session/session.ts';

/** What on the stage can be selected: everything but the fields of a packet, which the stage does not show. */
export type Target = Exclude<Selection, { readonly kind: 'field' }>;

/** Colours are named as the design names them (tokens.css, without the dashes); the painter looks them up. */
export type Ink =
  | 'paper'
  | 'card'
  | 'well'
  | 'ink'
  | 'soft'
  | 'faint'
  | 'line'
  | 'hair'
  | 'mark'
  | 'on-mark'
  | 'mark-line'
  | 'mark-row'
  | 'drop'
  | 'on-drop'
  | 'drop-tint'
  | 'ok'
  | 'ok-tint'
  | 'focus'
  | 'on-family'
  | `${'ip' | 'tcp' | 'udp' | 'pptp' | 'l2tp' | 'ipsec' | 'ppp' | 'app'}${'' | '-tint'}`;

interface Common {
  readonly alpha?: number;
}

export interface Box extends Common {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Radius of all corners, or of the left and the right ones. */
  readonly round?: number | readonly [left: number, right: number];
  readonly fill?: Ink;
  readonly stroke?: Ink;
  readonly strokeWidth?: number;
  readonly dash?: readonly [number, number];
  /** Sealed contents: the ink of the fine lines over it. */
  readonly hatched?: Ink;
  /** What a click on it selects. */
  readonly target?: Target;
}

export interface Path extends Common {
  readonly kind: 'path';
  /** SVG path data. */
  readonly d: string;
  readonly fill?: Ink;
  readonly stroke?: Ink;
  readonly strokeWidth?: number;
  readonly dash?: readonly [number, number];
}

export interface Text extends Common {
  readonly kind: 'text';
  readonly x: number;
  /** The middle of the line. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly ink: Ink;
  readonly strong?: boolean;
  readonly mono?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  /** Longer text ends in "…". */
  readonly maxWidth?: number;
}

export type Shape = Box | Path | Text;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Two strokes: the mark of a stopped packet. */
export function cross({ x, y }: Point, reach: number): string {
  return `M${x - reach} ${y - reach}L${x + reach} ${y + reach}M${x + reach} ${y - reach}L${x - reach} ${y + reach}`;
}
