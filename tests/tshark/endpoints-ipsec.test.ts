import { describe, expect, test } from 'vitest';
import type { TransformName } from '../../src/endpoints/crypto/esp-transforms.ts';
import { type Secret, seconds } from '../../src/endpoints/endpoint.ts';
import { type ManualOptions, ManualPeering } from '../../src/endpoints/ipsec-manual.ts';
import { UdpEchoClient, UdpEchoServer } from '../../src/endpoints/ipsec-udp-echo.ts';
import { l2tpIpsecClient } from '../../src/endpoints/l2tp-ipsec.ts';
import { ADDRESS, ikeClient, ikeServer, ipsecLab, natBox, natLab } from '../support/ipsec-lab.ts';
import { l2tpIpsecServer } from '../support/l2tp-ipsec-server.ts';
import { DIAL_IN, USER } from '../support/vpn.ts';
import { dissected, faults, type Recording } from '../support/wireshark.ts';

/** The secrets as options of tshark: Wireshark's own tables, line by line. */
function keys(secrets: readonly Secret[]): readonly string[] {
  const tables = secrets.flatMap(({ kind, line }) => {
    if (kind === 'esp-sa') return ['-o', `uat:esp_sa:${line}`];
    return kind === 'ikev2-table' ? ['-o', `uat:ikev2_decryption_table:${line}`] : [];
  });
  return [...['-o', 'esp.enable_encryption_decode:TRUE'], ...['-o', 'esp.enable_authentication_check:TRUE'], ...tables];
}

/** Those that Wireshark 4.0 has names for. */
const ciphers: readonly TransformName[] = ['aes-gcm-16', 'aes-cbc-sha2-256-128', 'aes-cbc-sha1-96'];

test.each(ciphers)('tshark opens IKE_AUTH and the tunnel made with %s, down to the pings in it', (cipher) => {
  const only = { ikeTransforms: [cipher], espTransforms: [cipher] };
  const lab = natLab({ a: ikeClient(only), server: ikeServer(only) });
  lab.start('a').run(seconds(35)).stop('a').run(seconds(1));
  const options = keys(lab.secrets);
  expect(faults(lab, options)).toEqual([]);
  expect(dissected(lab, 'isakmp.id.data.fqdn', ['isakmp.id.data.fqdn'], options)).toEqual(['laptop-a', 'vpn.example']);
  expect(dissected(lab, 'icmp.type == 8', ['esp.sequence', 'icmp.seq', 'ip.src'], options)).toEqual(
    [1, 2, 3].map((n) => `${n}|${n}|192.168.1.10,10.9.0.2`),
  );
  expect(dissected(lab, 'icmp.type == 0', ['icmp.checksum.status'], options)).toEqual(['1', '1', '1']);
  expect(dissected(lab, 'isakmp.delete.protoid', ['isakmp.delete.protoid'], options)).toEqual(['1']);
  expect(dissected(lab, 'esp.icv_bad == 1', ['frame.number'], options)).toEqual([]);
});

test('tshark opens bare ESP before and after the CHILD_SA is renewed', () => {
  const watches = { rekey: seconds(3), deadPeer: 0 };
  const at = [0, 1, 2, 4, 5, 7, 8].map(seconds);
  const lab = ipsecLab({ a: ikeClient({ watches, echo: { target: ADDRESS.inner, at } }) });
  lab.start('a').run(seconds(9));
  const options = keys(lab.secrets);
  expect(faults(lab, options)).toEqual([]);
  const pings = dissected(lab, 'icmp.type == 8', ['esp.spi', 'icmp.seq'], options);
  expect(pings).toHaveLength(at.length);
  expect(new Set(pings.map((ping) => ping.split('|')[0])).size).toBe(3);
  expect(dissected(lab, 'isakmp.notify.msgtype == 16393', ['isakmp.exchangetype'], options)).toEqual(['36', '36']);
});

