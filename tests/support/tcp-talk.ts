/** Two endpoints that do nothing but hold a TCP conversation, for tests of TCP itself. */
import type { Endpoint, Host, Incoming, Unreachable } from '../../src/endpoints/endpoint.ts';
import { TcpConnection } from '../../src/endpoints/tcp-connection.ts';
import { deliver, deliverError, segmentOf, TcpListener } from '../../src/endpoints/tcp-listener.ts';
import { LINUX_TCP, type TcpPolicy } from '../../src/endpoints/tcp-policy.ts';
import type { TcpEnd, TcpUser } from '../../src/endpoints/tcp-user.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { concat } from '../../src/lib/bytes.ts';

/** What happened at one end, and a handle on the connection. */
export class Record implements TcpUser {
  heard: Uint8Array = new Uint8Array(0);
  readonly events: string[] = [];
  end: TcpEnd | undefined;
  endedAt = -1;
  connection!: TcpConnection;
  /** What to do when it opens, when bytes come, when the peer is done. */
  onOpen: () => void = () => {};
  onData: (bytes: Uint8Array) => void = () => {};
  onPeerFinished: () => void = () => this.connection.close();
  private readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  opened(): void {
    this.events.push('opened');
    this.onOpen();
  }

  data(bytes: Uint8Array): void {
    this.heard = concat(this.heard, bytes);
    this.onData(bytes);
  }

  peerFinished(): void {
    this.events.push('peer finished');
    this.onPeerFinished();
  }

  ended(why: TcpEnd): void {
    this.events.push(`ended: ${why}`);
    this.end = why;
    this.endedAt = this.host.now;
  }
}

abstract class Talker implements Endpoint {
  readonly session = 'talk';
  host!: Host;
  timers!: Timers;
  stop(): void {}

  start(host: Host): void {
    this.host = host;
    this.timers = new Timers(host);
    this.begin();
  }

  timer(_host: Host, name: string): void {
    this.timers.fire(name);
  }

  abstract begin(): void;
  abstract receive(host: Host, packet: Incoming): boolean;
}

export class Caller extends Talker {
  record!: Record;
  private readonly remote: number;
  private readonly policy: TcpPolicy;

  constructor(remote: number, policy = LINUX_TCP) {
    super();
    this.remote = remote;
    this.policy = policy;
  }

  begin(): void {
    this.record = new Record(this.host);
    const addresses = { local: this.host.address, localPort: 50_000, remote: this.remote, remotePort: 1723 };
    this.record.connection = new TcpConnection(this.host, this.timers, addresses, this.policy, this.record);
    this.record.connection.connect();
  }

  receive(_host: Host, packet: Incoming): boolean {
    const segment = segmentOf(packet);
    return segment !== undefined && deliver(packet, segment, [this.record.connection]);
  }

  unreachable(_host: Host, error: Unreachable): boolean {
    return deliverError(error, [this.record.connection]);
  }
}

export class Answerer extends Talker {
  readonly records: Record[] = [];
  private listener!: TcpListener;

  begin(): void {
    this.listener = new TcpListener(this.host, this.timers, {
      port: 1723,
      policy: LINUX_TCP,
      accept: (connection) => {
        const record = new Record(this.host);
        record.connection = connection;
        this.records.push(record);
        return record;
      },
    });
  }

  receive(_host: Host, packet: Incoming): boolean {
    return this.listener.receive(packet);
  }
}
