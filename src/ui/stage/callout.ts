/** What happened that was no packet, said beside the node it happened to. @module */
import type { Occurrence } from '../../world/trace.ts';
import { noteOf, symptomText } from '../model/note.ts';
import type { Run } from '../model/run.ts';
import type { Layout, Rect } from './layout.ts';
import type { Ink, Shape } from './shapes.ts';

const LETTER = 6.1;

export function callout(run: Run, layout: Layout, occurrence: Occurrence): readonly Shape[] {
  const rect = layout.nodes.get(occurrence.node);
  if (!rect) return [];
  const text = wordsOf(run, occurrence);
  const bad = occurrence.kind === 'symptom' || (occurrence.kind === 'phase' && occurrence.status === 'failed');
  const router = run.nodes.get(occurrence.node)?.kind === 'router';
  const wide = Math.min(text.length * LETTER + 20, layout.across && !router ? 240 : layout.width - 16);
  const { x, y } = spot(layout, rect, wide, router);
  const good = occurrence.kind === 'phase' && occurrence.status === 'up';
  const ink: Ink = bad ? 'drop' : good ? 'ok' : 'ink';
  return [
    {
      kind: 'box',
      x,
      y: y - 12,
      width: wide,
      height: 24,
      round: 6,
      fill: bad ? 'drop-tint' : good ? 'ok-tint' : 'card',
      stroke: ink,
    },
    {
      kind: 'text',
      x: x + wide / 2,
      y: y + 0.5,
      text,
      size: 11.5,
      ink,
      strong: true,
      align: 'center',
      maxWidth: wide - 12,
    },
  ];
}

function wordsOf(run: Run, occurrence: Occurrence): string {
  // Windows' number is what its users look for; the sentence to it stands beside the stage.
  if (occurrence.kind === 'symptom')
    return occurrence.system === 'windows' && occurrence.code ? `Error ${occurrence.code}` : symptomText(occurrence);
  const name = run.nodes.get(occurrence.node)?.name ?? '';
  const text = noteOf(run, occurrence).replace(`${name}: `, '');
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

/** The left edge of the words and their middle line: under a host or beside it, over a router's foot. */
function spot(layout: Layout, rect: Rect, wide: number, router: boolean): { readonly x: number; readonly y: number } {
  const within = (x: number) => Math.max(6, Math.min(layout.width - wide - 6, x));
  const centred = within(rect.x + rect.width / 2 - wide / 2);
  if (router) return { x: centred, y: rect.y + rect.height - 40 };
  if (!layout.across) return { x: centred, y: rect.y < layout.height / 2 ? rect.y + rect.height + 16 : rect.y - 18 };
  const left = rect.x < layout.width / 2;
  if (rect.height > 60)
    return {
      x: within(left ? rect.x : rect.x + rect.width - wide),
      y: Math.min(rect.y + rect.height + 12, layout.height - 16),
    };
  return { x: within(left ? rect.x + rect.width + 6 : rect.x - wide - 6), y: rect.y + rect.height / 2 };
}
