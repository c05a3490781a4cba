/** The router's table as the stage shows it inside the router: as many lines as there is room for. @module */
import { protocolName } from '../../explain/words.ts';
import type { EntryView } from '../../router/outcome.ts';
import { entryState, entryText, familyOfEntry, losesAnswers } from '../model/entry.ts';
import { findField } from '../model/packet.ts';
import type { StepView } from '../model/step-view.ts';
import type { TableRow } from '../model/table.ts';
import type { Rect } from './layout.ts';
import type { Box, Shape, Text } from './shapes.ts';

const ROW = 24;
/** With a second line for the far end and the state. */
const TALL_ROW = 38;
const LOW_ROW = 20;
const HEAD = 10;
/** Past the protocol's name. */
const INDENT = 36;
const NARROW = 190;
/** Of the monospaced text, and how wide a letter of it is. */
const SIZE = 10;
const LETTER = 6.05;
/** Of the second line, one letter. */
const SMALL = 5.6;

interface TableState {
  readonly rows: readonly TableRow[];
  /** Id of the selected entry. */
  readonly selected: number | undefined;
  /** What the stopped packet asked the table for, and did not find. */
  readonly stray: string | undefined;
  /** What to say where there is no entry. */
  readonly empty: string;
}

export function tableLines(state: TableState, place: Rect): readonly Shape[] {
  const { rows, selected, stray, empty } = state;
  if (place.height < HEAD + 14) return [];
  const space = place.height - HEAD - (stray ? ROW : 0);
  const height = rows.length * TALL_ROW <= space ? TALL_ROW : rows.length * ROW <= space ? ROW : LOW_ROW;
  const shown = worthShowing(rows, Math.max(0, Math.floor(space / height)));
  const hidden = rows.length - shown.length;
  let y = place.y + HEAD;
  const line = (high: number): Rect => ({ x: place.x, y, width: place.width, height: high - (high > LOW_ROW ? 4 : 2) });
  const shapes: Shape[] =
    rows.length === 0 && !stray ? [{ ...label(place.x + 2, y, empty), size: 11 }] : heads(place, hidden);
  for (const row of shown) {
    shapes.push(...entryLine(row, line(height), row.entry.id === selected, height === TALL_ROW));
    y += height;
  }
  if (stray) shapes.push(...strayLine(stray, line(ROW)));
  return shapes;
}

function heads(place: Rect, hidden: number): Shape[] {
  const { x, y, width } = place;
  return [
    label(x + INDENT, y, 'inside'),
    { ...label(x + width - 8, y, 'outside'), align: 'right' },
    ...(hidden > 0
      ? [{ ...label(x + width / 2 + 8, y, width < NARROW ? `+${hidden}` : `${hidden} more`), align: 'center' as const }]
      : []),
  ];
}

/** Where not all fit: those that this step has to do with, and of the others the newest. */
function worthShowing(rows: readonly TableRow[], most: number): readonly TableRow[] {
  if (rows.length <= most) return rows;
  const touched = (row: TableRow) => row.inTheWay || row.used || row.change !== undefined;
  const kept = new Set([...rows.filter(touched), ...rows.filter((row) => !touched(row)).reverse()].slice(0, most));
  return rows.filter((row) => kept.has(row));
}

function label(x: number, y: number, text: string): Text {
  return { kind: 'text', x, y, text, size: 10.5, ink: 'soft' };
}

