import { describe, expect, test } from 'vitest';
import { openCapture } from '../../src/capture/open.ts';
import { laptop, OFF, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { exportPcapng, keyFiles } from '../../src/world/export-pcapng.ts';
import { run } from '../../src/world/run.ts';

const experiment = world({
  clients: [laptop(0, { kind: 'https', server: 'server' })],
  routers: [router('textbook', OFF)],
  servers: [server(0, [])],
  duration: seconds(5),
});
const played = run(experiment);

function exported() {
  const file = exportPcapng(played, { about: 'a page', comment: (ending) => `${ending.kind} ${ending.frame.id}` });
  const opened = openCapture(file);
  if (!opened.ok) throw new Error('not a capture');
  return { packets: [...opened.value], reader: opened.value };
}

describe('a run as pcapng', () => {
  const { packets, reader } = exported();
  const at = (place: string) => packets.filter((each) => reader.interfaces[each.interface]?.name === place);

  test('each place sees what passes there, in both directions, byte for byte', () => {
    const wire = (node: string) =>
      played.occurrences.flatMap((each) =>
        (each.kind === 'sent' || each.kind === 'received') && each.node === node ? [each.frame.bytes] : [],
      );
    for (const place of ['a', 'server'])
      expect(at(place).map(({ bytes }) => [...bytes])).toEqual(wire(place).map((bytes) => [...bytes]));
    expect(at('router wan')).toHaveLength(at('a').length);
    expect(new Set(at('router wan').map(({ direction }) => direction))).toEqual(new Set(['inbound', 'outbound']));
  });

  test('a packet on its way to a router carries what becomes of it there, no other does', () => {
    const told = (place: string, way: string) =>
      at(place).map(({ direction, comments }) => direction === way && comments.length === 1);
    const direction = (place: string, way: string) => at(place).map((each) => each.direction === way);
    for (const place of ['a', 'server']) expect(told(place, 'outbound')).toEqual(direction(place, 'outbound'));
    expect(told('router wan', 'inbound')).toEqual(direction('router wan', 'inbound'));
    expect(at('a')[0]?.comments).toEqual(['routed 0']);
    expect(at('a').filter((each) => each.direction === 'inbound' && each.comments.length > 0)).toEqual([]);
  });

  test('times are those of the simulation, a microsecond for a microsecond', () => {
    const [first, second] = at('a');
    expect(first!.time).toBe(1_700_000_000_000_000_000n);
    expect(second!.time! - first!.time!).toBe(22_000_000n);
  });

  test('names and the file’s title are in it', () => {
    expect(reader.comments).toEqual(['a page']);
    expect(reader.names.flatMap(({ names }) => names)).toEqual(['laptop-a', 'router', 'router', 'vpn-server']);
  });
});

test('key files: one for each kind of key that the run made, a line once', () => {
  const secrets = [
    { kind: 'esp-sa', line: 'x' },
    { kind: 'esp-sa', line: 'x' },
    { kind: 'tls-keylog', line: 'y' },
  ] as const;
  expect([...keyFiles(secrets)]).toEqual([
    ['esp_sa', 'x\n'],
    ['tls.keylog', 'y\n'],
  ]);
});
