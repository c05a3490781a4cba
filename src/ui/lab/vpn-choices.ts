/** The VPNs that a device may be given, by kind of carrier, as they are offered. @module */
import type { Dialled } from '../../world/edits.ts';
import type { ClientVpn } from '../../world/vpn.ts';

interface VpnChoice {
  readonly id: string;
  readonly name: string;
  readonly vpn: Dialled;
}

interface ChoiceGroup {
  readonly name: string;
  readonly choices: readonly VpnChoice[];
}

export const VPN_CHOICES: readonly ChoiceGroup[] = [
  {
    name: 'PPTP and GRE',
    choices: [
      { id: 'pptp', name: 'PPTP', vpn: { kind: 'pptp' } },
      { id: 'gre', name: 'Plain GRE', vpn: { kind: 'gre' } },
    ],
  },
  {
    name: 'L2TP',
    choices: [
      { id: 'l2tp', name: 'L2TP', vpn: { kind: 'l2tp' } },
      { id: 'l2tpv3-ip', name: 'L2TPv3 over IP', vpn: { kind: 'l2tpv3', carrier: 'ip' } },
      { id: 'l2tpv3-udp', name: 'L2TPv3 over UDP', vpn: { kind: 'l2tpv3', carrier: 'udp' } },
    ],
  },
  {
    name: 'IPsec',
    choices: [
      { id: 'ikev2', name: 'IKEv2 with NAT-T', vpn: { kind: 'ikev2', pingEvery: 10 } },
      { id: 'ikev2-bare', name: 'IKEv2 without NAT-T', vpn: { kind: 'ikev2', natTraversal: false, pingEvery: 10 } },
      { id: 'esp', name: 'ESP by hand', vpn: { kind: 'esp', pingEvery: 10 } },
      { id: 'ah', name: 'AH', vpn: { kind: 'ah', mode: 'tunnel' } },
      { id: 'l2tp-ipsec', name: 'L2TP/IPsec', vpn: { kind: 'l2tp-ipsec' } },
    ],
  },
  {
    name: 'TCP and UDP alone',
    choices: [
      { id: 'openvpn-udp', name: 'OpenVPN over UDP', vpn: { kind: 'openvpn', protocol: 'udp' } },
      { id: 'openvpn-tcp', name: 'OpenVPN over TCP', vpn: { kind: 'openvpn', protocol: 'tcp' } },
      { id: 'wireguard', name: 'WireGuard', vpn: { kind: 'wireguard', keepalive: 25, pingEvery: 10 } },
      { id: 'sstp', name: 'SSTP', vpn: { kind: 'sstp' } },
    ],
  },
  {
    name: 'No tunnel',
    choices: [
      { id: 'https', name: 'HTTPS', vpn: { kind: 'https' } },
      { id: 'rdp', name: 'Remote Desktop', vpn: { kind: 'rdp' } },
      { id: 'identity', name: 'Access by identity', vpn: { kind: 'identity', token: true } },
      { id: 'plain', name: 'Pings, no VPN', vpn: { kind: 'plain' } },
    ],
  },
];

const ALL = VPN_CHOICES.flatMap(({ choices }) => choices);

export function choiceOf(id: string): VpnChoice | undefined {
  return ALL.find((each) => each.id === id);
}

/** Which choice a VPN is, whatever else is set in it. */
export function choiceFor(vpn: ClientVpn): VpnChoice {
  const found = ALL.find((each) => isOfSort(each.vpn, vpn));
  if (!found) throw new Error(`no choice for a VPN of kind ${vpn.kind}`);
  return found;
}

function isOfSort(choice: Dialled, vpn: ClientVpn): boolean {
  if (choice.kind === 'l2tpv3') return vpn.kind === 'l2tpv3' && vpn.carrier === choice.carrier;
  if (choice.kind === 'openvpn') return vpn.kind === 'openvpn' && vpn.protocol === choice.protocol;
  if (choice.kind === 'ikev2')
    return vpn.kind === 'ikev2' && (vpn.natTraversal ?? true) === (choice.natTraversal ?? true);
  return vpn.kind === choice.kind;
}

/** Whose client gives up when the line drops; the others try again of their own accord, or have no line. */
export function mayRedial({ kind }: ClientVpn): boolean {
  return ['pptp', 'l2tp', 'l2tpv3', 'l2tp-ipsec', 'ikev2', 'sstp'].includes(kind);
}
