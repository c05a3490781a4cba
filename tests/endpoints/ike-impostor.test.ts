import { expect, test } from 'vitest';
import { type Endpoint, type Host, type Incoming, seconds } from '../../src/endpoints/endpoint.ts';
import { Door } from '../../src/endpoints/ike-admission.ts';
import { Channel } from '../../src/endpoints/ike-channel.ts';
import { authPayload, identityPayload, protectionOf } from '../../src/endpoints/ike-handshake.ts';
import { readEnvelope } from '../../src/endpoints/ike-message.ts';
import type { Path } from '../../src/endpoints/ipsec-path.ts';
import { arrival } from '../../src/endpoints/ipsec-socket.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { ipsecLab } from '../support/ipsec-lab.ts';

/** A server that asks nobody for a proof and has none itself: it does not know the shared key. */
class Impostor implements Endpoint {
  readonly session = 'ikev2';
  private channel: Channel | undefined;

  start(): void {
    // It waits.
  }

  stop(): void {
    // It was never there.
  }

  receive(host: Host, packet: Incoming): boolean {
    const arrived = arrival(packet, { port: 500, floatPort: 4500 });
    if (arrived?.kind !== 'ike') return false;
    if (this.channel) this.channel.receive(arrived.message, arrived.origin);
    else this.welcome(host, arrived);
    return true;
  }

  timer(): void {
    // It sets none.
  }

  private welcome(host: Host, { message, origin }: { message: Uint8Array; origin: Path['peer'] }): void {
    const door = new Door(host, { identity: 'vpn.example', psk: 'unknown to it' });
    const { response, admitted } = door.knock(message, readEnvelope(message)!, origin)!;
    const { path, spis, transform, keys, nonces } = admitted!;
    const identity = identityPayload('idr', 'vpn.example');
    const proof = { psk: 'unknown to it', message: response, peerNonce: nonces.initiator, prove: keys.proveResponder };
    this.channel = new Channel({ initiator: false, path, timers: new Timers(host), rng: host.rng }, spis, {
      respond: () => [identity, authPayload({ ...proof, identity })],
      authentic: () => undefined,
      retransmitting: () => undefined,
      gaveUp: () => undefined,
    });
    this.channel.protection = protectionOf(transform, keys, false);
    path.sendIke(response);
  }
}

test('a server that does not know the shared key is not believed, whatever name it gives', () => {
  const lab = ipsecLab({ server: new Impostor() }).start('a').run(seconds(4));
  expect(lab.phaseOf('a')).toBe('vpn.example could not prove who it is');
  expect(lab.symptomsOf('a')).toMatchObject([
    { system: 'strongswan', text: "tried 1 shared key for 'vpn.example', but MAC mismatched" },
    { system: 'windows', code: '13801' },
  ]);
  // The client proved itself first, as RFC 7296 has it; a keyed hash gives nothing away.
  expect(lab.packets('a')).toHaveLength(2);
});
