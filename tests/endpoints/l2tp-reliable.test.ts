import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { ReliableChannel } from '../../src/endpoints/l2tp-reliable.ts';
import { FakeHost } from '../support/fake-host.ts';

function channel() {
  const host = new FakeHost();
  const out: string[] = [];
  const heard: string[] = [];
  const reliable = new ReliableChannel<string, string>(host.timers, {
    transmit: (message, ns, nr) => out.push(`${message ?? 'ack'} ${ns}/${nr}`),
    deliver: (message) => heard.push(message),
    lost: () => heard.push('lost'),
  });
  const said = () => out.splice(0);
  return { host, reliable, said, heard };
}

describe('sending, RFC 2661 §5.8', () => {
  test('numbers count up, and no more than the window goes out unacknowledged', () => {
    const { reliable, said } = channel();
    for (const message of ['a', 'b', 'c', 'd', 'e', 'f']) reliable.send(message);
    expect(said()).toEqual(['a 0/0', 'b 1/0', 'c 2/0', 'd 3/0']);
    reliable.receive(0, 2, undefined);
    expect(said()).toEqual(['e 4/0', 'f 5/0']);
  });

  test('a peer that names a smaller window is given it', () => {
    const { reliable, said } = channel();
    reliable.window = 1;
    reliable.send('a');
    reliable.send('b');
    expect(said()).toEqual(['a 0/0']);
    reliable.receive(0, 1, undefined);
    expect(said()).toEqual(['b 1/0']);
  });

  test('the oldest is repeated after 1, 2, 4 and 8 seconds, with the newest acknowledgement; after 16 all is lost', () => {
    const { host, reliable, said, heard } = channel();
    reliable.send('a');
    reliable.send('b');
    said();
    host.pass(seconds(1));
    expect(said()).toEqual(['a 0/0']);
    reliable.receive(0, 0, 'x');
    said();
    host.pass(seconds(14));
    expect(said()).toEqual(['a 0/1', 'a 0/1', 'a 0/1']);
    host.pass(seconds(15));
    expect(heard).toEqual(['x']);
    host.pass(seconds(1));
    expect(heard).toEqual(['x', 'lost']);
    host.pass(seconds(100));
    expect(said()).toEqual([]);
  });

  test('an acknowledgement starts the waiting over for what is still out', () => {
    const { host, reliable, said } = channel();
    reliable.send('a');
    reliable.send('b');
    host.pass(seconds(4));
    said();
    reliable.receive(0, 1, undefined);
    host.pass(seconds(1));
    expect(said()).toEqual(['b 1/0']);
  });

  test('an acknowledgement of what was never sent is not believed', () => {
    const { host, reliable, said } = channel();
    reliable.send('a');
    reliable.receive(0, 5, undefined);
    said();
    host.pass(seconds(1));
    expect(said()).toEqual(['a 0/0']);
  });

  test('numbers run round at 65536', () => {
    const { reliable, said, heard } = channel();
    for (let count = 0; count < 65_537; count++) {
      reliable.send('m');
      reliable.receive(count & 0xffff, (count + 1) & 0xffff, 'n');
    }
    expect(said().at(-1)).toBe('ack 1/1');
    expect(heard).toHaveLength(65_537);
  });
});

describe('receiving', () => {
  test('messages are handed on once and in order; all others are answered with what is expected', () => {
    const { reliable, said, heard } = channel();
    reliable.receive(1, 0, 'early');
    reliable.receive(0, 0, 'first');
    reliable.receive(0, 0, 'first');
    reliable.receive(1, 0, 'second');
    expect(heard).toEqual(['first', 'second']);
    expect(said()).toEqual(['ack 0/0', 'ack 0/1', 'ack 0/1', 'ack 0/2']);
  });

  test('an answer carries the acknowledgement; an acknowledgement is not acknowledged', () => {
    const host = new FakeHost();
    const out: string[] = [];
    const reliable = new ReliableChannel<string, string>(host.timers, {
      transmit: (message, ns, nr) => out.push(`${message ?? 'ack'} ${ns}/${nr}`),
      deliver: (message) => reliable.send(`re ${message}`),
      lost: () => {},
    });
    reliable.receive(0, 0, 'question');
    reliable.receive(1, 1, undefined);
    expect(out).toEqual(['re question 0/1']);
  });
});
