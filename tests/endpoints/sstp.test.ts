import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import {
  bindingRequest,
  callConnected,
  compoundMac,
  higherLayerKey,
  isCallConnected,
  readBindingRequest,
} from '../../src/endpoints/sstp-binding.ts';
import { SstpChannel } from '../../src/endpoints/sstp-channel.ts';
import { SstpClient, type SstpClientOptions } from '../../src/endpoints/sstp-client.ts';
import { SstpServer } from '../../src/endpoints/sstp-server.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { identityOf } from '../../src/endpoints/tls-certificate.ts';
import { concat, hex, toHex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as sstp from '../../src/wire/sstp.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const SERVER = ipv4('198.51.100.10');
const LAPTOP_A = ipv4('203.0.113.1');
const LAPTOP_B = ipv4('203.0.113.2');
const NAME = 'vpn.example.com';

const client = (options: Partial<SstpClientOptions> = {}) =>
  new SstpClient({ server: SERVER, serverName: NAME, userName: 'ann', password: 'correct horse', ...options });
const server = () =>
  new SstpServer({
    name: NAME,
    innerAddress: ipv4('10.0.0.1'),
    pool: { first: ipv4('10.0.0.100'), size: 10 },
    users: new Map([['ann', 'correct horse']]),
  });

function lab(options: Partial<SstpClientOptions> = {}, laboratory: Partial<LabOptions> = {}): Lab {
  return new Lab({
    hosts: [
      { name: 'a', addresses: [LAPTOP_A], endpoints: [client(options)] },
      { name: 'server', addresses: [SERVER], endpoints: [server()] },
    ],
    ...laboratory,
  })
    .start('server')
    .start('a');
}

describe('an SSTP tunnel', () => {
  test('comes up through TLS, HTTP, the call and PPP, and uses nothing but TCP port 443', () => {
    const l = lab();
    expect(l.runUntil('a', 'up', seconds(5))).toBe(true);
    expect(l.phasesOf('a')).toEqual(['tcp', 'tls', 'http', 'call', 'lcp', 'authentication', 'address', 'echo', 'up']);
    expect(l.statusOf('server', 'sstp#1')).toBe('up');
    expect(l.packets().every((packet) => packet[9] === 6)).toBe(true);
  });

  test('two laptops are connected at once', () => {
    const l = new Lab({
      hosts: [
        { name: 'a', addresses: [LAPTOP_A], endpoints: [client()] },
        { name: 'b', addresses: [LAPTOP_B], endpoints: [client()] },
        { name: 'server', addresses: [SERVER], endpoints: [server()] },
      ],
    });
    for (const name of ['server', 'a', 'b']) l.start(name);
    l.run(seconds(10));
    expect([l.statusOf('a'), l.statusOf('b')]).toEqual(['up', 'up']);
  });

  test('any one lost packet only costs time', () => {
    for (let lost = 0; lost < 40; lost += 3) {
      let seen = 0;
      const l = lab({}, { filter: (packet) => (seen++ === lost ? undefined : packet) });
      expect(l.runUntil('a', 'up', seconds(20)), `without packet ${lost}`).toBe(true);
    }
  });

  test('binds the layers once, also where the address is negotiated again', () => {
    const agreed = lab()
      .run(seconds(5))
      .phases.find(({ host, phase }) => host === 'server' && phase === 'up')!.at;
    // The laptop hears nothing for so long that it repeats its request to a server for which all is agreed.
    const isDeaf = (from: string, at: number) => from === 'server' && at >= agreed && at < agreed + seconds(4);
    const l = lab({}, { filter: (packet, from, at) => (isDeaf(from, at) ? undefined : packet) });
    expect(l.runUntil('a', 'up', seconds(30))).toBe(true);
    expect(l.phasesOf('a').filter((phase) => phase === 'address').length).toBeGreaterThan(1);
  });

  test('hangs up in order on every layer, and can be started again', () => {
    const l = lab().run(seconds(5)).stop('a').run(seconds(10));
    expect(l.statusOf('a')).toBe('closed');
    expect(l.phaseOf('server', 'sstp#1')).toBe('closed');
    expect(l.packets().filter((packet) => packet[33]! & 4)).toEqual([]);
    expect(l.symptomsOf('a')).toEqual([]);
    l.start('a');
    expect(l.runUntil('a', 'up', seconds(5))).toBe(true);
  });

  test('a server that stops says goodbye', () => {
    const l = lab().run(seconds(5)).stop('server').run(seconds(10));
    expect(l.symptomsOf('a')).toMatchObject([{ missing: 'the server sent Call Disconnect' }]);
  });

  test('a quiet tunnel asks for life every minute and stays up', () => {
    const l = lab().run(seconds(10));
    const quiet = l.sent.length;
    l.run(seconds(300));
    expect(l.statusOf('a')).toBe('up');
    expect(l.sent.length - quiet).toBeGreaterThan(10);
  });

  test('a tunnel whose way breaks is noticed within three minutes', () => {
    let broken = false;
    const l = lab({}, { filter: (packet) => (broken ? undefined : packet) }).run(seconds(10));
    broken = true;
    l.run(seconds(180));
    expect(l.statusOf('a')).toBe('failed');
  });
});

describe('what Windows says', () => {
  test.each([
    ['nobody answers', {}, { filter: () => undefined }, '0x8007274C'],
    ['the password is wrong', { password: 'wrong' }, {}, '691'],
    ['the certificate is for another name', { serverName: 'other.example.com' }, {}, '0x800B010F'],
    ['the port is closed', { server: LAPTOP_A }, {}, '0x8007274D'],
  ] as const)('when %s', (_, options, laboratory, code) => {
    const l = lab(options, laboratory).run(seconds(100));
    expect(l.statusOf('a')).toBe('failed');
    expect(l.symptomsOf('a')).toHaveLength(1);
    expect(l.symptomsOf('a')[0]).toMatchObject({ system: 'windows', code });
  });
});

describe('the crypto binding', () => {
  test('is that of sstp-client’s own test (sstp-cmac.c, SHA-256)', () => {
    const message = hex(
      `10010070 00040001 00030068 00000002
       412b489aebd7ecc7d08966f26be7cd72b231a0e9210d7c91b308862b0344c435
       7993ef314c493dace9f02d60e7e61c84b6690aafe9d7aeea92cbbe8ad599422d
       ${'00'.repeat(32)}`,
    );
    const key = hex('2a1bb40d55ab0f5ef32f06f2b3cc73c4 8fd3fac41d7a1315a19228d9024ca164');
    expect(toHex(compoundMac(key, message))).toBe('52a68efd8cffbf52770b8f0fe8ec73716583af6d611eb6d179b3b20840985449');
  });

  test('holds for the same password, response, nonce and certificate, and for no other', () => {
    const ours = {
      key: higherLayerKey('secret', new Uint8Array(24).fill(1)),
      nonce: new Uint8Array(32).fill(2),
      certificate: identityOf(NAME).certificate,
    };
    const bytes = callConnected(ours);
    expect(bytes).toHaveLength(112);
    const packet = sstp.parse(bytes);
    const attributes = packet.ok && packet.value.kind === 'control' ? packet.value.attributes : [];
    expect(isCallConnected(ours, attributes)).toBe(true);
    const others = [
      { ...ours, key: higherLayerKey('other', new Uint8Array(24).fill(1)) },
      { ...ours, key: higherLayerKey('secret', new Uint8Array(24)) },
      { ...ours, nonce: new Uint8Array(32) },
      // Somebody between, with a TLS of his own.
      { ...ours, certificate: identityOf('middle.example.com').certificate },
    ];
    for (const other of others) expect(isCallConnected(other, attributes)).toBe(false);
    expect(isCallConnected(ours, [])).toBe(false);
  });

  test('a request names the nonce, and one without SHA-256 is not followed', () => {
    const nonce = new Uint8Array(32).fill(3);
    const request = bindingRequest(nonce);
    expect(readBindingRequest([request])).toEqual(nonce);
    const sha1Only = { ...request, value: concat(hex('00000001'), nonce) };
    expect(readBindingRequest([sha1Only])).toBeUndefined();
  });
});

test('the stream is cut into packets however it arrives, and anything else breaks it without a fault', () => {
  const collect = () => {
    const heard: string[] = [];
    const timers = new Timers({ setTimer: () => {}, clearTimer: () => {} } as never);
    const channel = new SstpChannel(timers, {
      write: (bytes) => heard.push(`wrote ${bytes[5]}`),
      control: (message) => heard.push(`control ${message}`),
      frame: (frame) => heard.push(`frame ${frame.length}`),
      broken: (why) => heard.push(why),
    });
    return { heard, channel };
  };
  const stream = concat(
    sstp.encode({ kind: 'control', message: 2, attributes: [bindingRequest(new Uint8Array(32))] }),
    sstp.encode({ kind: 'data', frame: new Uint8Array(100) }),
    sstp.encode({ kind: 'control', message: 8, attributes: [] }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (step) => {
      const { heard, channel } = collect();
      for (let at = 0; at < stream.length; at += step) channel.add(stream.subarray(at, at + step));
      expect(heard).toEqual(['control 2', 'frame 100', 'wrote 9']);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const { heard, channel } = collect();
      channel.add(concat(Uint8Array.of(0x99, 0), bytes, new Uint8Array(4096)));
      expect(heard).toEqual(['malformed']);
    }),
  );
});