function entryLine(row: TableRow, rect: Rect, selected: boolean, tall: boolean): readonly Shape[] {
  const { entry, change } = row;
  const { inside, remote, outsideKey, protocol, plain } = entryText(entry);
  const gone = change?.kind === 'removed';
  const fate = gone ? 'removed' : fateOf(entry, plain, outsideKey);
  const y = tall ? rect.y + 11 : rect.y + rect.height / 2;
  const mono = { kind: 'text', y, size: SIZE, mono: true, ink: gone ? 'soft' : 'ink' } as const;
  const room = rect.width - INDENT - 14 - fate.length * LETTER;
  const shapes: Shape[] = [
    plate(row, rect, selected),
    { kind: 'box', x: rect.x, y: rect.y, width: 3.5, height: rect.height, round: 1.5, fill: familyOfEntry(entry) },
    { ...label(rect.x + 9, y, protocol), maxWidth: INDENT - 11 },
    { ...mono, x: rect.x + INDENT, text: fitting(inside.replace(/ key 0$/, ''), room), maxWidth: room },
    { ...mono, x: rect.x + rect.width - 8, text: fate, align: 'right' },
  ];
  if (tall) {
    const second = farEnd(remote, entry.state ?? entryState(entry), rect.width - 17);
    shapes.push({ ...label(rect.x + 9, rect.y + 25, second), size: 10, maxWidth: rect.width - 17 });
  }
  return shapes;
}

/** With whom, and as much of the state as there is room for: half a word of it says nothing. */
function farEnd(remote: string, state: string, room: number): string {
  const words = [`with ${remote}`, ...state.split(' · ')];
  while (words.length > 1 && words.join(' · ').length * SMALL > room) words.pop();
  return words.join(' · ');
}

function fateOf(entry: EntryView, plain: boolean, outsideKey: string): string {
  if (entry.kind === 'expectation') return 'expected';
  if (losesAnswers(entry)) return 'no answers';
  return plain ? 'for itself' : outsideKey;
}

/** Where the whole address is too long, its last part will do, ".10:40000", or the number alone. */
function fitting(address: string, room: number): string {
  const last = address.replace(/^\d+\.\d+\.\d+/, '');
  const number = last.replace(/^\.\d+ ?/, '');
  return [address, last, number].find((text) => text.length * LETTER <= room) ?? number;
}

function plate({ entry, change, used, inTheWay }: TableRow, rect: Rect, selected: boolean): Box {
  const family = familyOfEntry(entry);
  const fill = change?.kind === 'created' ? 'mark-row' : used ? (`${family}-tint` as const) : 'well';
  const box: Box = { kind: 'box', ...rect, round: 4, fill, target: { kind: 'entry', id: entry.id } };
  if (selected) return { ...box, stroke: 'focus', strokeWidth: 2 };
  if (inTheWay) return { ...box, fill: 'drop-tint', stroke: 'drop', strokeWidth: 1.5 };
  if (used) return { ...box, stroke: family };
  return entry.kind === 'expectation' ? { ...box, stroke: family, dash: [3, 3] } : box;
}

function strayLine(text: string, rect: Rect): readonly Shape[] {
  const mono = { kind: 'text', y: rect.y + rect.height / 2, size: SIZE, mono: true, ink: 'drop' } as const;
  return [
    { kind: 'box', ...rect, round: 4, fill: 'drop-tint', stroke: 'drop', dash: [4, 3] },
    { ...mono, x: rect.x + 10, text: `? ${text}`, maxWidth: rect.width - 62 },
    { ...mono, x: rect.x + rect.width - 8, text: 'nobody', strong: true, align: 'right' },
  ];
}

/** "GRE Call ID 7" for a packet that no entry fits; undefined for all others. */
export function strayOf(view: StepView): string | undefined {
  const { reasons } = view.routed.outcome;
  if (!reasons.some((reason) => reason.code === 'addressed-to-router' && reason.unknownFlow)) return undefined;
  const { bytes } = view.incoming.frame;
  const name = protocolName(bytes[9] ?? 0);
  const callId = findField(bytes, 'gre.key.call_id')?.display;
  if (callId !== undefined) return `${name} Call ID ${callId}`;
  const port = findField(bytes, 'udp.dstport')?.display ?? findField(bytes, 'tcp.dstport')?.display;
  return port === undefined ? name : `${name} :${port}`;
}
