import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import { EnhancedGre } from '../../src/endpoints/enhanced-gre.ts';
import * as gre from '../../src/wire/gre.ts';
import { FakeHost } from '../support/fake-host.ts';

function channel(peerWindow = 64) {
  const host = new FakeHost();
  const heard: number[] = [];
  const settings = { remote: 0x0a000002, peerCallId: 7, peerWindow, peerDelay: 0 };
  const data = new EnhancedGre(host, host.timers, settings, (payload) => heard.push(payload[0]!));
  const sent = () =>
    host.sent.map((packet) => {
      const parsed = gre.parse(packet.payload);
      if (!parsed.ok || parsed.value.version !== 1) throw new Error('not enhanced GRE');
      const { callId, sequence, acknowledgment, payload } = parsed.value;
      return { callId, sequence, acknowledgment, data: payload[0] };
    });
  const arrives = (sequence: number, acknowledgment?: number) =>
    data.receive({
      version: 1,
      callId: 1,
      sequence,
      ...(acknowledgment === undefined ? {} : { acknowledgment }),
      payload: Uint8Array.of(sequence & 255),
    });
  const acknowledged = (acknowledgment: number) =>
    data.receive({ version: 1, callId: 1, acknowledgment, payload: new Uint8Array(0) });
  const send = (...values: number[]) => {
    for (const value of values) data.send(Uint8Array.of(value));
  };
  return { host, data, heard, sent, arrives, acknowledged, send };
}

describe('sequence numbers, RFC 2637 §4.1', () => {
  test('count from 0 and go under the Call ID of the receiver', () => {
    const { send, sent } = channel();
    send(10, 11);
    expect(sent()).toMatchObject([
      { callId: 7, sequence: 0, acknowledgment: undefined, data: 10 },
      { callId: 7, sequence: 1, acknowledgment: undefined, data: 11 },
    ]);
  });

  test('late and repeated packets are dropped, gaps are accepted', () => {
    const { arrives, heard } = channel();
    for (const sequence of [0, 2, 1, 2, 5, 3]) arrives(sequence);
    expect(heard).toEqual([0, 2, 5]);
  });

  test('are compared in a circle', () => {
    const { arrives, heard, host, sent } = channel();
    for (const sequence of [0x70000000, 0xe0000000, 0xfffffff0, 3, 0xffffffff, 4]) arrives(sequence);
    expect(heard).toEqual([0, 0, 0xf0, 3, 4]);
    host.pass(seconds(1));
    expect(sent()).toMatchObject([{ acknowledgment: 4 }]);
  });
});

describe('acknowledgements', () => {
  test('wait half a second for data to carry them', () => {
    const { arrives, send, sent, host } = channel();
    arrives(0);
    host.pass(milliseconds(499));
    send(10);
    host.pass(seconds(5));
    expect(sent()).toMatchObject([{ sequence: 0, acknowledgment: 0, data: 10 }]);
  });

  test('and go alone after it, without a sequence number', () => {
    const { arrives, sent, host } = channel();
    arrives(0);
    arrives(1);
    host.pass(milliseconds(500));
    expect(sent()).toEqual([{ callId: 7, sequence: undefined, acknowledgment: 1, data: undefined }]);
  });

  test('are not repeated, and not made for acknowledgements', () => {
    const { arrives, acknowledged, send, sent, host } = channel();
    arrives(0);
    host.pass(seconds(1));
    send(10);
    acknowledged(0);
    host.pass(seconds(9));
    expect(sent().map(({ acknowledgment }) => acknowledgment)).toEqual([0, undefined]);
  });
});

describe('the window, §4.2', () => {
  test('begins at half of what the peer offers, and never at nothing', () => {
    const half = channel(6);
    half.send(0, 1, 2, 3, 4, 5);
    expect(half.sent()).toHaveLength(3);
    const one = channel(1);
    one.send(0, 1, 2);
    expect(one.sent()).toHaveLength(1);
  });

  test('opens with every acknowledgement, and by one for each window that came through', () => {
    const { send, sent, acknowledged } = channel(6);
    send(...Array.from({ length: 20 }, (_, index) => index));
    acknowledged(0);
    expect(sent()).toHaveLength(4);
    acknowledged(2);
    // Three acknowledged: the window is 4 now, beyond sequence number 2.
    expect(sent()).toHaveLength(7);
  });

  test('counts what was not acknowledged in time as lost, and halves', () => {
    const { send, sent, host } = channel(8);
    send(...Array.from({ length: 20 }, (_, index) => index));
    expect(sent()).toHaveLength(4);
    host.pass(seconds(1));
    expect(sent()).toHaveLength(6);
    expect(sent().map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('an acknowledgement of what was never sent is not believed', () => {
    const { send, sent, acknowledged } = channel(2);
    send(0, 1, 2);
    acknowledged(9);
    expect(sent()).toHaveLength(1);
    acknowledged(0);
    expect(sent().length).toBeGreaterThan(1);
  });

  test('what waits too long in the queue goes the way of all queues: the oldest is dropped', () => {
    const { send, sent, acknowledged } = channel(1);
    send(...Array.from({ length: 100 }, (_, index) => index));
    for (let sequence = 0; sequence < 70; sequence++) acknowledged(sequence);
    expect(sent()).toHaveLength(65);
    expect(sent()[1]!.data).toBe(36);
  });
});

test('nothing is sent once the call is down', () => {
  const { arrives, data, host, sent } = channel();
  arrives(0);
  data.down();
  host.pass(seconds(10));
  expect(sent()).toEqual([]);
});
