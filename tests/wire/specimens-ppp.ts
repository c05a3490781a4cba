/** One of everything that PPTP and PPP send, as records. */
import { hex } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as ccp from '../../src/wire/ccp.ts';
import type * as chap from '../../src/wire/chap.ts';
import { encodeMsChapV2 } from '../../src/wire/chap.ts';
import type * as ipcp from '../../src/wire/ipcp.ts';
import type * as ipv6cp from '../../src/wire/ipv6cp.ts';
import * as lcp from '../../src/wire/lcp.ts';
import type * as mppe from '../../src/wire/mppe.ts';
import type * as pap from '../../src/wire/pap.ts';
import * as ppp from '../../src/wire/ppp.ts';
import { VERSION } from '../../src/wire/pptp.ts';
import type { Message } from '../../src/wire/pptp-messages.ts';

const capabilities = {
  protocolVersion: VERSION,
  framingCapabilities: 3,
  bearerCapabilities: 3,
  maximumChannels: 0,
  firmwareRevision: 0x0100,
  hostName: 'laptop-a',
  vendorName: 'Passthrough Lab',
};

export const pptpMessages: readonly Message[] = [
  { kind: 'start-control-connection-request', ...capabilities },
  { kind: 'start-control-connection-reply', ...capabilities, resultCode: 1, errorCode: 0, maximumChannels: 100 },
  { kind: 'stop-control-connection-request', reason: 3 },
  { kind: 'stop-control-connection-reply', resultCode: 1, errorCode: 0 },
  { kind: 'echo-request', identifier: 0xdeadbeef },
  { kind: 'echo-reply', identifier: 0xdeadbeef, resultCode: 1, errorCode: 0 },
  {
    kind: 'outgoing-call-request',
    callId: 0x4444,
    callSerialNumber: 7,
    minimumBps: 300,
    maximumBps: 100_000_000,
    bearerType: 3,
    framingType: 3,
    windowSize: 64,
    processingDelay: 10,
    phoneNumberLength: 5,
    phoneNumber: '12345',
    subaddress: 'sub',
  },
  {
    kind: 'outgoing-call-reply',
    callId: 0x0200,
    peerCallId: 0x4444,
    resultCode: 1,
    errorCode: 0,
    causeCode: 0,
    connectSpeed: 100_000_000,
    windowSize: 32,
    processingDelay: 0,
    physicalChannelId: 9,
  },
  {
    kind: 'incoming-call-request',
    callId: 1,
    callSerialNumber: 2,
    bearerType: 1,
    physicalChannelId: 3,
    dialedNumberLength: 3,
    dialingNumberLength: 4,
    dialedNumber: '112',
    dialingNumber: '0800',
    subaddress: '',
  },
  {
    kind: 'incoming-call-reply',
    callId: 5,
    peerCallId: 1,
    resultCode: 1,
    errorCode: 0,
    windowSize: 16,
    processingDelay: 3,
  },
  {
    kind: 'incoming-call-connected',
    peerCallId: 5,
    connectSpeed: 56_000,
    windowSize: 8,
    processingDelay: 1,
    framingType: 2,
  },
  { kind: 'call-clear-request', callId: 0x4444 },
  {
    kind: 'call-disconnect-notify',
    callId: 0x0200,
    resultCode: 4,
    errorCode: 0,
    causeCode: 16,
    callStatistics: 'twelve packets, none lost',
  },
  {
    kind: 'wan-error-notify',
    peerCallId: 0x4444,
    crcErrors: 1,
    framingErrors: 2,
    hardwareOverruns: 3,
    bufferOverruns: 4,
    timeoutErrors: 5,
    alignmentErrors: 6,
  },
  { kind: 'set-link-info', peerCallId: 0x0200, sendAccm: 0xffffffff, receiveAccm: 0xffffffff },
];

const lcpOptions: readonly lcp.Option[] = [
  { kind: 'mru', value: 1400 },
  { kind: 'accm', map: 0 },
  { kind: 'authentication-chap', protocol: ppp.CHAP, algorithm: lcp.MS_CHAP_V2 },
  { kind: 'magic', value: 0x12345678 },
  { kind: 'pfc' },
  { kind: 'acfc' },
  { kind: 'callback', operation: 6, message: hex('') },
  { kind: 'mrru', value: 1614 },
  { kind: 'short-sequence' },
  { kind: 'endpoint-discriminator', class: 3, address: hex('0200 0000 0110') },
];

