/**
 * The admin page of each router model as its owner finds it: the words of its menus, what its switches are called
 * there, and when a setting takes effect. Words only: how a page looks is our own drawing.
 * @module
 */
import type { Command, Shell, WebPages } from './pages.ts';

const ROWS = {
  ipsec: { name: 'ipsec', label: 'IPSec Passthrough' },
  pptp: { name: 'pptp', label: 'PPTP Passthrough' },
  l2tp: { name: 'l2tp', label: 'L2TP Passthrough' },
} as const;

const REBOOT: Command = { text: 'reboot', says: 'Restart', does: { do: 'reboot' } };
const CONNTRACK: Command = { text: 'conntrack -F', says: 'Forget every connection', does: { do: 'flush' } };

const asus: WebPages = {
  kind: 'web',
  layout: 'side',
  night: true,
  accent: 'tcp',
  menu: [
    { name: 'Network Map' },
    { name: 'Wireless' },
    { name: 'LAN' },
    { name: 'WAN', pages: ['Internet Connection', 'Port Forwarding', 'NAT Passthrough'] },
    { name: 'Firewall' },
    { name: 'Administration', pages: ['Operation Mode', 'System'] },
  ],
  passthrough: {
    at: ['WAN', 'NAT Passthrough'],
    title: 'WAN: NAT Passthrough',
    control: 'choice',
    words: ['Enable', 'Disable'],
    rows: [ROWS.pptp, ROWS.l2tp, ROWS.ipsec],
  },
  save: { label: 'Apply', takes: 'at-once' },
  reboot: { at: ['Administration', 'System'], label: 'Reboot' },
  sources: ['ASUSWRT: WAN, NAT Passthrough, and Administration, System, as support pages on it name them'],
};

const FREEBSD: Shell = {
  kind: 'shell',
  prompt: 'root@router:~ #',
  says: 'FreeBSD has no admin page. natd and ipfw are set up in files and by commands.',
  commands: [
    { text: 'kldload alias_pptp', says: 'Load the PPTP module', does: { do: 'switch', name: 'pptp', on: true } },
    { text: 'kldunload alias_pptp', says: 'Unload it', does: { do: 'switch', name: 'pptp', on: false } },
    { text: 'service natd restart', says: 'Forget every connection', does: { do: 'flush' } },
    REBOOT,
  ],
  sources: ['libalias(3), MODULAR ARCHITECTURE; natd(8)'],
};

