/** The router's table as the stage shows it inside the router: as many lines as there is room for. @module */
import { protocolName } from '../../explain/words.ts';
import { entryState, entryText, familyOfEntry } from '../model/entry.ts';
import { findField } from '../model/packet.ts';
import type { StepView } from '../model/step-view.ts';
import type { TableRow } from '../model/table.ts';
import type { Rect } from './layout.ts';
import type { Box, Shape, Text } from './shapes.ts';

const ROW = 24;
/** With a second line for the far end and the state. */
const TALL_ROW = 38;
const HEAD = 10;
/** Past the protocol's name. */
const INDENT = 42;
/** Of the monospaced text, and how wide a letter of it is. */
const SIZE = 10;
const LETTER = 6;

interface TableState {
  readonly rows: readonly TableRow[];
  readonly selected: number | undefined;
  /** What the stopped packet asked the table for, and did not find. */
  readonly stray: string | undefined;
}

export function tableLines(state: TableState, place: Rect): readonly Shape[] {
  const { rows, selected, stray } = state;
  const space = place.height - HEAD - (stray ? ROW : 0);
  const tall = rows.length * TALL_ROW <= space;
  const each = tall ? TALL_ROW : ROW;
  const shown = rows.slice(Math.max(0, rows.length - Math.max(0, Math.floor(space / each))));
  const older = rows.length - shown.length;
  const shapes: Shape[] = [
    label(place.x + INDENT, place.y, older > 0 ? `inside (+${older} older)` : 'inside'),
    { ...label(place.x + place.width - 8, place.y, 'outside'), align: 'right' },
  ];
  let y = place.y + HEAD;
  const line = (height: number): Rect => ({ x: place.x, y, width: place.width, height: height - 4 });
  if (rows.length === 0 && !stray) shapes.push({ ...label(place.x + 10, y + 14, 'The table is empty.'), size: 11 });
  for (const row of shown) {
    shapes.push(...entryLine(row, line(each), row.entry.id === selected, tall));
    y += each;
  }
  if (stray) shapes.push(...strayLine(stray, line(ROW)));
  return shapes;
}

function label(x: number, y: number, text: string): Text {
  return { kind: 'text', x, y, text, size: 10.5, ink: 'soft' };
}

function entryLine(row: TableRow, rect: Rect, selected: boolean, tall: boolean): readonly Shape[] {
  const { entry, change } = row;
  const { inside, remote, outsideKey, protocol, plain } = entryText(entry);
  const gone = change?.kind === 'removed';
  const fate = gone ? 'removed' : entry.kind === 'expectation' ? 'expected' : plain ? 'for itself' : outsideKey;
  const y = tall ? rect.y + 11 : rect.y + rect.height / 2;
  const mono = { kind: 'text', y, size: SIZE, mono: true, ink: gone ? 'soft' : 'ink' } as const;
  const room = rect.width - INDENT - 16 - fate.length * LETTER;
  const shapes: Shape[] = [
    plate(row, rect, selected),
    { kind: 'box', x: rect.x, y: rect.y, width: 3.5, height: rect.height, round: 1.5, fill: familyOfEntry(entry) },
    { ...label(rect.x + 10, y, protocol), maxWidth: INDENT - 12 },
    { ...mono, x: rect.x + INDENT, text: fitting(inside.replace(/ key 0$/, ''), room), maxWidth: room },
    { ...mono, x: rect.x + rect.width - 8, text: fate, align: 'right' },
  ];
  const state = entry.state ?? entryState(entry);
  if (tall)
    shapes.push({
      ...label(rect.x + 10, rect.y + 25, `with ${remote} · ${state}`),
      size: 10,
      maxWidth: rect.width - 18,
    });
  return shapes;
}

/** Where the whole address is too long, its last part will do: ".10:40000". */
function fitting(address: string, room: number): string {
  return address.length * LETTER <= room ? address : address.replace(/^\d+\.\d+\.\d+/, '');
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
