/** What happened that was no packet, said beside the node it happened to. @module */
import type { Occurrence } from '../../world/trace.ts';
import { noteOf, symptomText } from '../model/note.ts';
import type { Run } from '../model/run.ts';
import { linesOf } from './hosts.ts';
import type { Layout, Rect } from './layout.ts';
import type { Ink, Shape } from './shapes.ts';

const LETTER = 6.1;
const PAD = 14;
const LINE = 15;
const MOST_LINES = 4;
/** Hosts no higher than this stand close: what is said of them stands beside them, not below. */
const BESIDE = 60;
/** Routers' cards that have no room between the table and the foot. */
const LOW = 200;
/** Upright, the middle of the room between a router and the hosts below it, and the name at its side. */
const BELOW = 30;
const NAME = 54;

export function callout(run: Run, layout: Layout, occurrence: Occurrence): readonly Shape[] {
  const rect = layout.nodes.get(occurrence.node);
  if (!rect) return [];
  const text = wordsOf(run, occurrence);
  const bad = occurrence.kind === 'symptom' || (occurrence.kind === 'phase' && occurrence.status === 'failed');
  const router = run.nodes.get(occurrence.node)?.kind === 'router';
  const lines = linesOf(text, roomFor(run, layout, rect, router) - PAD, LETTER, MOST_LINES);
  const wide = Math.max(...lines.map((line) => line.length)) * LETTER + PAD;
  const more = (lines.length - 1) * LINE;
  const { x, y } = spot(layout, rect, wide, more, router);
  const good = occurrence.kind === 'phase' && occurrence.status === 'up';
  const ink: Ink = bad ? 'drop' : good ? 'ok' : 'ink';
  const line = { kind: 'text', x: x + wide / 2, size: 11.5, ink, strong: true, align: 'center' } as const;
  return [
    {
      kind: 'box',
      x,
      y: y - 12,
      width: wide,
      height: 24 + more,
      round: 6,
      fill: bad ? 'drop-tint' : good ? 'ok-tint' : 'card',
      stroke: ink,
    },
    ...lines.map((said, i) => ({ ...line, y: y + 0.5 + i * LINE, text: said, maxWidth: wide - 8 })),
  ];
}

/** Under a host or beside it as much as keeps off the router's card, for there its table is; elsewhere as much as there is. */
function roomFor(run: Run, layout: Layout, rect: Rect, router: boolean): number {
  const most = layout.across && !router ? 240 : layout.width - (router && standsFree(layout) ? 2 * NAME : 16);
  const cards = run.trace.nodes.flatMap(({ kind, id }) => (kind === 'router' ? [layout.nodes.get(id)!] : []));
  const [first, last] = [cards[0], cards.at(-1)];
  if (router || !layout.across || !first || !last) return most;
  const room = rect.x < first.x ? first.x - 8 - rect.x : rect.x + rect.width - (last.x + last.width + 14);
  return Math.min(most, rect.height > BESIDE ? room : room - rect.width);
}

/** Upright with one router: between it and its neighbours is room for a packet, or for words. */
function standsFree({ across, strips }: Layout): boolean {
  return !across && strips.size === 0;
}

function wordsOf(run: Run, occurrence: Occurrence): string {
  // Windows' number is what its users look for; the sentence to it stands beside the stage.
  if (occurrence.kind === 'symptom')
    return occurrence.system === 'windows' && occurrence.code ? `Error ${occurrence.code}` : symptomText(occurrence);
  const name = run.nodes.get(occurrence.node)?.name ?? '';
  const text = noteOf(run, occurrence).replace(`${name}: `, '');
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

/** The left edge of the words and the middle of their first line, `more` high without it: under a host, over or beside it, or over a router's foot. */
function spot(
  layout: Layout,
  rect: Rect,
  wide: number,
  more: number,
  router: boolean,
): { readonly x: number; readonly y: number } {
  const within = (x: number) => Math.max(6, Math.min(layout.width - wide - 6, x));
  const centred = within(rect.x + rect.width / 2 - wide / 2);
  // Upright, below the card: in it are its table and its addresses.
  if (router && standsFree(layout)) return { x: centred, y: rect.y + rect.height + BELOW - more / 2 };
  // Where the card is low, over its addresses: above them is its table.
  if (router) return { x: centred, y: rect.y + rect.height - (rect.height < LOW ? 14 : 40) - more };
  if (!layout.across)
    return { x: centred, y: rect.y < layout.height / 2 ? rect.y + rect.height + 16 : rect.y - 18 - more };
  const left = rect.x < layout.width / 2;
  if (rect.height > BESIDE) {
    const below = rect.y + rect.height + 12;
    // At the foot of the stage over it: its own address stands at its foot.
    const y = below + more > layout.height - 16 ? rect.y - 13 - more : below;
    return { x: within(left ? rect.x : rect.x + rect.width - wide), y };
  }
  return { x: within(left ? rect.x + rect.width + 6 : rect.x - wide - 6), y: rect.y + (rect.height - more) / 2 };
}
