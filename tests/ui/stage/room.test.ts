import { beforeAll, expect, test } from 'vitest';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { type Layout, layoutOf, type Rect } from '../../../src/ui/stage/layout.ts';
import { scene } from '../../../src/ui/stage/scene.ts';
import type { Box, Shape, Text } from '../../../src/ui/stage/shapes.ts';
import { run as play } from '../../../src/world/run.ts';
import { rawEsp, twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

/** The stage on a projector, on a laptop and on a tablet; and on a telephone. */
const ACROSS = [
  [622, 297],
  [721, 386],
  [820, 283],
] as const;
const UPRIGHT = [390, 401] as const;

const IDS = [
  'pptp-two-laptops',
  'natt-two-laptops',
  'l2tp-two-laptops',
  'all-kinds-at-once',
  'pptp-two-servers',
  'esp-takeover',
];
const runs = new Map<string, Run>();

beforeAll(() => {
  for (const id of IDS) runs.set(id, runOf(play(scenarioOf(id)!.experiment)));
  runs.set('recorded', twoLaptopsOn());
  runs.set('stopped', twoLaptopsOff());
  runs.set('esp', rawEsp());
});

interface Picture {
  readonly where: string;
  readonly layout: Layout;
  readonly shapes: readonly Shape[];
}

function pictureOf(run: Run, number: number, [width, height]: readonly [number, number], name = ''): Picture {
  const layout = layoutOf(run.trace.nodes, width, height);
  const cursor = run.steps[number - 1]!.index;
  const shapes = scene({ run, cursor, progress: 1, layout, selection: undefined });
  return { where: `${name}, step ${number}, ${width} × ${height}`, layout, shapes };
}

function everyPicture(sizes: readonly (readonly [number, number])[]): readonly Picture[] {
  return [...runs].flatMap(([name, run]) =>
    run.steps.slice(0, 60).flatMap(({ number }) => sizes.map((size) => pictureOf(run, number, size, name))),
  );
}

const boxes = (shapes: readonly Shape[]) => shapes.filter((shape): shape is Box => shape.kind === 'box');
const texts = (shapes: readonly Shape[]) => shapes.filter((shape): shape is Text => shape.kind === 'text');
const captions = (shapes: readonly Shape[], fills = ['card', 'mark']) =>
  boxes(shapes).filter(({ fill = '', round }) => round === 4 && fills.includes(fill));
const trains = (shapes: readonly Shape[]) => boxes(shapes).filter(({ target }) => target?.kind === 'frame');

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('captions keep off the router and the hosts', () => {
  for (const { where, layout, shapes } of everyPicture([...ACROSS, UPRIGHT]))
    for (const caption of captions(shapes))
      for (const [id, rect] of layout.nodes) expect(overlap(caption, rect), `${where}: a caption on ${id}`).toBe(false);
});

test('on a telephone captions and packets keep off one another and off the names of the zones', () => {
  for (const { where, layout, shapes } of everyPicture([UPRIGHT])) {
    const names = layout.zones.map(({ label, name }) => ({
      ...label,
      y: label.y - 6,
      width: name.length * 6,
      height: 12,
    }));
    const packets = trains(shapes);
    for (const box of [...packets, ...captions(shapes)])
      for (const name of names) expect(overlap(box, name), `${where}: on the name of a zone`).toBe(false);
    for (const caption of captions(shapes))
      for (const packet of packets) expect(overlap(caption, packet), `${where}: a caption on a packet`).toBe(false);
  }
});

test('both sides of the router tell the same fields, by name, in the same form', () => {
  for (const { where, shapes } of everyPicture(ACROSS)) {
    const fieldsOn = (fill: 'card' | 'mark') =>
      captions(shapes, [fill]).map((box) => {
        const inside = texts(shapes).filter(
          ({ x, y, align }) => align === 'center' && overlap({ x, y, width: 0.1, height: 0.1 }, box),
        );
        return inside.map(({ text }) => text.replace(/ ?\S*\d\S*$/, '')).join('/');
      });
    const [before, after] = [fieldsOn('card'), fieldsOn('mark')];
    expect(after, where).toEqual(before);
    for (const field of after) expect(field, where).toMatch(/^[a-z]/i);
  }
  const { shapes } = pictureOf(runs.get('recorded')!, 8, [622, 297]);
  expect(texts(shapes).map(({ text }) => text)).toEqual(expect.arrayContaining(['Call ID 13330', 'Call ID 35752']));
});

test('where a packet has little room it says what it is before it says IP', () => {
  const { shapes } = pictureOf(runs.get('esp')!, 5, [622, 297]);
  const packet = trains(shapes)[0]!;
  const inside = texts(shapes).filter(({ x, y }) => overlap({ x, y, width: 1, height: 1 }, packet));
  expect(inside.map(({ text }) => text)).toContain('ESP');
});

test('a packet leaves air to both sides, but where the way is so short that headers would go for it', () => {
  for (const { where, layout, shapes } of everyPicture(ACROSS))
    for (const packet of trains(shapes)) {
      // Its plate is 6 wider than itself.
      if (packet.width - 6 <= 108) continue;
      for (const [id, rect] of layout.nodes) expect(overlap(packet, rect), `${where}: a packet on ${id}`).toBe(false);
    }
});

test('at rest the letters of a packet stand on a ground that no cable shines through', () => {
  for (const { where, shapes } of everyPicture([ACROSS[0], UPRIGHT]))
    for (const packet of trains(shapes)) expect(packet.alpha, where).toBe(1);
});

test('hosts stand off one another and off the edges of their zone, however many', () => {
  const run = runs.get('all-kinds-at-once')!;
  for (const [width, height] of ACROSS) {
    const { nodes, zones } = layoutOf(run.trace.nodes, width, height);
    const home = run.trace.nodes.filter(({ kind }) => kind === 'client').map(({ id }) => nodes.get(id)!);
    expect(home).toHaveLength(6);
    home.slice(1).forEach((rect, i) => {
      const above = home[i]!;
      expect(rect.y - above.y - above.height, `${width} × ${height}`).toBeGreaterThanOrEqual(5.9);
    });
    const last = home.at(-1)!;
    expect(zones[0]!.y + zones[0]!.height - last.y - last.height, `${width} × ${height}`).toBeGreaterThan(8);
  }
});

test('on a telephone the reason of a stop stands between the packet and its sender’s card', () => {
  const { layout, shapes } = pictureOf(runs.get('stopped')!, 12, UPRIGHT);
  const server = layout.nodes.get('server')!;
  const words = boxes(shapes).findLast(({ fill, stroke }) => fill === 'drop-tint' && stroke === undefined)!;
  expect(words.y).toBeGreaterThan(server.y + server.height + 2);
  for (const packet of trains(shapes)) expect(overlap(words, packet)).toBe(false);
});

test('the router’s answer is named inside its own zone', () => {
  for (const size of [...ACROSS, UPRIGHT]) {
    const { where, layout, shapes } = pictureOf(runs.get('stopped')!, 12, size);
    const cloud = layout.zones[1]!;
    const named = texts(shapes).filter(({ text }) => /^(the router’s|answer)$/.test(text));
    expect(named).toHaveLength(2);
    for (const { x, y, text, align } of named) {
      const wide = text.length * 5.4;
      const left = align === 'left' ? x : x - wide / 2;
      const word = { x: left, y: y - 5, width: wide, height: 10 };
      const inside =
        word.x > cloud.x + 9 && word.x + wide < cloud.x + cloud.width - 2 && word.y + 10 < cloud.y + cloud.height;
      expect(inside, where).toBe(true);
    }
  }
});

test('of two routers only the one that has the packet frames a place for it', () => {
  const run = runOf(play(scenarioOf('carrier-grade-nat')!.experiment));
  for (const { number } of run.steps) {
    const { layout, shapes } = pictureOf(run, number, [721, 386]);
    const frames = boxes(shapes).filter((box) =>
      [...layout.strips.values()].some(({ x, y }) => x === box.x && y === box.y),
    );
    expect(frames.length, `step ${number}`).toBeLessThanOrEqual(1);
  }
});

test('a laptop without a VPN asks; it does not connect', () => {
  const run = runOf(play(scenarioOf('sd-wan')!.experiment));
  const { shapes } = pictureOf(run, 20, [622, 297]);
  const said = texts(shapes).map(({ text }) => text);
  expect(said).toContain('asking');
  expect(said).not.toContain('connecting');
});

test('what is said of a lost packet, and of one of many laptops, keeps off the router', () => {
  let lost = 0;
  let told = 0;
  for (const id of ['esp-takeover', 'all-kinds-at-once']) {
    const run = runs.get(id)!;
    for (const size of [...ACROSS, UPRIGHT])
      for (const { number, occurrence } of run.steps) {
        const upright = size === UPRIGHT;
        if (occurrence.kind !== 'lost' && (occurrence.kind !== 'phase' || upright || id === 'esp-takeover')) continue;
        const { where, layout, shapes } = pictureOf(run, number, size, id);
        const plates = boxes(shapes).filter(
          ({ fill, stroke, target }) => /^(drop|ok)-tint$/.test(fill ?? '') && !target && stroke !== 'line',
        );
        const router = layout.nodes.get('router')!;
        for (const plate of plates) expect(overlap(plate, router), where).toBe(false);
        if (occurrence.kind === 'lost') lost += plates.length;
        else told += plates.length;
      }
  }
  expect(lost).toBeGreaterThan(0);
  expect(told).toBeGreaterThan(0);
});

test('what is said of the lowest laptop leaves its address to be read', () => {
  const run = runOf(play(scenarioOf('esp-two-laptops')!.experiment));
  const said = run.steps.filter(({ occurrence }) => occurrence.kind === 'symptom' && occurrence.node === 'b');
  expect(said.length).toBeGreaterThan(0);
  for (const { number } of said)
    for (const size of ACROSS.slice(0, 2)) {
      const { where, layout, shapes } = pictureOf(run, number, size);
      const host = layout.nodes.get('b')!;
      const plate = boxes(shapes).findLast(({ fill }) => fill === 'drop-tint')!;
      expect(overlap(plate, host), where).toBe(false);
    }
});
