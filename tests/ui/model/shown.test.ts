import { expect, test } from 'vitest';
import { cell } from '../../../src/explain/shown.ts';
import { nameOfShown, placeOfShown } from '../../../src/ui/model/shown.ts';

test('a run that is shown is called by its scenario, or by its cell and what is found there', () => {
  expect(nameOfShown({ scenario: 'rdp' })).toBe('Remote Desktop: two laptops');
  expect(nameOfShown(cell('BLK', 'l2tp-two', 'dd-wrt', 'l2tp'))).toBe('L2TP, 2 laptops, at DD-WRT, L2TP off: blocked');
  expect(nameOfShown(cell('OK', 'esp-one', 'linux'))).toBe(
    'IKE and bare ESP, 1 laptop, at Linux 6.x netfilter, all on: works',
  );
  expect(nameOfShown(cell('OK', 'sstp', 'pf', 'pptp', 'l2tp', 'ipsec'))).toBe(
    'SSTP, 2 laptops, at pf, all switches off: works',
  );
});

test('it is opened as what it is, so that its link can be told in words', () => {
  const { chosen, cursor } = placeOfShown(cell('BLK', 'l2tp-two', 'dd-wrt', 'l2tp'));
  expect(chosen.origin).toEqual({ kind: 'situation', id: 'l2tp-two' });
  expect(chosen.experiment.routers[0]).toMatchObject({ profile: 'dd-wrt', switches: { l2tp: false } });
  expect(cursor).toBeGreaterThan(0);
});
