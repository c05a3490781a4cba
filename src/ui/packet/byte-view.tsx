/** The bytes of both sides next to each other; pointing at a field lights its bytes, and the other way round. @module */
import { type CSSProperties, type RefObject, useCallback, useEffect, useRef } from 'react';
import { changedBytes, type LayerRows } from '../model/compare.ts';
import { coveredBy, guardsOf, isSealed, rowAt, rowById, type Side, type Span, spanOf } from '../model/coverage.ts';
import type { Mark } from './byte-marks.tsx';
import styles from './byte-view.module.css';
import { type Pointing, useHover } from './pointing.ts';

const PER_LINE = 8;
/** With more of them the box scrolls. */
const LINES_IN_VIEW = 14;

interface ByteViewProps {
  readonly layers: readonly LayerRows[];
  readonly before: Uint8Array;
  readonly after: Uint8Array | undefined;
  readonly sides: readonly [string, string?];
  readonly pointing: Pointing;
  /** Underlined instead of what the field pointed at covers. */
  readonly mark: Mark | undefined;
}

/** One side's bytes, and what of them is lit. */
interface Dump {
  readonly side: Side;
  readonly bytes: Uint8Array;
  readonly span: Span | undefined;
  readonly isCovered: (at: number) => boolean;
}

export function ByteView({ layers, before, after, sides, pointing, mark }: ByteViewProps) {
  const box = useRef<HTMLDivElement>(null);
  usePointer(box, layers, pointing);
  const row = rowById(layers, pointing.lit ?? pointing.selected);
  const first = spanOf(row, 'before') ?? spanOf(row, 'after');
  useReveal(box, first && Math.floor(first[0] / PER_LINE));

  const both = [
    { side: 'before' as const, bytes: before },
    ...(after ? [{ side: 'after' as const, bytes: after }] : []),
  ];
  const dumps = both.map((each) => ({
    ...each,
    span: spanOf(row, each.side),
    isCovered: mark ? (at: number) => mark[each.side].has(at) : coverOf(coveredBy(layers, row, each.side)),
  }));
  const changed = after ? changedBytes(before, after) : undefined;
  const count = Math.ceil(Math.max(before.length, after?.length ?? 0) / PER_LINE);
  const note = mark?.says ?? guardsOf(layers).find(({ id }) => id === row?.id)?.says;
  return (
    <section className={styles.view} aria-label="Bytes">
      <div className={styles.heads} data-both={dumps.length > 1} aria-hidden="true">
        <span />
        <span>{sides[0]}</span>
        {after && <span>{sides[1]}</span>}
      </div>
      {/* Where it scrolls, it must scroll by keyboard too. */}
      <div ref={box} className={styles.lines} {...(count > LINES_IN_VIEW ? { tabIndex: 0 } : {})}>
        {Array.from({ length: count }, (_, i) => i * PER_LINE).map((from) => (
          <Line key={from} from={from} layers={layers} dumps={dumps} changed={changed} />
        ))}
      </div>
      {note && <p className={styles.note}>{note}</p>}
    </section>
  );
}

interface LineProps {
  readonly from: number;
  readonly layers: readonly LayerRows[];
  readonly dumps: readonly Dump[];
  readonly changed: ReadonlySet<number> | undefined;
}

function Line({ from, layers, dumps, changed }: LineProps) {
  return (
    <div className={styles.line} data-both={dumps.length > 1}>
      <span className={styles.offset}>{from.toString(16).padStart(4, '0')}</span>
      {dumps.map(({ side, bytes, span, isCovered }) => (
        <span key={side} className={styles.bytes}>
          {[...bytes.subarray(from, from + PER_LINE)].map((byte, i) => {
            const at = from + i;
            return (
              <span
                key={at}
                className={styles.byte}
                style={{ '--tint': tintAt(layers, side, at) } as CSSProperties}
                data-at={at}
                data-side={side}
                data-changed={changed?.has(at) ?? false}
                data-lit={span !== undefined && within(span, at)}
                data-covered={isCovered(at)}
                data-sealed={isSealed(layerAt(layers, side, at)?.[side])}
              >
                {byte.toString(16).padStart(2, '0')}
              </span>
            );
          })}
        </span>
      ))}
    </div>
  );
}

function within([from, to]: Span, at: number): boolean {
  return at >= from && at < to;
}

function coverOf(spans: readonly Span[]): (at: number) => boolean {
  return (at) => spans.some((each) => within(each, at));
}

function layerAt(layers: readonly LayerRows[], side: Side, at: number): LayerRows | undefined {
  return layers.find((each) => {
    const found = each[side];
    return found && at >= found.offset && at < found.offset + found.length;
  });
}

/** Each header's bytes lie on a tint of its hue. */
function tintAt(layers: readonly LayerRows[], side: Side, at: number): string {
  const layer = layerAt(layers, side, at);
  return layer ? `var(--${layer.family}-tint)` : 'transparent';
}

/** The pointer's way to fields; the keyboard's is the field tree itself. */
function usePointer(box: RefObject<HTMLDivElement | null>, layers: readonly LayerRows[], pointing: Pointing): void {
  const { choose } = pointing;
  const find = useCallback((target: HTMLElement) => fieldUnder(layers, target), [layers]);
  useHover(box, pointing, find);
  useEffect(() => {
    const element = box.current;
    const click = ({ target }: Event) => choose(target instanceof HTMLElement ? find(target) : undefined);
    element?.addEventListener('click', click);
    return () => element?.removeEventListener('click', click);
  }, [box, find, choose]);
}

function fieldUnder(layers: readonly LayerRows[], { dataset: { at, side } }: HTMLElement): string | undefined {
  if (at === undefined || (side !== 'before' && side !== 'after')) return undefined;
  return rowAt(layers, side, Number(at))?.id;
}

/** Brings a line into view inside its box, and moves nothing else on the page. */
function useReveal(box: RefObject<HTMLDivElement | null>, line: number | undefined): void {
  useEffect(() => {
    const lines = box.current;
    const target = line === undefined ? undefined : lines?.children[line];
    if (!lines || !(target instanceof HTMLElement)) return;
    const top = target.offsetTop - lines.offsetTop;
    if (top < lines.scrollTop) lines.scrollTop = top;
    else if (top + target.offsetHeight > lines.scrollTop + lines.clientHeight)
      lines.scrollTop = top + target.offsetHeight - lines.clientHeight;
  }, [box, line]);
}