export const lcpPackets: readonly lcp.Packet[] = [
  { kind: 'configure-request', identifier: 1, options: lcpOptions },
  { kind: 'configure-ack', identifier: 1, options: [{ kind: 'authentication', protocol: ppp.PAP }] },
  {
    kind: 'configure-nak',
    identifier: 2,
    options: [{ kind: 'authentication-chap', protocol: ppp.CHAP, algorithm: lcp.CHAP_MD5 }],
  },
  {
    kind: 'configure-reject',
    identifier: 3,
    options: [{ kind: 'callback', operation: 6, message: hex('') }],
  },
  { kind: 'configure-request', identifier: 4, options: [] },
  { kind: 'terminate-request', identifier: 5, data: hex('62796521') },
  { kind: 'terminate-ack', identifier: 5, data: hex('') },
  { kind: 'code-reject', identifier: 6, data: hex('0e01 0004') },
  { kind: 'protocol-reject', identifier: 7, protocol: ppp.CCP, data: hex('01 01 000a 1206 01000060') },
  { kind: 'echo-request', identifier: 8, magic: 0x12345678, data: hex('') },
  { kind: 'echo-reply', identifier: 8, magic: 0x9abcdef0, data: hex('0102') },
  { kind: 'discard-request', identifier: 9, magic: 0x12345678, data: hex('00') },
];

export const ipcpPackets: readonly ipcp.Packet[] = [
  {
    kind: 'configure-request',
    identifier: 1,
    options: [
      { kind: 'address', value: 0 },
      { kind: 'primary-dns', value: address('192.0.2.53') },
      { kind: 'primary-nbns', value: 0 },
      { kind: 'secondary-dns', value: 0 },
      { kind: 'secondary-nbns', value: 0 },
    ],
  },
  {
    kind: 'configure-nak',
    identifier: 2,
    options: [{ kind: 'addresses', source: address('10.9.0.1'), destination: address('10.9.0.2') }],
  },
];

export const ccpPackets: readonly ccp.Packet[] = [
  { kind: 'configure-request', identifier: 4, options: [{ kind: 'mppe', bits: ccp.STATELESS | ccp.MPPE_128 }] },
  {
    kind: 'configure-reject',
    identifier: 4,
    options: [
      { kind: 'predictor-1' },
      { kind: 'predictor-2' },
      { kind: 'stac', historyCount: 1, checkMode: 4 },
      { kind: 'bsd', dictionary: 0x2f },
    ],
  },
  { kind: 'reset-request', identifier: 9, data: hex('') },
  { kind: 'reset-ack', identifier: 9, data: hex('') },
];

export const ipv6cpPackets: readonly ipv6cp.Packet[] = [
  {
    kind: 'configure-request',
    identifier: 1,
    options: [{ kind: 'interface-identifier', value: hex('0200 00ff fe00 0110') }],
  },
];

export const papPackets: readonly pap.Packet[] = [
  { kind: 'authenticate-request', identifier: 1, peer: 'alice', password: 'secret' },
  { kind: 'authenticate-ack', identifier: 1, message: 'Welcome' },
  { kind: 'authenticate-nak', identifier: 1, message: '' },
];

/** The exchange of RFC 2759 §9.2. */
export const chapPackets: readonly chap.Packet[] = [
  { kind: 'challenge', identifier: 1, value: hex('5B5D7C7D7B3F2F3E3C2C602132262628'), name: 'server' },
  {
    kind: 'response',
    identifier: 1,
    value: encodeMsChapV2({
      peerChallenge: hex('21402324255E262A28295F2B3A337C7E'),
      ntResponse: hex('82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF'),
    }),
    name: 'User',
  },
  { kind: 'success', identifier: 1, message: 'S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Welcome' },
  { kind: 'failure', identifier: 1, message: 'E=691 R=1 C=5B5D7C7D7B3F2F3E3C2C602132262628 V=3 M=no' },
];

export const mppePackets: readonly mppe.Fields[] = [
  { flushed: true, encrypted: true, coherencyCount: 0, payload: hex('81848317DF68846272FB5ABE') },
  { flushed: false, encrypted: false, coherencyCount: 4095, payload: hex('00') },
];