test('tshark opens transport mode on both sides of a NAT, and sees the checksum that the NAT left wrong', () => {
  const use = { mode: 'transport', protocol: 17, servicePort: 7 } as const;
  const a = ikeClient({ use, inside: () => [new UdpEchoClient(ADDRESS.server)] });
  const server = ikeServer({ transport: { protocol: 17, servicePorts: [7], inside: () => [new UdpEchoServer()] } });
  const box = natBox();
  const lab = natLab({ a, server }, box).start('a').run(seconds(5));
  expect(lab.statusOf('a')).toBe('up');
  const options = keys(lab.secrets);
  const outside = { sent: box.heard, secrets: lab.secrets };
  // Of each packet two checksums: that of the UDP around ESP is absent (3), that of the UDP inside right (1) or wrong (0).
  const inside = (recording: Recording, filter: string) =>
    dissected(recording, filter, ['udp.checksum.status'], options);
  expect(inside(lab, 'udp.dstport == 7')).toEqual(['3,1', '3,1', '3,1']);
  expect(inside(outside, 'udp.dstport == 7')).toEqual(['3,0', '3,0', '3,0']);
  expect(inside(outside, 'udp.srcport == 7')).toEqual(['3,1', '3,1', '3,1']);
  expect(faults({ sent: outside.sent.slice(0, 4), secrets: lab.secrets }, options)).toEqual([]);
});

test('tshark opens L2TP/IPsec of two laptops behind one NAT, down to the pings inside PPP', () => {
  const client = (identity: string) =>
    l2tpIpsecClient({ server: ADDRESS.server, identity, psk: 'open sesame', l2tp: { ...USER } });
  const server = l2tpIpsecServer({ identity: 'vpn.example', psk: 'open sesame', l2tp: DIAL_IN });
  const box = natBox();
  const lab = natLab({ a: client('laptop-a'), b: client('laptop-b'), server }, box);
  lab.start('a').run(seconds(5)).start('b').run(seconds(60)).stop('b').run(seconds(5));
  const options = keys(lab.secrets);
  expect(faults(lab, options)).toEqual([]);
  const names = dissected(lab, 'l2tp.avp.message_type', ['l2tp.avp.message_type'], options);
  // SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN of each, and the goodbyes of the second.
  expect(names.filter((name) => ['1', '2', '3', '10', '11', '12'].includes(name))).toHaveLength(12);
  expect(names).toContain('4');
  expect(dissected(lab, 'icmp.type == 0', ['icmp.seq'], options).length).toBeGreaterThanOrEqual(4);
});

describe('keys placed by hand', () => {
  const pair = { name: 'server', address: ADDRESS.server, inbound: { spi: 0x2001, secret: 'back' } };
  const toServer = { spi: 0x1001, secret: 'forth' };
  const peering = (guard: ManualOptions['guard'], mode: ManualOptions['mode']) => {
    const target = mode === 'tunnel' ? ADDRESS.inner : ADDRESS.server;
    const client = new ManualPeering({ guard, mode, peers: [{ ...pair, outbound: toServer }], echo: { target } });
    const peers = [{ name: 'a', inbound: toServer, outbound: pair.inbound }];
    const server = new ManualPeering({ guard, mode, peers, innerAddress: ADDRESS.inner });
    return { a: client, server };
  };

  test.each(['tunnel', 'transport'] as const)('tshark opens bare ESP in %s mode', (mode) => {
    const lab = ipsecLab(peering({ protocol: 'esp' }, mode))
      .start('a')
      .run(seconds(5));
    const options = keys(lab.secrets);
    expect(faults(lab, options)).toEqual([]);
    expect(dissected(lab, 'icmp.type == 0', ['esp.spi'], options)).toEqual(Array(3).fill('0x00002001'));
  });

  test.each(['tunnel', 'transport'] as const)(
    'tshark reads AH in %s mode, also where the NAT has spoiled it',
    (mode) => {
      const box = natBox();
      const lab = natLab(peering({ protocol: 'ah' }, mode), box)
        .start('a')
        .run(seconds(5));
      const outside = { sent: box.heard, secrets: [] };
      expect(faults(lab)).toEqual([]);
      expect(faults(outside)).toEqual([]);
      expect(dissected(outside, 'icmp.type == 8', ['ah.spi', 'ah.sequence'])).toEqual(
        [1, 2, 3].map((n) => `0x00001001|${n}`),
      );
    },
  );
});
