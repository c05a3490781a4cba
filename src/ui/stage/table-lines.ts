/** The router's table as the stage shows it inside the router: as many lines as there is room for. @module */
import { protocolName } from '../../explain/words.ts';
import { entryState, entryText, familyOfEntry } from '../model/entry.ts';
import { findField } from '../model/packet.ts';
import type { StepView } from '../model/step-view.ts';
import type { TableRow } from '../model/table.ts';
import type { Rect } from './layout.ts';
import type { Box, Shape, Text } from './shapes.ts';
import { endsOfRows, type OwnAddresses, type RowEnds } from './table-ends.ts';

const ROW = 24;
/** With a second line for the far end and the state; and where there is room for larger letters, too. */
const TALL_ROW = 38;
const LARGE_ROW = 46;
const LOW_ROW = 20;
const STRAY_LARGE = 32;
const HEAD = 10;
/** Past the protocols' names: of four letters at most, or longer ones. */
const INDENT = 38;
const LONG_INDENT = 48;
const NARROW = 190;
/** Of the monospaced text, and how wide a letter of it is for each pixel of its size. */
const SIZE = 10;
const LARGE = 11;
const LETTER = 0.605;
/** Of the second line, one letter likewise. */
const SMALL = 0.56;

interface TableState {
  readonly rows: readonly TableRow[];
  /** Id of the selected entry. */
  readonly selected: number | undefined;
  /** What the stopped packet asked the table for, and did not find. */
  readonly stray: string | undefined;
  /** The router's addresses, the one at home first. */
  readonly own: OwnAddresses;
  /** What to say where there is no entry, line by line. */
  readonly empty: readonly string[];
}

export function tableLines(state: TableState, place: Rect): readonly Shape[] {
  const { rows, selected, stray, own, empty } = state;
  if (place.height < HEAD + 14) return [];
  const space = place.height - HEAD - (stray ? ROW : 0);
  // Large only where the next entry would be too, so that letters do not change their size with each of them.
  const large = (rows.length + 1) * LARGE_ROW <= space && place.width > NARROW;
  const height = large ? LARGE_ROW : ([TALL_ROW, ROW].find((each) => rows.length * each <= space) ?? LOW_ROW);
  const shown = worthShowing(rows, Math.max(stray ? 0 : 1, Math.floor(space / height)));
  const hidden = rows.length - shown.length;
  const indent = shown.some(({ entry }) => entryText(entry).protocol.length > 4) ? LONG_INDENT : INDENT;
  let y = place.y + HEAD;
  const line = (high: number): Rect => ({ x: place.x, y, width: place.width, height: high - (high > LOW_ROW ? 4 : 2) });
  const shapes: Shape[] =
    rows.length === 0 && !stray
      ? empty.map((text, i) => ({ ...label(place.x + 2, y + i * 15, text), size: 11 }))
      : heads(place, hidden, indent);
  const size = height === LARGE_ROW ? LARGE : SIZE;
  const letters = (place.width - indent - 12) / (LETTER * size);
  const ends = endsOfRows(shown, rows, own, letters, stray !== undefined);
  const list = (each: readonly TableRow[]) => {
    for (const row of each) {
      shapes.push(...entryLine(row, ends.get(row)!, line(height), row.entry.id === selected, indent));
      y += height;
    }
  };
  // What was noted because the packet is nobody's comes after that.
  const after = stray ? shown.filter(({ change }) => change?.kind === 'created') : [];
  list(shown.filter((row) => !after.includes(row)));
  if (stray) {
    shapes.push(...strayLine(stray, line(large ? STRAY_LARGE : ROW), large ? LARGE : SIZE));
    y += large ? STRAY_LARGE : ROW;
  }
  list(after);
  return shapes;
}

function heads(place: Rect, hidden: number, indent: number): Shape[] {
  const { x, y, width } = place;
  return [
    label(x + indent, y, 'inside'),
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

function entryLine(row: TableRow, ends: RowEnds, rect: Rect, selected: boolean, indent: number): readonly Shape[] {
  const { entry, change } = row;
  const { inside, fate, remote } = ends;
  const size = rect.height > TALL_ROW ? LARGE : SIZE;
  const tall = rect.height > ROW;
  const y = tall ? rect.y + rect.height * 0.32 : rect.y + rect.height / 2;
  const mono = { kind: 'text', y, size, mono: true, ink: change?.kind === 'removed' ? 'soft' : 'ink' } as const;
  const room = rect.width - indent - 12 - fate.length * LETTER * size;
  const shapes: Shape[] = [
    plate(row, rect, selected),
    { kind: 'box', x: rect.x, y: rect.y, width: 3.5, height: rect.height, round: 1.5, fill: familyOfEntry(entry) },
    { ...label(rect.x + 9, y, entryText(entry).protocol), size: SIZE, maxWidth: indent - 11 },
    { ...mono, x: rect.x + indent, text: inside, maxWidth: room },
    { ...mono, x: rect.x + rect.width - 8, text: fate, align: 'right' },
  ];
  if (tall) {
    const far = { size, maxWidth: rect.width - 17 };
    const second = farEnd(remote, entry.state ?? entryState(entry), far.maxWidth / (SMALL * size));
    shapes.push({ ...label(rect.x + 9, rect.y + rect.height * 0.735, second), ...far });
  }
  return shapes;
}

/** With whom, and as much of the state as so many letters say: half a word of it says nothing. */
function farEnd([remote, shorter]: RowEnds['remote'], state: string, letters: number): string {
  const words = [remote.length <= letters ? remote : shorter, ...state.split(' · ')];
  while (words.length > 1 && words.join(' · ').length > letters) words.pop();
  return words.join(' · ');
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

function strayLine(text: string, rect: Rect, size: number): readonly Shape[] {
  const mono = { kind: 'text', y: rect.y + rect.height / 2, size, mono: true, ink: 'drop' } as const;
  return [
    { kind: 'box', ...rect, round: 4, fill: 'drop-tint', stroke: 'drop', dash: [4, 3] },
    { ...mono, x: rect.x + 8, text: `? ${text}`, maxWidth: rect.width - 21 - 'nobody'.length * LETTER * size },
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
