import { describe, expect, test } from 'vitest';
import { VPN_SAFETY } from '../../src/explain/vpn-safety.ts';
import { WAYS } from '../../src/explain/ways.ts';
import { exhibitOf } from '../../src/scenarios/shown.ts';

describe.each(Object.entries(VPN_SAFETY))('%s', (_, { why, seen, hidden, source }) => {
  test('is judged in whole sentences, with a source', () => {
    for (const text of [why, seen, hidden]) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(source).toMatch(/RFC \d+|MS-|NIST|WireGuard/);
  });
});

test('no way around goes by a protocol that is called weak or open; what is plain goes into a router’s own tunnel', () => {
  for (const { id, shown } of WAYS) {
    const { clients, routers } = exhibitOf(shown).experiment;
    const unsafe = clients.filter(({ vpn }) => VPN_SAFETY[vpn.kind].safety !== 'sound').map(({ vpn }) => vpn.kind);
    if (routers.some(({ gateway }) => gateway)) expect(new Set(unsafe), id).toEqual(new Set(['plain']));
    else expect(unsafe, id).toEqual([]);
  }
});
