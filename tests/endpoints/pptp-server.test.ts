import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { PptpServer } from '../../src/endpoints/pptp-server.ts';
import * as gre from '../../src/wire/gre.ts';
import * as pptp from '../../src/wire/pptp.ts';
import type { Message } from '../../src/wire/pptp-messages.ts';
import { Caller } from '../support/tcp-talk.ts';
import { Lab } from '../support/two-hosts.ts';
import { DIAL_IN, isGre, LAPTOP, readIpv4, SERVER } from '../support/vpn.ts';

const CAPABILITIES = {
  framingCapabilities: 3,
  bearerCapabilities: 3,
  maximumChannels: 0,
  firmwareRevision: 0,
  hostName: 'by hand',
  vendorName: 'by hand',
};
const START = {
  kind: 'start-control-connection-request',
  protocolVersion: pptp.VERSION,
  ...CAPABILITIES,
} as const satisfies Message;
const call = (callId: number): Message => ({
  kind: 'outgoing-call-request',
  callId,
  callSerialNumber: 0,
  minimumBps: 300,
  maximumBps: 100_000_000,
  bearerType: 3,
  framingType: 3,
  windowSize: 64,
  processingDelay: 0,
  phoneNumberLength: 0,
  phoneNumber: '',
  subaddress: '',
});

/** A server, and a TCP connection to it over which a test speaks PPTP word by word. */
function byHand() {
  const caller = new Caller(SERVER);
  const lab = new Lab({
    hosts: [
      { name: 'laptop', addresses: [LAPTOP], endpoints: [caller] },
      { name: 'server', addresses: [SERVER], endpoints: [new PptpServer({ ...DIAL_IN, firstCallId: 100 })] },
    ],
  });
  lab.start('server').start('laptop').run(seconds(1));
  let read = 0;
  const say = (...messages: readonly (Message | Uint8Array)[]): readonly Message[] => {
    for (const each of messages) caller.record.connection.send(each instanceof Uint8Array ? each : pptp.encode(each));
    lab.run(seconds(1));
    return answers();
  };
  const answers = (): readonly Message[] => {
    const heard: Message[] = [];
    for (;;) {
      const parsed = pptp.parse(caller.record.heard.subarray(read));
      if (!parsed.ok) return heard;
      read += parsed.value.length;
      heard.push(parsed.value.message);
    }
  };
  return { lab, caller, say, answers };
}

const greIds = (lab: Lab) => new Set(lab.packets('server').filter(isGre).map(callIdOf));
const callIdOf = (packet: Uint8Array) => {
  const parsed = gre.parse(readIpv4(packet).payload);
  return parsed.ok && parsed.value.version === 1 ? parsed.value.callId : undefined;
};

describe('the control connection, RFC 2637 §2.1 to §2.6', () => {
  test('a request of version 1.0 is accepted', () => {
    expect(byHand().say(START)).toMatchObject([{ kind: 'start-control-connection-reply', resultCode: 1 }]);
  });

  test('another version is refused with result 5', () => {
    const [reply] = byHand().say({ ...START, protocolVersion: 0x0200 });
    expect(reply).toMatchObject({ kind: 'start-control-connection-reply', resultCode: 5, protocolVersion: 0x0100 });
  });

  test('a second request on the same connection is refused with result 3', () => {
    expect(byHand().say(START, START)).toMatchObject([{ resultCode: 1 }, { resultCode: 3 }]);
  });

  test('an echo is answered with its own identifier', () => {
    const answers = byHand().say(START, { kind: 'echo-request', identifier: 0xdeadbeef });
    expect(answers[1]).toEqual({ kind: 'echo-reply', identifier: 0xdeadbeef, resultCode: 1, errorCode: 0 });
  });

  test('messages are found however TCP cuts the stream', () => {
    const { say } = byHand();
    const stream = pptp.encode(START);
    expect(say(stream.subarray(0, 7), stream.subarray(7, 100))).toEqual([]);
    expect(say(stream.subarray(100), call(7))).toMatchObject([{ resultCode: 1 }, { kind: 'outgoing-call-reply' }]);
  });

  test('a wrong magic cookie ends the connection at once (§1.4)', () => {
    const { caller, say } = byHand();
    say(pptp.encode(START).with(4, 0));
    expect(caller.record.end).toBe('reset');
  });

  test('who connects and says nothing is put out after a minute (§3.1.4)', () => {
    const { lab, caller } = byHand();
    lab.run(seconds(61));
    expect(caller.record.events).toContain('peer finished');
  });

  test('a silent client is asked for an echo after a minute, and put out after another', () => {
    const { lab, caller, say, answers } = byHand();
    say(START);
    lab.run(seconds(61));
    expect(answers()).toMatchObject([{ kind: 'echo-request' }]);
    lab.run(seconds(61));
    expect(caller.record.end).toBe('reset');
  });

  test('stop is answered, and the client closes', () => {
    const { say } = byHand();
    const answers = say(START, { kind: 'stop-control-connection-request', reason: 1 });
    expect(answers[1]).toMatchObject({ kind: 'stop-control-connection-reply', resultCode: 1 });
  });
});

