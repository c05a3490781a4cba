import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import type { FieldSpec } from '../../src/wire/field-spec.ts';
import * as pptp from '../../src/wire/pptp.ts';
import { type Kind, MESSAGES, type Message } from '../../src/wire/pptp-messages.ts';
import { displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { pptpMessages } from './specimens-ppp.ts';

/** tests/recordings/pptp-1client-helper/lan.pcap, packet 9: the server's Outgoing-Call-Reply. */
const REPLY = hex('0020 0001 1a2b3c4d 0008 0000 0000 d79a 01 00 0000 00989680 0003 0000 00000000');
const ECHO = hex('0010 0001 1a2b3c4d 0005 0000 deadbeef');

/** RFC 2637 §2: type and length of each message. */
const SIZES: Readonly<Record<Kind, readonly [code: number, length: number]>> = {
  'start-control-connection-request': [1, 156],
  'start-control-connection-reply': [2, 156],
  'stop-control-connection-request': [3, 16],
  'stop-control-connection-reply': [4, 16],
  'echo-request': [5, 16],
  'echo-reply': [6, 20],
  'outgoing-call-request': [7, 168],
  'outgoing-call-reply': [8, 32],
  'incoming-call-request': [9, 220],
  'incoming-call-reply': [10, 24],
  'incoming-call-connected': [11, 28],
  'call-clear-request': [12, 16],
  'call-disconnect-notify': [13, 148],
  'wan-error-notify': [14, 40],
  'set-link-info': [15, 24],
};

/** Where RFC 2637 puts the fields that a NAT or an endpoint looks for, from the start of the message. */
const PLACES: readonly [kind: Kind, field: string, at: number][] = [
  ['start-control-connection-request', 'framingCapabilities', 16],
  ['start-control-connection-request', 'hostName', 28],
  ['start-control-connection-request', 'vendorName', 92],
  ['start-control-connection-reply', 'resultCode', 14],
  ['outgoing-call-request', 'callId', 12],
  ['outgoing-call-request', 'windowSize', 32],
  ['outgoing-call-request', 'phoneNumber', 40],
  ['outgoing-call-request', 'subaddress', 104],
  ['outgoing-call-reply', 'callId', 12],
  ['outgoing-call-reply', 'peerCallId', 14],
  ['outgoing-call-reply', 'resultCode', 16],
  ['outgoing-call-reply', 'physicalChannelId', 28],
  ['incoming-call-request', 'callId', 12],
  ['incoming-call-request', 'dialingNumber', 92],
  ['incoming-call-reply', 'peerCallId', 14],
  ['incoming-call-reply', 'windowSize', 18],
  ['incoming-call-connected', 'peerCallId', 12],
  ['incoming-call-connected', 'framingType', 24],
  ['call-clear-request', 'callId', 12],
  ['call-disconnect-notify', 'callId', 12],
  ['call-disconnect-notify', 'callStatistics', 20],
  ['wan-error-notify', 'peerCallId', 12],
  ['wan-error-notify', 'crcErrors', 16],
  ['set-link-info', 'peerCallId', 12],
  ['set-link-info', 'sendAccm', 16],
];

const kinds = Object.keys(MESSAGES) as Kind[];

/** Any message: every field any value that fits it. */
const message = fc.constantFrom(...kinds).chain((kind) => {
  const values: Record<string, fc.Arbitrary<number | string>> = {};
  for (const spec of MESSAGES[kind].fields as readonly FieldSpec[]) {
    if (spec.type === 'number') values[spec.name] = fc.nat({ max: 2 ** (8 * spec.size) - 1 });
    if (spec.type === 'text') values[spec.name] = fc.string({ maxLength: spec.size, unit: 'grapheme-ascii' });
  }
  return fc.record(values).map((fields) => ({ kind, ...fields }) as unknown as Message);
});

describe('PPTP control messages, RFC 2637 §2', () => {
  test('there are fifteen, each with its own number and length', () => {
    expect(Object.fromEntries(kinds.map((kind) => [kind, [MESSAGES[kind].code, pptp.lengthOf(kind)]]))).toEqual(SIZES);
  });

  test.each(PLACES)('%s has its %s at byte %i', (kind, field, at) => {
    const sample = pptpMessages.find((each) => each.kind === kind)!;
    const before = pptp.encode(sample);
    const value = (sample as unknown as Record<string, number | string>)[field]!;
    const changed = { ...sample, [field]: typeof value === 'string' ? `${value}~` : value ^ 1 } as Message;
    const after = pptp.encode(changed);
    const spec = (MESSAGES[kind].fields as readonly FieldSpec[]).find((each) => 'name' in each && each.name === field)!;
    const differing = [...before.keys()].filter((index) => before[index] !== after[index]);
    // A number changes in its last byte, a text behind its last letter.
    expect(differing).toEqual([typeof value === 'string' ? at + value.length : at + spec.size - 1]);
  });

  test('a real reply becomes a record and that the same bytes', () => {
    const expected: Message = {
      kind: 'outgoing-call-reply',
      callId: 0,
      peerCallId: 55194,
      resultCode: 1,
      errorCode: 0,
      causeCode: 0,
      connectSpeed: 10_000_000,
      windowSize: 3,
      processingDelay: 0,
      physicalChannelId: 0,
    };
    expect(pptp.parse(REPLY)).toEqual({ ok: true, value: { message: expected, length: 32 } });
    expect(pptp.encode(expected)).toEqual(REPLY);
  });

  test('what was encoded is read back, whatever comes behind it', () => {
    fc.assert(
      fc.property(message, fc.uint8Array({ maxLength: 20 }), (value, behind) => {
        const bytes = pptp.encode(value);
        expect(pptp.parse(concat(bytes, behind))).toEqual({
          ok: true,
          value: { message: value, length: bytes.length },
        });
      }),
    );
  });

  test.each([
    ['eleven bytes', ECHO.subarray(0, 11), { kind: 'truncated', need: 12, have: 11 }],
    ['a message not all there yet', REPLY.subarray(0, 31), { kind: 'truncated', need: 32, have: 31 }],
    ['another cookie', ECHO.with(4, 0), { field: 'magic cookie' }],
    ['a management message', ECHO.with(3, 2), { field: 'message type', found: 2 }],
    ['control message 16', ECHO.with(9, 16), { field: 'control message type', found: 16 }],
    ['a length that is another message’s', ECHO.with(1, 20), { field: 'length', found: 20 }],
  ])('%s is refused', (_, bytes, error) => {
    expect(pptp.parse(bytes)).toMatchObject({ ok: false, error });
  });
});

describe('PPTP in TCP segments', () => {
  test('a message is a layer, its ids in the summary', () => {
    const [layer] = layersOf(REPLY, 'pptp');
    expect(layer).toMatchObject({ kind: 'decoded', summary: 'Outgoing-Call-Reply, Call ID 0, Peer Call ID 55194' });
    expect(displays(layer, 'pptp.out_result')).toEqual(['Connected (1)']);
    expect(layer.fields.find((field) => field.key === 'pptp.peer_call_id')).toMatchObject({ offset: 14, length: 2 });
  });

  test('several messages in one segment are as many layers, each as if it came alone', () => {
    const segment = concat(...pptpMessages.map(pptp.encode));
    const { layers } = dissect(segment, 'pptp');
    expect(layers.map((layer) => layer.summary.split(',')[0])).toEqual(kinds.map((kind) => MESSAGES[kind].title));
    let at = 0;
    for (const [index, layer] of layers.entries()) {
      const alone = layersOf(pptp.encode(pptpMessages[index]!), 'pptp')[0];
      expect(layer).toMatchObject({ kind: 'decoded', offset: at, length: alone.length });
      expect(layer.fields.map((field) => [field.key, field.offset - at, field.display])).toEqual(
        alone.fields.map((field) => [field.key, field.offset, field.display]),
      );
      at += layer.length;
    }
  });

  test('a message cut by segmentation is shown as far as it goes and is no fault', () => {
    const { layers } = dissect(concat(ECHO, REPLY.subarray(0, 20)), 'pptp');
    expect(layers[1]).toMatchObject({
      kind: 'decoded',
      why: "the segment holds 20 of the message's 32 bytes",
    });
    expect(displays(layers[1]!, 'pptp.peer_call_id')).toEqual(['55194']);
    expect(displays(layers[1]!, 'pptp.connect_speed')).toEqual([]);
  });

  test('a segment that starts in the middle of a message is not misread, and a message in it is found', () => {
    const { layers } = dissect(concat(REPLY.subarray(20), ECHO), 'pptp-continuation');
    expect(layers[0]).toMatchObject({
      kind: 'opaque',
      offset: 0,
      length: 12,
      why: expect.stringContaining('begun in an earlier segment'),
    });
    expect(layers[1]).toMatchObject({ kind: 'decoded', offset: 12, length: 16, summary: 'Echo-Request' });
  });

  test('a broken cookie is named, and the message is still shown where all else fits', () => {
    const [layer] = layersOf(REPLY.with(4, 0), 'pptp');
    expect(layer).toMatchObject({ kind: 'malformed', why: 'magic cookie is 0x002b3c4d, not 0x1a2b3c4d' });
    expect(displays(layer, 'pptp.peer_call_id')).toEqual(['55194']);
  });

  test('behind a header that fits nothing, nothing more is guessed', () => {
    const { layers } = dissect(concat(hex('0014 0001 00000000 0005 0000'), new Uint8Array(40)), 'pptp');
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({ kind: 'malformed', length: 52 });
  });

  survivesAnything('pptp', [REPLY, ECHO], pptp.parse);
  survivesAnything('pptp-continuation', [concat(hex('010203'), ECHO)]);
});
