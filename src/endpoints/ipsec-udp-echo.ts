/**
 * The echo service of RFC 862 over UDP: a datagram goes to port 7 and comes back as it was. Run inside transport mode
 * it shows what ICMP echo cannot: a checksum that covers the IP addresses.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { equal } from '../lib/bytes.ts';
import * as udp from '../wire/udp.ts';
import { type Endpoint, type Host, type Incoming, seconds } from './endpoint.ts';

const ECHO_PORT = 7;
const FIRST_PORT = 49152;
const TEXT = utf8ToBytes('Does the checksum still hold?');
const TRIES = 3;
const EVERY = seconds(1);
const PATIENCE = seconds(3);

export class UdpEchoServer implements Endpoint {
  readonly session = 'udp-echo';

  start(host: Host): void {
    host.phase(this.session, `listening on UDP port ${ECHO_PORT}`, 'idle');
  }

  stop(): void {
    // Nothing is open: each datagram stands alone.
  }

  receive(host: Host, packet: Incoming): boolean {
    const { source, destination } = packet;
    if (packet.protocol !== udp.PROTOCOL) return false;
    const datagram = udp.parse(packet.payload, { source, destination });
    if (!datagram.ok || datagram.value.destinationPort !== ECHO_PORT) return false;
    const { sourcePort, payload } = datagram.value;
    const answer = { sourcePort: ECHO_PORT, destinationPort: sourcePort, payload };
    const back = { source: destination, destination: source };
    host.send({ protocol: udp.PROTOCOL, ...back, payload: udp.encode(answer, back) });
    return true;
  }

  timer(): void {
    // It sets none.
  }
}

export class UdpEchoClient implements Endpoint {
  readonly session = 'udp-echo';
  private readonly server: number;
  private readonly port: number | undefined;
  private ownPort = 0;
  private sent = 0;
  private answered = false;

  /** `port`: our own, where it is to be the same for everybody. */
  constructor(server: number, port?: number) {
    this.server = server;
    this.port = port;
  }

  start(host: Host): void {
    this.ownPort = this.port ?? FIRST_PORT + host.rng.below(0x10000 - FIRST_PORT);
    this.sent = 0;
    this.answered = false;
    host.phase(this.session, 'asking over UDP', 'connecting');
    this.ask(host);
  }

  stop(host: Host): void {
    for (const name of ['ask', 'patience']) host.clearTimer(name);
    host.phase(this.session, 'stopped', 'closed');
  }

  receive(host: Host, packet: Incoming): boolean {
    const { source, destination } = packet;
    if (packet.protocol !== udp.PROTOCOL || source !== this.server) return false;
    const datagram = udp.parse(packet.payload, { source, destination });
    if (!datagram.ok || datagram.value.destinationPort !== this.ownPort) return false;
    if (!this.answered && equal(datagram.value.payload, TEXT)) {
      this.answered = true;
      host.clearTimer('patience');
      host.phase(this.session, 'UDP comes back as it went', 'up');
    }
    return true;
  }

  timer(host: Host, name: string): void {
    if (name === 'ask') this.ask(host);
    else if (!this.answered) this.fail(host);
  }

  private ask(host: Host): void {
    this.sent += 1;
    const pseudo = { source: host.address, destination: this.server };
    const datagram = { sourcePort: this.ownPort, destinationPort: ECHO_PORT, payload: TEXT };
    host.send({ protocol: udp.PROTOCOL, destination: this.server, payload: udp.encode(datagram, pseudo) });
    if (this.sent < TRIES) host.setTimer('ask', EVERY);
    else host.setTimer('patience', PATIENCE);
  }

  private fail(host: Host): void {
    host.phase(this.session, 'no UDP answer', 'failed');
    host.symptom(this.session, {
      system: 'ping',
      text: `${this.sent} datagrams sent, 0 answered`,
      missing: 'no UDP echo came back: the datagram or its answer was thrown away on the way up the stack',
    });
  }
}