export const ADMIN: Readonly<Record<string, WebPages | Shell>> = {
  textbook: {
    kind: 'web',
    layout: 'plain',
    accent: 'ip',
    menu: [{ name: 'Status' }, { name: 'Network' }, { name: 'VPN passthrough' }, { name: 'Restart' }],
    passthrough: {
      at: ['VPN passthrough'],
      title: 'VPN passthrough',
      control: 'check',
      words: ['on', 'off'],
      rows: [
        { name: 'pptp', label: 'PPTP passthrough' },
        { name: 'l2tp', label: 'L2TP passthrough' },
        { name: 'ipsec', label: 'IPsec passthrough' },
      ],
    },
    save: { label: 'Save', takes: 'at-once' },
    reboot: { at: ['Restart'], label: 'Reboot' },
    sources: ['Made up: the router of the textbooks has no maker'],
  },
  linux: {
    kind: 'shell',
    prompt: 'root@router:~#',
    says: 'A plain Linux machine has no admin page. Whoever sets it up types commands.',
    commands: [
      {
        text: `nft 'table ip lab { ct helper pptp { type "pptp" protocol tcp; }; chain pre { type filter hook prerouting priority 0; tcp dport 1723 ct helper set "pptp"; }; }'`,
        says: 'Attach the PPTP helper',
        does: { do: 'switch', name: 'pptp', on: true },
      },
      {
        text: 'nft delete table ip lab',
        says: 'Detach it again',
        does: { do: 'switch', name: 'pptp', on: false },
      },
      CONNTRACK,
      REBOOT,
    ],
    sources: ['nft(8), ct helper; conntrack(8)'],
  },
  'linux-legacy': {
    kind: 'shell',
    prompt: 'root@router:~#',
    says: 'A plain Linux machine has no admin page. Whoever sets it up types commands.',
    commands: [
      {
        text: 'modprobe nf_nat_pptp',
        says: 'Load the PPTP helper, and the GRE tracker with it',
        does: { do: 'switch', name: 'pptp', on: true },
      },
      {
        text: 'modprobe -r nf_nat_pptp nf_conntrack_pptp nf_conntrack_proto_gre',
        says: 'Unload them',
        does: { do: 'switch', name: 'pptp', on: false },
      },
      CONNTRACK,
      REBOOT,
    ],
    sources: ['modprobe(8); module names of Linux 4.1 net/ipv4/netfilter, net/netfilter'],
  },
  'dd-wrt': {
    kind: 'web',
    layout: 'tabs',
    accent: 'udp',
    menu: [
      { name: 'Setup' },
      { name: 'Wireless' },
      { name: 'Services' },
      { name: 'Security', pages: ['Firewall', 'VPN Passthrough'] },
      { name: 'NAT / QoS' },
      { name: 'Administration', pages: ['Management', 'Backup'] },
      { name: 'Status' },
    ],
    passthrough: {
      at: ['Security', 'VPN Passthrough'],
      title: 'Virtual Private Network (VPN)',
      control: 'choice',
      words: ['Enable', 'Disable'],
      rows: [ROWS.ipsec, ROWS.pptp, ROWS.l2tp],
    },
    save: { label: 'Save', takes: 'at-reboot' },
    apply: 'Apply Settings',
    reboot: { at: ['Administration', 'Management'], label: 'Reboot Router' },
    sources: ['DD-WRT src/router/kromo/dd-wrt: VPN.asp and its help page; Management.asp'],
  },
  asuswrt: asus,
  'broadcom-esp': asus,
  tomato: {
    kind: 'web',
    layout: 'tree',
    accent: 'pptp',
    menu: [
      { name: 'Status' },
      { name: 'Basic' },
      { name: 'Advanced', pages: ['Conntrack / Netfilter', 'Firewall', 'Routing'] },
      { name: 'Port Forwarding' },
      { name: 'Administration' },
      { name: 'Reboot...' },
    ],
    passthrough: {
      at: ['Advanced', 'Conntrack / Netfilter'],
      title: 'Tracking / NAT Helpers',
      control: 'check',
      words: ['on', 'off'],
      rows: [{ name: 'pptp', label: 'GRE / PPTP' }],
    },
    save: { label: 'Save', takes: 'at-once' },
    reboot: { at: ['Reboot...'], label: 'Reboot' },
    sources: ['Tomato advanced-ctnf.asp; Tomato Firmware/Menu Reference (Wikibooks)'],
  },
  openwrt: {
    kind: 'web',
    layout: 'tabs',
    accent: 'l2tp',
    menu: [
      { name: 'Status' },
      { name: 'System', pages: ['System', 'Reboot'] },
      { name: 'Network', pages: ['Interfaces', 'Firewall'] },
    ],
    passthrough: {
      at: ['Network', 'Firewall'],
      title: 'Firewall - Zone Settings',
      control: 'check',
      words: ['on', 'off'],
      rows: [],
    },
    save: { label: 'Save & Apply', takes: 'at-once' },
    reboot: { at: ['System', 'Reboot'], label: 'Perform reboot' },
    sources: ['OpenWrt LuCI: Network, Firewall; System, Reboot'],
  },
  padavan: {
    kind: 'web',
    layout: 'side',
    accent: 'app',
    menu: [
      { name: 'Network Map' },
      { name: 'WAN' },
      { name: 'LAN' },
      { name: 'Firewall', pages: ['General', 'Netfilter'] },
      { name: 'Administration' },
      { name: 'Reboot' },
    ],
    passthrough: {
      at: ['Firewall', 'Netfilter'],
      title: 'Firewall - Netfilter',
      control: 'choice',
      words: ['Yes', 'No'],
      rows: [{ name: 'pptp', label: 'PPTP ALG' }],
    },
    save: { label: 'Apply', takes: 'at-once' },
    reboot: { at: ['Reboot'], label: 'Reboot' },
    sources: ['rt-n56u trunk/user/www: Advanced_Netfilter_Content.asp; rc restarts the firewall at nf_alg_pptp'],
  },
  linksys: {
    kind: 'web',
    layout: 'tabs',
    accent: 'ipsec',
    menu: [
      { name: 'Setup' },
      { name: 'Wireless' },
      { name: 'Security', pages: ['Firewall', 'VPN Passthrough'] },
      { name: 'Applications & Gaming' },
      { name: 'Administration', pages: ['Management', 'Diagnostics'] },
      { name: 'Status' },
    ],
    passthrough: {
      at: ['Security', 'VPN Passthrough'],
      title: 'VPN Passthrough',
      control: 'choice',
      words: ['Enabled', 'Disabled'],
      rows: [ROWS.ipsec, ROWS.pptp, ROWS.l2tp],
    },
    save: { label: 'Save Settings', takes: 'at-once' },
    reboot: { at: ['Administration', 'Diagnostics'], label: 'Reboot' },
    sources: ['Linksys WRT54G help page on VPN Passthrough (HVPN.asp)', 'Where it is restarted: not read in a source'],
  },
  'dlink-dir300': {
    kind: 'web',
    layout: 'side',
    accent: 'l2tp',
    menu: [
      { name: 'Setup' },
      { name: 'Advanced', pages: ['Port Forwarding', 'ALG'] },
      { name: 'Maintenance', pages: ['Device Administration', 'System'] },
      { name: 'Status' },
    ],
    passthrough: {
      at: ['Advanced', 'ALG'],
      title: 'Application Level Gateway (ALG) Configuration',
      control: 'check',
      words: ['on', 'off'],
      rows: [
        { name: 'pptp', label: 'PPTP' },
        { name: 'l2tp', label: 'L2TP' },
        { name: 'ipsec', label: 'IPSec (VPN)' },
      ],
    },
    save: { label: 'Save Settings', takes: 'at-once' },
    reboot: { at: ['Maintenance', 'System'], label: 'Reboot the Device' },
    sources: [
      'D-Link pages with the title "Application Level Gateway (ALG) Configuration"; the DIR-300’s own: not read',
    ],
  },
  'realtek-sdk': {
    kind: 'web',
    layout: 'tree',
    accent: 'ip',
    menu: [
      { name: 'Wireless' },
      { name: 'TCP/IP Settings', pages: ['LAN Interface', 'WAN Interface'] },
      { name: 'Firewall' },
      { name: 'Management', pages: ['Status', 'Reboot'] },
    ],
    passthrough: {
      at: ['TCP/IP Settings', 'WAN Interface'],
      title: 'WAN Interface Setup',
      control: 'check',
      words: ['on', 'off'],
      rows: [
        { name: 'ipsec', label: 'Enable IPsec pass through on VPN connection' },
        { name: 'pptp', label: 'Enable PPTP pass through on VPN connection' },
        { name: 'l2tp', label: 'Enable L2TP pass through on VPN connection' },
      ],
    },
    save: { label: 'Apply Changes', takes: 'at-reboot' },
    reboot: { at: ['Management', 'Reboot'], label: 'Reboot' },
    sources: [
      'Realtek SDK boa web pages: tcpip_wan, and their language files',
      'That only a restart puts it into effect: as builds with REBOOT_CHECK have it, not read in a source',
    ],
  },
  libalias: FREEBSD,
  'libalias-main': FREEBSD,
  pf: {
    kind: 'shell',
    prompt: 'root@router#',
    says: 'pf is set up in /etc/pf.conf and by pfctl. It has no helper for VPNs, so there is nothing to switch.',
    commands: [{ text: 'pfctl -F states', says: 'Forget every connection', does: { do: 'flush' } }, REBOOT],
    sources: ['pfctl(8)'],
  },
};
