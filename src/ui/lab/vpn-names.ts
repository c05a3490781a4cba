/** What a laptop runs, as its user calls it, and the hue it has everywhere on the page. @module */
import type { Family } from '../design/families.ts';

interface VpnName {
  readonly name: string;
  readonly family: Family;
}

const NAMES: Readonly<Record<string, VpnName>> = {
  pptp: { name: 'PPTP', family: 'pptp' },
  gre: { name: 'Plain GRE', family: 'pptp' },
  l2tp: { name: 'L2TP', family: 'l2tp' },
  l2tpv3: { name: 'L2TPv3', family: 'l2tp' },
  'l2tp-ipsec': { name: 'L2TP/IPsec', family: 'ipsec' },
  ikev2: { name: 'IKEv2', family: 'ipsec' },
  ike: { name: 'IKE', family: 'ipsec' },
  natt: { name: 'NAT-T', family: 'ipsec' },
  esp: { name: 'ESP', family: 'ipsec' },
  ah: { name: 'AH', family: 'ipsec' },
  openvpn: { name: 'OpenVPN', family: 'app' },
  wireguard: { name: 'WireGuard', family: 'app' },
  https: { name: 'HTTPS', family: 'app' },
  sstp: { name: 'SSTP', family: 'app' },
  rdp: { name: 'Remote Desktop', family: 'app' },
  plain: { name: 'No VPN', family: 'ip' },
  identity: { name: 'Access proxy', family: 'app' },
};

export function vpnName(kind: string | undefined): VpnName | undefined {
  return kind === undefined ? undefined : NAMES[kind];
}
