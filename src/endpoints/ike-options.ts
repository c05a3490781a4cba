/** How an IKEv2 client and server may be set up, and what they do if nothing is said. @module */
import type { Prefix } from '../wire/address.ts';
import type { TransformName } from './crypto/esp-transforms.ts';
import { GROUP } from './crypto/key-exchange.ts';
import { type Endpoint, seconds } from './endpoint.ts';
import type { Watches } from './ike-sa.ts';
import type { EchoPlan } from './inner-echo.ts';
import type { ChecksumRule } from './ipsec-checksum.ts';
import type { WindowsKind } from './ipsec-words.ts';

interface Common {
  /** Default "ikev2". */
  readonly session?: string;
  /** A fully qualified domain name, as a rule. */
  readonly identity: string;
  readonly psk: string;
  /** Whether to look for NATs, move to port 4500 and put ESP into UDP. Default true. */
  readonly natTraversal?: boolean;
  /** Ciphers and groups, in the order of preference. */
  readonly ikeTransforms?: readonly TransformName[];
  readonly groups?: readonly number[];
  readonly espTransforms?: readonly TransformName[];
  /** Transport mode: what is done about checksums that a NAT made wrong. Default `nat-oa`. */
  readonly checksums?: ChecksumRule;
  readonly watches?: Partial<Watches>;
}

export interface TunnelUse {
  readonly mode: 'tunnel';
  /** Ask the server for an address to use inside; false uses the host's own. Default true. */
  readonly virtualAddress?: boolean;
  /** What lies behind the server. Default everything. */
  readonly remote?: readonly Prefix[];
}

export interface TransportUse {
  readonly mode: 'transport';
  /** Protect this protocol alone, and at the server this port alone. Default everything. */
  readonly protocol?: number;
  readonly servicePort?: number;
  /** Our own port, where it is fixed. */
  readonly ownPort?: number;
}

export interface IkeClientOptions extends Common {
  readonly server: number;
  /** IDr must be this. Default: whatever proves itself with the shared key. */
  readonly serverIdentity?: string;
  /** Default: a tunnel to everywhere, with an address from the server. */
  readonly use?: TunnelUse | TransportUse;
  /** Our UDP ports. Default 500 and 4500. */
  readonly port?: number;
  readonly floatPort?: number;
  /** Begin on 4500 at once, as RFC 7296 §2.23 allows. */
  readonly startOn4500?: boolean;
  /** Echo requests through the tunnel; default none. The first answer makes the connection "up". */
  readonly echo?: EchoPlan;
  /** What runs inside, made anew for each connection. Its phase "up" makes the connection up, as an echo reply does. */
  readonly inside?: () => readonly Endpoint[];
  /** Which numbers Windows would show. Default "ikev2". */
  readonly windowsKind?: WindowsKind;
}

/** What a server does where the associations of two clients cover the same packets (RFC 3948 §5.2). */
export type Overlap =
  /** A policy lookup finds the newest: the client before it hears nothing more. */
  | 'newest'
  /** The second client is refused. */
  | 'refuse'
  /** Answers go where the conversation last came from, as strongSwan's connmark plugin does: needs distinct ports. */
  | 'connmark'
  /** The second client gets another source port inside (RFC 3948 appendix A, Tr1). */
  | 'translate';

export interface TunnelService {
  /** The server's own address inside. */
  readonly innerAddress: number;
  /** What clients may reach. Default everything. */
  readonly local?: readonly Prefix[];
  /** The first address handed out; the next client gets the next one. Default: the one after the server's own. */
  readonly pool?: number;
  /** What runs inside, for all clients; made anew at each start. */
  readonly inside?: () => readonly Endpoint[];
}

export interface TransportService {
  readonly protocol?: number;
  /** Where its services listen. Default everywhere. */
  readonly servicePorts?: readonly number[];
  /** Default `newest`. */
  readonly overlap?: Overlap;
  readonly inside?: () => readonly Endpoint[];
}

export interface IkeServerOptions extends Common {
  /** Ask newcomers for a cookie before anything is computed for them (RFC 7296 §2.6). Default false. */
  readonly cookies?: boolean;
  /** Left out: no tunnels, or no transport mode. */
  readonly tunnel?: TunnelService;
  readonly transport?: TransportService;
}

export const TRANSFORMS: readonly TransformName[] = ['aes-gcm-16', 'aes-cbc-sha2-256-128'];
export const GROUPS: readonly number[] = [GROUP.curve25519, GROUP.ecp256, GROUP.modp2048];

/** strongSwan's keepalive of 20 s; the peer is asked after 30 s of silence; nothing is rekeyed within a run. */
export const CLIENT_WATCHES: Watches = { keepalive: seconds(20), deadPeer: seconds(30), rekey: 0 };
export const SERVER_WATCHES: Watches = { keepalive: seconds(20), deadPeer: 0, rekey: 0 };
