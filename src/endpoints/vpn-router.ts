/**
 * A VPN router: the home router is the VPN's client, for everybody behind it. Whatever the LAN sends goes through one
 * tunnel to the provider; laptops, telephones and televisions need nothing.
 *
 * Does not model: translating the LAN's addresses once more at the tunnel's entry, as many such routers do; here the
 * provider knows the LAN's network and routes back to it.
 * @module
 */
import type { EchoPlan } from './inner-echo.ts';
import { SiteToSite } from './site-to-site.ts';
import { everywhere } from './wireguard.ts';

export interface VpnRouterOptions {
  readonly session?: string;
  readonly privateKey: Uint8Array;
  /** The router's own address on its LAN. */
  readonly address: number;
  readonly provider: {
    readonly publicKey: Uint8Array;
    readonly address: number;
    readonly port: number;
  };
  readonly echo: EchoPlan;
  readonly persistentKeepalive?: number;
}

export function vpnRouter(options: VpnRouterOptions): SiteToSite {
  const { session = 'vpn-router', privateKey, address, provider, echo, persistentKeepalive } = options;
  return new SiteToSite({
    session,
    privateKey,
    address,
    echo,
    remote: [everywhere],
    peer: {
      name: 'provider',
      publicKey: provider.publicKey,
      endpoint: { address: provider.address, port: provider.port },
      ...(persistentKeepalive === undefined ? {} : { persistentKeepalive }),
    },
  });
}
