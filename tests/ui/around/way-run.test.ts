import { expect, test } from 'vitest';
import { WAYS } from '../../../src/explain/ways.ts';
import { runWay, seenText } from '../../../src/ui/around/way-run.ts';

const wayOf = (id: string) => WAYS.find((way) => way.id === id)!;

test('a way is opened at the moment it comes up, at the router asked for, with every switch off', () => {
  const { place, figures } = runWay(wayOf('wireguard'), 'dd-wrt');
  const [home] = place.chosen.experiment.routers;
  expect([home.profile, home.switches]).toEqual(['dd-wrt', { pptp: false, l2tp: false, ipsec: false }]);
  expect(place.cursor).toBe(figures?.step);
});

test('where a switch stops it there are no figures, but what became of it', () => {
  const { figures, verdict, place } = runWay(wayOf('ikev2-natt'), 'asuswrt');
  expect([figures, verdict?.code, place.cursor]).toEqual([undefined, 'BLK', verdict?.step]);
});

test('the headers of a carried packet add up to the whole', () => {
  for (const way of WAYS) {
    const { figures, segments } = runWay(way, 'textbook');
    if (!figures?.carried) continue;
    expect([way.id, segments.reduce((sum, { length }) => sum + length, 0)]).toEqual([way.id, figures.carried.whole]);
  }
});

test('what a router sees is said with its ports', () => {
  expect(seenText(runWay(wayOf('ikev2-natt'), 'textbook').figures!)).toBe('UDP to ports 500 and 4500');
  expect(seenText(runWay(wayOf('rdp'), 'textbook').figures!)).toBe('TCP to port 3389');
});
