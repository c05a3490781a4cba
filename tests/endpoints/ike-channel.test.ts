import { expect, test } from 'vitest';
import { transforms } from '../../src/endpoints/crypto/esp-transforms.ts';
import type { Host } from '../../src/endpoints/endpoint.ts';
import { type Answer, Channel } from '../../src/endpoints/ike-channel.ts';
import { notify, type Payload, type Protection, writeOpen, writeSealed } from '../../src/endpoints/ike-message.ts';
import { Path } from '../../src/endpoints/ipsec-path.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';

const ORIGIN = { address: 1, port: 500, localPort: 500 };
const SPIS = { initiatorSpi: hex('1111111111111111'), responderSpi: hex('2222222222222222') };
const INFORMATIONAL = 37;

const key = (seed: number) => ({ encryption: new Rng(seed).bytes(20), integrity: new Uint8Array(0) });
const protection = (initiator: boolean): Protection => ({
  transform: transforms['aes-gcm-16'],
  send: key(initiator ? 1 : 2),
  receive: key(initiator ? 2 : 1),
});

/** One end, with all that it sends, hears and is told. */
function end(initiator: boolean, respond: (request: Answer) => readonly Payload[] | undefined = () => []) {
  const sent: Uint8Array[] = [];
  const heard: string[] = [];
  const timers: string[] = [];
  const host = {
    address: 2,
    now: 0,
    rng: new Rng(3),
    send: ({ payload }) => sent.push(payload.subarray(8)),
    setTimer: (name) => timers.push(name),
    clearTimer: () => undefined,
  } as Partial<Host> as Host;
  const ground = { initiator, path: new Path(host, ORIGIN), timers: new Timers(host), rng: host.rng };
  const channel = new Channel(ground, SPIS, {
    respond,
    authentic: () => heard.push('authentic'),
    retransmitting: () => undefined,
    gaveUp: () => undefined,
  });
  channel.protection = protection(initiator);
  return { channel, sent, heard };
}

const envelope = (changes: object) => ({
  ...SPIS,
  exchange: INFORMATIONAL,
  messageId: 1,
  fromInitiator: true,
  response: false,
  ...changes,
});
const sealed = (initiator: boolean, changes: object = {}, count = 1) =>
  writeSealed(envelope({ fromInitiator: initiator, ...changes }), [], protection(initiator), count, new Rng(1));

test('a request is answered once in substance, and again in the same bytes when it is repeated', () => {
  let asked = 0;
  const { channel, sent } = end(false, () => {
    asked++;
    return [notify(16384)];
  });
  for (let i = 0; i < 3; i++) channel.receive(sealed(true), ORIGIN);
  expect(asked).toBe(1);
  expect(sent.map(toHex)).toEqual(Array(3).fill(toHex(sent[0]!)));
});

test('a request from before the last one is silence, and so is one from the future', () => {
  const { channel, sent } = end(false);
  channel.receive(sealed(true, { messageId: 1 }), ORIGIN);
  channel.receive(sealed(true, { messageId: 2 }), ORIGIN);
  channel.receive(sealed(true, { messageId: 1 }), ORIGIN);
  channel.receive(sealed(true, { messageId: 4 }), ORIGIN);
  expect(sent).toHaveLength(2);
});

test('an answer to nothing, of another exchange or under another number is ignored', () => {
  const answers: string[] = [];
  const { channel, heard } = end(true);
  channel.receive(sealed(false, { response: true, messageId: 0 }), ORIGIN);
  channel.request(INFORMATIONAL, [], () => answers.push('done'));
  channel.receive(sealed(false, { response: true, messageId: 7 }), ORIGIN);
  channel.receive(sealed(false, { response: true, messageId: 0, exchange: 36 }), ORIGIN);
  expect([answers, heard]).toEqual([[], []]);
  channel.receive(sealed(false, { response: true, messageId: 0 }), ORIGIN);
  expect([answers, heard]).toEqual([['done'], ['authentic']]);
});

test('what claims to come from ourselves is ignored, even where there are no keys yet', () => {
  const answers: string[] = [];
  const { channel } = end(true);
  channel.protection = undefined;
  channel.request(34, [], () => answers.push('done'));
  channel.receive(writeOpen(envelope({ exchange: 34, messageId: 0, response: true }), []), ORIGIN);
  expect(answers).toEqual([]);
  channel.receive(
    writeOpen(envelope({ exchange: 34, messageId: 0, response: true, fromInitiator: false }), []),
    ORIGIN,
  );
  expect(answers).toEqual(['done']);
});

test('an answer to the first message of the host beside us is not taken for ours', () => {
  const answers: string[] = [];
  const { channel } = end(true);
  channel.protection = undefined;
  channel.request(34, [], () => answers.push('done'));
  const answer = envelope({ exchange: 34, messageId: 0, response: true, fromInitiator: false });
  channel.receive(writeOpen({ ...answer, initiatorSpi: hex('3333333333333333') }, []), ORIGIN);
  expect(answers).toEqual([]);
  channel.receive(writeOpen({ ...answer, responderSpi: hex('4444444444444444') }, []), ORIGIN);
  expect(answers).toEqual(['done']);
});

test('once there are keys both SPIs must be ours, whatever the keys', () => {
  const { channel, sent } = end(false);
  channel.receive(sealed(true, { responderSpi: hex('4444444444444444') }), ORIGIN);
  channel.receive(sealed(true, { initiatorSpi: hex('4444444444444444') }), ORIGIN);
  expect(sent).toEqual([]);
});

test('what was not sealed with the peer’s key is not heard', () => {
  const { channel, heard, sent } = end(false);
  const forged = sealed(true);
  forged[forged.length - 1]! ^= 1;
  channel.receive(forged, ORIGIN);
  channel.receive(writeSealed(envelope({}), [], protection(false), 1, new Rng(1)), ORIGIN);
  channel.receive(writeOpen(envelope({}), []), ORIGIN);
  expect([heard, sent]).toEqual([[], []]);
});

test('one request at a time: the next waits for the answer', () => {
  const { channel, sent } = end(true);
  expect(channel.request(INFORMATIONAL, [], () => undefined)).toBeDefined();
  expect(channel.request(INFORMATIONAL, [notify(16384)], () => undefined)).toBeUndefined();
  expect([sent.length, channel.busy]).toEqual([1, true]);
  channel.receive(sealed(false, { response: true, messageId: 0 }), ORIGIN);
  expect(sent).toHaveLength(2);
  channel.close();
  expect(channel.busy).toBe(false);
});

test('a responder may choose silence', () => {
  const { channel, sent } = end(false, () => undefined);
  channel.receive(sealed(true), ORIGIN);
  expect(sent).toEqual([]);
});

test('no two messages of one end share an IV', () => {
  const { channel, sent } = end(false);
  for (let messageId = 1; messageId < 6; messageId++) channel.receive(sealed(true, { messageId }, messageId), ORIGIN);
  expect(new Set(sent.map((message) => toHex(message.subarray(32, 40)))).size).toBe(5);
});
