/** What makes one system's L2TP look different from another's on the wire. @module */
import * as ccp from '../wire/ccp.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import type * as lcp from '../wire/lcp.ts';
import { AVP, PROTOCOL_VERSION } from './l2tp-avps.ts';
import type { ClientSystem } from './tunnel-words.ts';

export interface L2tpProfile {
  /** AVPs of SCCRQ and SCCRP besides the ids. */
  readonly introduction: readonly (readonly [type: number, value: Avp['value']])[];
  /** Windows gives data messages a length, xl2tpd does not. */
  readonly dataLength: boolean;
  readonly lcpOptions: readonly lcp.Option[];
  readonly mppeBits: number;
}

const BOTH = 3;
const NEITHER = 0;
const COMPRESSION: readonly lcp.Option[] = [{ kind: 'pfc' }, { kind: 'acfc' }];

export const L2TP_PROFILES: Readonly<Record<ClientSystem, L2tpProfile>> = {
  windows: {
    introduction: [
      [AVP.protocolVersion, PROTOCOL_VERSION],
      [AVP.framingCapabilities, 1],
      [AVP.bearerCapabilities, NEITHER],
      [AVP.firmwareRevision, 0x0a00],
      [AVP.hostName, 'laptop'],
      [AVP.vendorName, 'Microsoft'],
      [AVP.receiveWindow, 8],
    ],
    dataLength: true,
    lcpOptions: [{ kind: 'mru', value: 1400 }, ...COMPRESSION],
    mppeBits: ccp.STATELESS | ccp.MPPE_56 | ccp.MPPE_128 | ccp.MPPE_40 | ccp.MPPC,
  },
  linux: {
    introduction: [
      [AVP.protocolVersion, PROTOCOL_VERSION],
      [AVP.framingCapabilities, BOTH],
      [AVP.bearerCapabilities, NEITHER],
      [AVP.firmwareRevision, 0x0690],
      [AVP.hostName, 'server'],
      [AVP.vendorName, 'xelerance.com'],
      [AVP.receiveWindow, 4],
    ],
    dataLength: false,
    lcpOptions: [{ kind: 'mru', value: 1400 }, { kind: 'accm', map: 0 }, ...COMPRESSION],
    mppeBits: ccp.STATELESS | ccp.MPPE_128,
  },
};
