import { expect, test } from 'vitest';
import { placed } from '../../../src/ui/recording/slots.ts';

const file = (name: string) => new File([], name);
const NONE = { lan: undefined, wan: undefined };
const named = ({ lan, wan }: ReturnType<typeof placed>) => [lan?.name, wan?.name];

test('files go to the side that their names say', () => {
  expect(named(placed(NONE, [file('router-wan.pcap'), file('router-lan.pcap')]))).toEqual([
    'router-lan.pcap',
    'router-wan.pcap',
  ]);
  expect(named(placed(NONE, [file('outside.pcapng'), file('inside.pcapng')]))).toEqual([
    'inside.pcapng',
    'outside.pcapng',
  ]);
});

test('files whose names say nothing fill the places in order', () => {
  expect(named(placed(NONE, [file('a.pcap'), file('b.pcap')]))).toEqual(['a.pcap', 'b.pcap']);
  expect(named(placed(NONE, [file('wan.pcap'), file('b.pcap')]))).toEqual(['b.pcap', 'wan.pcap']);
});

test('a place that was filled by hand stays filled', () => {
  const lan = file('chosen.pcap');
  expect(named(placed({ lan, wan: undefined }, [file('lan.pcap')]))).toEqual(['chosen.pcap', 'lan.pcap']);
});
