/** Words for what a client does by itself when its line drops, where its user has nothing to set. @module */
import type { ClientVpn } from '../world/vpn.ts';

const KEPT_UP: Partial<Record<ClientVpn['kind'], string>> = {
  openvpn: 'OpenVPN tries again by itself when its tunnel breaks.',
  wireguard: 'WireGuard tries its handshake again by itself.',
  gre: 'Plain GRE has no connection that could drop.',
  esp: 'ESP by hand has no connection that could drop.',
  ah: 'AH by hand has no connection that could drop.',
  plain: 'Pings have no connection that could drop.',
};

/** Undefined where there is nothing to be said. */
export function keptUp({ kind }: ClientVpn): string | undefined {
  return KEPT_UP[kind];
}