describe('calls, §2.7 to §2.13', () => {
  test('a call before the control connection stands ends it', () => {
    const { caller, say } = byHand();
    expect(say(call(7))).toEqual([]);
    expect(caller.record.events).toContain('peer finished');
  });

  test('a call gets a Call ID of the server, and the client its own back', () => {
    const [, reply] = byHand().say(START, call(0x4444));
    expect(reply).toMatchObject({ kind: 'outgoing-call-reply', resultCode: 1, callId: 100, peerCallId: 0x4444 });
  });

  test('LCP begins at once, through GRE under the Call ID of the client', () => {
    const { lab, say } = byHand();
    say(START, call(0x4444));
    expect([...greIds(lab)]).toEqual([0x4444]);
  });

  test('several calls in one control connection are told apart', () => {
    const { lab, say } = byHand();
    const answers = say(START, call(7), call(8));
    expect(answers.slice(1)).toMatchObject([
      { callId: 100, peerCallId: 7 },
      { callId: 101, peerCallId: 8 },
    ]);
    expect([...greIds(lab)]).toEqual([7, 8]);
  });

  test('Call-Clear-Request names the call by the id of the client; the notice names it by that of the server', () => {
    const { lab, say } = byHand();
    say(START, call(7), call(8));
    expect(say({ kind: 'call-clear-request', callId: 8 })).toMatchObject([
      { kind: 'call-disconnect-notify', callId: 101, resultCode: 4 },
    ]);
    const before = lab.packets('server').length;
    lab.run(seconds(4));
    const later = lab.packets('server').slice(before).filter(isGre).map(callIdOf);
    expect(new Set(later)).toEqual(new Set([7]));
  });

  test('an unknown call cannot be cleared', () => {
    expect(byHand().say(START, call(7), { kind: 'call-clear-request', callId: 9 })).toHaveLength(2);
  });

  test('a call in which LCP is never answered is taken down with Lost Carrier', () => {
    const { lab, say, answers } = byHand();
    say(START, call(7));
    lab.run(seconds(35));
    expect(answers()).toMatchObject([{ kind: 'call-disconnect-notify', callId: 100, resultCode: 1 }]);
    expect(lab.symptomsOf('server')).toMatchObject([{ text: 'LCP: timeout sending Config-Requests' }]);
  });

  test('an incoming call is not accepted: that is for the other direction', () => {
    const request: Message = {
      kind: 'incoming-call-request',
      callId: 9,
      callSerialNumber: 0,
      bearerType: 3,
      physicalChannelId: 0,
      dialedNumberLength: 0,
      dialingNumberLength: 0,
      dialedNumber: '',
      dialingNumber: '',
      subaddress: '',
    };
    expect(byHand().say(START, request)[1]).toMatchObject({
      kind: 'incoming-call-reply',
      peerCallId: 9,
      resultCode: 3,
    });
  });

  test('when the client vanishes its calls end and their addresses are free again', () => {
    const { lab, caller, say } = byHand();
    say(START, call(7));
    caller.record.connection.abort();
    lab.run(seconds(1));
    expect(lab.statusOf('server')).toBe('failed');
    expect(lab.symptomsOf('server')[0]!.missing).toBe('the control connection ended: reset');
  });
});
