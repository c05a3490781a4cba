/** tshark as judge of PPTP, L2TPv2 and L2TPv3 from the first packet to the last: whole, rightly summed, rightly named. */
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/endpoints/endpoint.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { L2tpClient } from '../../src/endpoints/l2tp-client.ts';
import { L2tpServer } from '../../src/endpoints/l2tp-server.ts';
import { L2tpv3Client } from '../../src/endpoints/l2tpv3-client.ts';
import { L2tpv3Server } from '../../src/endpoints/l2tpv3-server.ts';
import { PptpClient } from '../../src/endpoints/pptp-client.ts';
import { PptpServer } from '../../src/endpoints/pptp-server.ts';
import { Lab } from '../support/two-hosts.ts';
import { DIAL_IN, INNER_FIRST, INNER_SERVER, LAPTOP, SERVER, USER } from '../support/vpn.ts';
import { dissected, faults } from '../support/wireshark.ts';

/** Dials, pings, waits two minutes for keepalives, hangs up. */
function whole(client: Endpoint, server: Endpoint): Lab {
  const lab = new Lab({
    hosts: [
      { name: 'laptop', addresses: [LAPTOP], endpoints: [client] },
      { name: 'server', addresses: [SERVER], endpoints: [server] },
    ],
  });
  lab.start('server').start('laptop').run(seconds(150));
  expect(lab.statusOf('laptop')).toBe('up');
  return lab.stop('laptop').run(seconds(40));
}

const wrongPassword = { ...USER, password: 'wrong' };

describe.each(['windows', 'linux'] as const)('PPTP, %s', (system) => {
  test.each(['mppe-128', 'none'] as const)('encryption %s: no fault', (encryption) => {
    const lab = whole(
      new PptpClient({ server: SERVER, ...USER, system, encryption }),
      new PptpServer({ ...DIAL_IN, encryption }),
    );
    expect(faults(lab)).toEqual([]);
    const named = dissected(lab, 'gre && !(gre.flags_and_version == 0x2081)', ['_ws.col.Protocol']);
    const inner = encryption === 'none' ? ['ICMP'] : ['PPP CCP', 'PPP Comp'];
    expect(new Set(named)).toEqual(new Set(['PPP LCP', 'PPP CHAP', 'PPP IPCP', ...inner]));
  });

  test('tshark reads the names of the steps as RFC 2637 gives them', () => {
    const lab = whole(new PptpClient({ server: SERVER, ...USER, system }), new PptpServer(DIAL_IN));
    const info = [system === 'windows' ? 'Set-Link-Info' : []].flat();
    expect(dissected(lab, 'pptp', ['_ws.col.Info']).filter((line) => !line.startsWith('Echo'))).toEqual([
      'Start-Control-Connection-Request',
      'Start-Control-Connection-Reply',
      'Outgoing-Call-Request',
      'Outgoing-Call-Reply',
      ...info,
      'Call-Clear-Request',
      'Call-Disconnect-Notify',
      'Stop-Control-Connection-Request',
      'Stop-Control-Connection-Reply',
    ]);
  });

  test('without encryption tshark sees every ping answered inside', () => {
    const clear = { encryption: 'none' } as const;
    const lab = whole(
      new PptpClient({ server: SERVER, ...USER, system, ...clear }),
      new PptpServer({ ...DIAL_IN, ...clear }),
    );
    expect(dissected(lab, 'icmp.resp_in', ['icmp.seq'])).toEqual(['1', '2', '3']);
  });
});

test('a refused login has no fault either', () => {
  const lab = new Lab({
    hosts: [
      { name: 'laptop', addresses: [LAPTOP], endpoints: [new PptpClient({ server: SERVER, ...wrongPassword })] },
      { name: 'server', addresses: [SERVER], endpoints: [new PptpServer(DIAL_IN)] },
    ],
  });
  lab.start('server').start('laptop').run(seconds(20));
  expect(faults(lab)).toEqual([]);
  expect(dissected(lab, 'chap.code == 4', ['chap.message'])[0]).toMatch(/^E=691 R=0 C=[0-9A-F]{32} V=3 M=/);
});

describe.each(['windows', 'linux'] as const)('L2TPv2, %s', (system) => {
  test.each(['mppe-128', 'none'] as const)('encryption %s: no fault', (encryption) => {
    const secret = 'between us';
    const lab = whole(
      new L2tpClient({ server: SERVER, ...USER, system, encryption, secret }),
      new L2tpServer({ ...DIAL_IN, encryption, secret }),
    );
    expect(faults(lab)).toEqual([]);
    const types = dissected(lab, 'l2tp.avp.message_type', ['l2tp.avp.message_type']);
    expect(types.filter((type) => type !== '6')).toEqual(['1', '2', '3', '10', '11', '12', '14', '4']);
  });
});

describe.each(['ip', 'udp'] as const)('L2TPv3 over %s', (carrier) => {
  test.each([
    ['ip', 0],
    ['ip', 8],
    ['ethernet', 4],
    ['ethernet', 8],
  ] as const)('%s pseudowire, cookies of %i bytes: no fault', (pseudowire, cookieLength) => {
    const both = { carrier, pseudowire, cookieLength };
    const lab = whole(
      new L2tpv3Client({ server: SERVER, innerAddress: INNER_FIRST, target: INNER_SERVER, ...both }),
      new L2tpv3Server({ innerAddress: INNER_SERVER, ...both }),
    );
    expect(faults(lab)).toEqual([]);
    const types = dissected(lab, 'l2tp.avp.message_type', ['l2tp.avp.message_type']);
    expect(types.filter((type) => type !== '6' && type !== '20')).toEqual(['1', '2', '3', '10', '11', '12', '14', '4']);
    if (pseudowire === 'ethernet') expect(dissected(lab, 'icmp.resp_in', ['icmp.seq'])).toEqual(['1', '2', '3']);
  });
});
