/**
 * What clients and servers run, as data. The endpoints made from it are in `cast.ts`; what a server must know of its
 * clients (keys, security associations) is worked out from the experiment, so nobody writes it down twice.
 * @module
 */

interface Dials {
  /** Id of the server it connects to. */
  readonly server: string;
}

/** Times are seconds. */
export type ClientVpn =
  /** Left out, Call ID and port are drawn. */
  | (Dials & {
      readonly kind: 'pptp';
      readonly callId?: number;
      readonly localPort?: number;
      /** When it pings, after it is up. Default: in the first second. */
      readonly pingsAt?: readonly number[];
    })
  /** Default port 1701. */
  | (Dials & { readonly kind: 'l2tp'; readonly localPort?: number | 'ephemeral' })
  | (Dials & { readonly kind: 'l2tpv3'; readonly carrier: 'ip' | 'udp' })
  /** NAT-T off: ESP goes bare, IKE stays on 500. */
  | (Dials & {
      readonly kind: 'ikev2';
      readonly natTraversal?: boolean;
      readonly keepalive?: boolean;
      /** Transport mode for one UDP service, and what is done about its checksum. */
      readonly transport?: 'nat-oa' | 'none';
      readonly startOn4500?: boolean;
      readonly pingEvery?: number;
    })
  /** Plain GRE (version 0), set up by hand. */
  | (Dials & { readonly kind: 'gre' })
  /** Keys placed by hand, no IKE. */
  | (Dials & { readonly kind: 'esp'; readonly pingEvery?: number })
  | (Dials & { readonly kind: 'ah'; readonly mode: 'transport' | 'tunnel' })
  | (Dials & { readonly kind: 'l2tp-ipsec' })
  /** A fixed local port is what "bind" gives; default: drawn. */
  | (Dials & { readonly kind: 'openvpn'; readonly protocol: 'udp' | 'tcp'; readonly localPort?: number })
  /** Seconds between keepalives; left out, none. */
  | (Dials & {
      readonly kind: 'wireguard';
      readonly keepalive?: number;
      readonly localPort?: number;
      readonly pingEvery?: number;
    })
  /** No VPN at all: it pings an address, the server's own unless another is given. */
  | (Dials & { readonly kind: 'plain'; readonly to?: string })
  | (Dials & { readonly kind: 'https' })
  | (Dials & { readonly kind: 'sstp' })
  | (Dials & { readonly kind: 'rdp' })
  /** Access by identity: a token in place of a tunnel. */
  | (Dials & { readonly kind: 'identity'; readonly token: boolean });

export type VpnKind = ClientVpn['kind'];

/** How a server behaves where that matters; a server runs all that its clients ask for without being told. */
export interface ServerVpn {
  readonly kind: VpnKind;
  readonly l2tpAnswers?: 'same' | 'another-address' | 'another-port' | 'port-1701';
  /** Two transport-mode clients behind one address. Default: the newest wins, as most servers have it. */
  readonly overlap?: 'newest' | 'refuse' | 'connmark' | 'translate';
  readonly natTraversal?: boolean;
  /** A client that was silent for so many seconds is asked whether it is still there. Default: nobody asks. */
  readonly deadPeer?: number;
  /** PPTP: seconds between the server's LCP echoes. Default 30, as pppd is usually told. */
  readonly lcpEcho?: number;
  /** What a server does about checksums in transport mode. */
  readonly checksums?: 'nat-oa' | 'none';
}
