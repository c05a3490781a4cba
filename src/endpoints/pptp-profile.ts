/** What makes one system's PPTP client or server look different from another's on the wire. @module */
import * as ccp from '../wire/ccp.ts';
import type * as lcp from '../wire/lcp.ts';
import { VERSION } from '../wire/pptp.ts';
import type { Message } from '../wire/pptp-messages.ts';
import { LINUX_TCP, type TcpPolicy, WINDOWS_TCP } from './tcp-policy.ts';
import type { ClientSystem } from './tunnel-words.ts';

export interface PptpClientProfile {
  readonly tcp: TcpPolicy;
  readonly capabilities: {
    readonly framingCapabilities: number;
    readonly bearerCapabilities: number;
    readonly maximumChannels: number;
    readonly firmwareRevision: number;
    readonly hostName: string;
    readonly vendorName: string;
  };
  readonly call: {
    readonly minimumBps: number;
    readonly maximumBps: number;
    readonly windowSize: number;
  };
  /** Windows tells its server the ACCM, which no tunnel needs. */
  readonly sendsLinkInfo: boolean;
  readonly lcpOptions: readonly lcp.Option[];
  readonly mppeBits: number;
}

const EITHER = 3;
const COMPRESSION: readonly lcp.Option[] = [{ kind: 'pfc' }, { kind: 'acfc' }];

export const PPTP_CLIENTS: Readonly<Record<ClientSystem, PptpClientProfile>> = {
  windows: {
    tcp: WINDOWS_TCP,
    capabilities: {
      framingCapabilities: 1,
      bearerCapabilities: 1,
      maximumChannels: 0,
      firmwareRevision: 0,
      hostName: '',
      vendorName: 'Microsoft',
    },
    call: { minimumBps: 300, maximumBps: 100_000_000, windowSize: 64 },
    sendsLinkInfo: true,
    lcpOptions: [{ kind: 'mru', value: 1400 }, ...COMPRESSION],
    mppeBits: ccp.STATELESS | ccp.MPPE_56 | ccp.MPPE_128 | ccp.MPPE_40 | ccp.MPPC,
  },
  linux: {
    tcp: LINUX_TCP,
    capabilities: {
      framingCapabilities: 3,
      bearerCapabilities: 3,
      maximumChannels: 65_535,
      firmwareRevision: 1,
      hostName: 'local',
      vendorName: 'cananian',
    },
    call: { minimumBps: 2400, maximumBps: 10_000_000, windowSize: 3 },
    sendsLinkInfo: false,
    lcpOptions: [{ kind: 'mru', value: 1400 }, { kind: 'accm', map: 0 }, ...COMPRESSION],
    mppeBits: ccp.STATELESS | ccp.MPPE_128,
  },
};

/** As pptpd says it, but for the capabilities, which it leaves at zero against RFC 2637 §2.2. */
export const PPTP_SERVER = {
  tcp: LINUX_TCP,
  windowSize: 3,
  connectSpeed: 10_000_000,
  mppeBits: ccp.STATELESS | ccp.MPPE_128,
  lcpOptions: [{ kind: 'mru', value: 1400 }, { kind: 'accm', map: 0 }, ...COMPRESSION] as readonly lcp.Option[],
} as const;

/** A client's first message. */
export function startRequest({ capabilities }: PptpClientProfile): Message {
  return { kind: 'start-control-connection-request', protocolVersion: VERSION, ...capabilities };
}

/** A client asks for its call: either bearer and either framing will do, and nobody is telephoned. */
export function callRequest({ call }: PptpClientProfile, callId: number): Message {
  return {
    kind: 'outgoing-call-request',
    callId,
    callSerialNumber: 0,
    ...call,
    bearerType: EITHER,
    framingType: EITHER,
    processingDelay: 0,
    phoneNumberLength: 0,
    phoneNumber: '',
    subaddress: '',
  };
}

/** The answer to a Start-Control-Connection-Request. */
export function startReply(resultCode: number): Message {
  return {
    kind: 'start-control-connection-reply',
    protocolVersion: VERSION,
    resultCode,
    errorCode: 0,
    framingCapabilities: 3,
    bearerCapabilities: 3,
    maximumChannels: 1,
    firmwareRevision: 1,
    hostName: 'local',
    vendorName: 'linux',
  };
}
