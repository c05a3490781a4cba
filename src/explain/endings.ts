/** Words for the reasons why a packet's way ended, or why it was not tracked. @module */
import type { InvalidWhy, Reason, RouterAnswer } from '../router/reason.ts';
import { formatIpv4 } from '../wire/address.ts';
import { LINKS } from './libalias.ts';
import { type About, count, GRE, protocolName, type Words } from './words.ts';

type Of<Code extends Reason['code']> = Extract<Reason, { code: Code }>;
type Say<Code extends Reason['code']> = (reason: Of<Code>, about: About | undefined) => Words;

const invalid: Readonly<Record<InvalidWhy, string>> = {
  checksum: 'its checksum is wrong',
  truncated: 'it is cut short',
  length: 'its length fields contradict each other',
  'tcp-flags': 'no honest TCP sends these flags together',
  'tcp-window': 'its TCP sequence numbers lie outside the window',
  'tcp-state': 'TCP cannot send this in the state the connection is in',
  'tcp-no-connection': 'it belongs to no TCP connection and cannot begin one',
  'icmp-type': 'an ICMP message of this type begins no flow',
  'icmp-unknown-flow': 'it reports on a flow that is not in the table',
  'sctp-no-init': 'it belongs to no SCTP association and does not begin one',
  'sctp-vtag': 'its SCTP verification tag is not the one agreed',
  'sctp-chunk': 'its SCTP chunks do not fit the state of the association',
  'udplite-coverage': 'Linux checks UDP-Lite with UDP’s protocol number, so no UDP-Lite checksum passes',
  'gre-unlisted': 'it belongs to no call that the router has read of',
  'alg-table-full': 'the table of tunnels is full',
  'gre-version': 'it is neither plain GRE nor the GRE that PPTP uses',
};

const untracked: Say<'untracked-invalid'> = ({ why }) => ({
  short: 'invalid',
  student: `The router cannot assign this packet to any flow: ${invalid[why]}. So it does not translate it.`,
  engineer: `Connection tracking calls it INVALID: ${invalid[why]}. Without a rule that drops INVALID packets it is routed untranslated.`,
  source: 'Linux: nf_conntrack_in',
});

const headers: Readonly<Record<Of<'bad-ip-header'>['why'], string>> = {
  version: 'the version is not 4',
  'header-length': 'the header length is impossible',
  'total-length': 'the total length is impossible',
  checksum: 'the header checksum is wrong',
  options: 'an option is malformed',
};

const badHeader: Say<'bad-ip-header'> = ({ why }) => ({
  short: 'bad header',
  student: `The packet is damaged: ${headers[why]}. The router throws it away.`,
  engineer: `IPv4 header refused before any hook: ${headers[why]}.`,
  source: 'RFC 1812 §5.2.2 · Linux: ip_rcv_core',
});

const badOption: Say<'bad-ip-option'> = ({ offset }) => ({
  short: 'bad option',
  student: 'An option in the IP header makes no sense. The router throws the packet away and tells its sender where.',
  engineer: `ICMP Parameter Problem pointing at byte ${offset} of the header.`,
  source: 'RFC 1812 §5.3.13 · Linux: ip_rcv_options, ip_options_compile',
});

const tooShort: Say<'too-short-to-translate'> = ({ protocol }) => ({
  short: 'too short',
  student: `The packet is too short to hold the ${protocolName(protocol)} header that the router would have to change.`,
  engineer: `${protocolName(protocol)} header not whole: translation fails, the packet is dropped.`,
  source: 'Linux: nf_nat_manip_pkt',
});

const waiting: Say<'waiting-for-fragments'> = ({ have }) => ({
  short: 'waiting for pieces',
  student: 'The router keeps this piece and waits for the rest: without all pieces it cannot tell whose packet it is.',
  engineer: `${count(have, 'fragment')} held; nothing leaves until the datagram is whole, or its time is up.`,
  source: 'Linux: nf_ct_ipv4_gather_frags, ip_defrag',
});

const discarded: Readonly<Record<Of<'fragments-discarded'>['why'], string>> = {
  overlap: 'two of them overlap',
  oversize: 'together they are longer than a packet may be',
  duplicate: 'this one was there already',
};

const fragmentsGone: Say<'fragments-discarded'> = ({ why }) => ({
  short: 'pieces thrown away',
  student: `The router throws the collected pieces away: ${discarded[why]}.`,
  engineer: `Reassembly given up: ${discarded[why]}.`,
  source: 'Linux: ip_defrag, ip_frag_queue',
});

const ttl: Say<'ttl-expired'> = () => ({
  short: 'out of hops',
  student: 'The packet has used up its hops. It ends here, and its sender is told.',
  engineer: 'TTL would become 0: ICMP Time Exceeded to the sender.',
  source: 'RFC 1812 §5.3.1 · Linux: ip_forward',
});

const tooBig: Say<'too-big'> = ({ mtu, length }) => ({
  short: 'too long',
  student: `The packet has ${length} bytes, the next link carries ${mtu}, and its sender forbade cutting it up.`,
  engineer: `DF is set and ${length} > MTU ${mtu}: ICMP Fragmentation Needed to the sender.`,
  source: 'RFC 1191 §4 · Linux: ip_forward',
});

const noRoute: Say<'no-route'> = ({ destination }) => ({
  short: 'no route',
  student: `The router knows no way to ${formatIpv4(destination)}.`,
  engineer: `No route to ${formatIpv4(destination)}.`,
  source: 'RFC 1812 §5.2.4 · Linux: ip_route_input_slow',
});

const martian: Say<'martian'> = ({ address }) => ({
  short: 'impossible address',
  student: `An address of this packet, ${formatIpv4(address)}, cannot be right where it turned up. The router throws it away.`,
  engineer: `Martian address ${formatIpv4(address)}: discarded without an answer.`,
  source: 'RFC 1812 §5.3.7 · Linux: ip_route_input_slow',
});

const PASSTHROUGH: Readonly<Record<string, string>> = { pptp: 'PPTP', l2tp: 'L2TP', ipsec: 'IPsec' };

/** The rules of a passthrough switch bear its name: "ipsec-passthrough-off: udp dport 500". */
function forbidden(rule: string): string {
  const [, name = '', what = ''] = /^(\w+)-passthrough-off: (.+)$/.exec(rule) ?? [];
  const passthrough = PASSTHROUGH[name];
  if (passthrough === undefined) return 'A firewall rule of the router forbids this packet.';
  const dropped = what.replace(/^(tcp|udp) dport /, (_, protocol: string) => `${protocol.toUpperCase()} `);
  return `With ${passthrough} passthrough off, a rule of this router drops ${dropped}.`;
}

const blocked: Say<'blocked-by-rule'> = ({ rule, chain }) => ({
  short: 'blocked by a rule',
  student:
    chain === 'input'
      ? 'The firewall lets nothing in to the router that nobody asked for. The packet vanishes, and its sender is told nothing.'
      : forbidden(rule),
  engineer: `Chain ${chain}, rule “${rule}”.`,
  source: `Linux: nftables, hook ${chain}`,
});

const clash: Say<'tuple-clash'> = ({ protocol, owner, client }, about) => {
  const name = protocolName(protocol);
  const byServer = owner === about?.destination;
  return {
    short: 'already taken',
    student: byServer
      ? `${name} has no ports. ${formatIpv4(owner)} sent first, and the router took that for its own and noted it so. The packet of ${formatIpv4(client)} finds the place taken and vanishes without a word.`
      : `${name} has no ports. So the router can serve only one laptop toward this server, and that is ${formatIpv4(owner)}. The packet of ${formatIpv4(client)} vanishes without a word.`,
    engineer: `The reply tuple is taken by the entry of ${formatIpv4(owner)}${byServer ? ' with the router itself' : ''}, and ${name} has no number that NAT could change. Dropped at confirm: insert_failed and drop count it.`,
    source: 'Linux: get_unique_tuple, nf_ct_resolve_clash',
  };
};

const noPort: Say<'no-port'> = ({ protocol }) => ({
  short: 'no ports',
  student: `${protocolName(protocol)} has no ports. This router keeps laptops apart by ports alone, so it has no place for this packet and throws it away.`,
  engineer: `NAPT translates TCP, UDP and ICMP queries; ${protocolName(protocol)} carries nothing it could change, and no ALG has announced this flow.`,
  source: 'RFC 3022 §2.2, §4.1',
});

const untranslatable: Say<'untranslatable'> = () => ({
  short: 'cannot be translated',
  student:
    'This packet belongs to no flow and cannot begin one. Sent on as it is, it would show a private address outside.',
  engineer: 'No mapping fits and none can be made from this packet: dropped rather than forwarded untranslated.',
  source: 'RFC 5508 REQ-5 of ICMP errors; for the rest a choice of this router, beyond RFC 4787',
});

const usedUp: Say<'ports-used-up'> = ({ low, high }) => ({
  short: 'no port left',
  student: `The router shows each flow to the outside by a port of its own, and every port from ${low} to ${high} is in use. There is none for this flow, so its packet ends here.`,
  engineer: `No free port from ${low} to ${high} (with port parity: no even or no odd one), and overloading would give two inside ends the same. Nobody’s mapping is taken away for a new flow.`,
  source: 'RFC 4787 REQ-3 · RFC 6888 REQ-11',
});

const toRouter: Say<'addressed-to-router'> = ({ unknownFlow, by }, about) => {
  if (!unknownFlow)
    return {
      short: 'for the router',
      student: 'This packet is meant for the router itself.',
      engineer: 'The destination is an address of the router: local delivery.',
      source: by ? LINKS : 'Linux: ip_local_deliver',
    };
  if (about?.protocol === GRE && about.greByAddresses) return unbegunGre(by, about.greSent);
  if (!by && about?.protocol === GRE && about.callId !== undefined) return nobodysGre(about.callId, about.helper);
  return {
    short: 'no entry fits',
    student: 'No entry in the table fits this packet, so the router takes it as meant for itself.',
    engineer: by
      ? 'The destination is an address of the NAT host, and no link leads inside: it is the host’s own.'
      : 'The destination is an address of the router and no reply tuple matches: local delivery, not forwarding.',
    source: `RFC 4787 §5 · ${by ? LINKS : 'Linux: resolve_normal_ct, ip_local_deliver'}`,
  };
};

/** The heart of the matter: GRE from a PPTP server, and the router has no note of the call. */
function nobodysGre(callId: number, helper: boolean | undefined): Words {
  const unread =
    helper === false ? 'which the router, with PPTP passthrough off, did not read' : 'and the router has no note of it';
  return {
    short: 'no entry fits',
    student: `GRE has no ports. Only Call ID ${callId} says whose packet this is; that was agreed in the control connection, ${unread}. So it takes the packet for its own.`,
    engineer: `The tuple’s destination key is Call ID ${callId}; its source key would come from the PPTP helper’s key map, which holds nothing for it. An entry made by the client’s own GRE expects the server’s Call ID as source key and 0 as destination key: no match, local delivery.`,
    source: 'RFC 2637 §4.1 · Linux: gre_pkt_to_tuple, resolve_normal_ct',
  };
}

/** GRE from outside at a router that knows it by addresses: not its Call ID is missing, but a laptop that has begun. */
function unbegunGre(by: Of<'addressed-to-router'>['by'], sent: boolean | undefined): Words {
  return {
    short: 'no entry fits',
    student:
      sent === false
        ? 'This router tells GRE apart by addresses alone, and no laptop has sent GRE to this server yet. So it knows of none that this could be for, and takes the packet for its own.'
        : 'This router tells GRE apart by addresses alone, and its table has no GRE of a laptop with this server. So it takes the packet for its own.',
    engineer: by
      ? 'No link of protocol 47 leads from this remote end inside: the packet is the NAT host’s own.'
      : 'GRE has no tracker here: a tuple is two addresses and protocol 47. No reply tuple has this source: local delivery, and where INPUT accepts it an entry of the router itself.',
    source: by ? LINKS : 'Linux: nf_conntrack_proto_generic, resolve_normal_ct',
  };
}

const answers: Readonly<Record<RouterAnswer, string>> = {
  'echo-reply': 'an echo reply',
  'tcp-reset': 'a TCP reset',
  'port-unreachable': '“port unreachable”',
  'protocol-unreachable': '“protocol unreachable”',
  'host-unreachable': '“host unreachable”',
  'net-unreachable': '“network unreachable”',
  'admin-prohibited': '“administratively prohibited”',
  'time-exceeded': '“time exceeded”',
  'reassembly-time-exceeded': '“reassembly time exceeded”',
  'fragmentation-needed': '“fragmentation needed”',
  'parameter-problem': '“parameter problem”',
  'timestamp-reply': 'a timestamp reply',
  'sctp-abort': 'an SCTP abort',
  none: 'nothing at all',
};

const nobody: Say<'nobody-listens'> = ({ answer }, about) => ({
  short: 'nobody listens',
  student: `Nothing on the router itself wants it. It answers ${answers[answer]}.`,
  engineer: `Local delivery of ${about ? protocolName(about.protocol) : 'the packet'} finds no listener; the router sends ${answers[answer]}.`,
  source: 'RFC 1122 §3.2.2.1 · Linux: ip_protocol_deliver_rcu',
});

const unmatchedError: Say<'icmp-error-unmatched'> = () => ({
  short: 'unknown flow',
  student: 'An error report about a packet the router has no record of: there is nobody to hand it to.',
  engineer: 'The quoted packet matches no entry.',
  source: 'Linux: nf_conntrack_inet_error',
});

const badChecksum: Say<'checksum-wrong'> = ({ protocol }) => ({
  short: 'damaged',
  student: `The ${protocolName(protocol)} checksum is wrong: the packet was damaged on its way.`,
  engineer: `${protocolName(protocol)} checksum does not match the bytes.`,
  source: 'Linux: nf_ip_checksum',
});

const full: Say<'table-full'> = ({ limit }) => ({
  short: 'table full',
  student: `The router’s table holds ${limit} flows and is full. A new flow finds no room.`,
  engineer: `nf_conntrack_max is ${limit}. The kernel would first try to evict an unassured entry; this router does not.`,
  source: 'Linux: __nf_conntrack_alloc, early_drop',
});

export const endings = {
  'untracked-invalid': untracked,
  'bad-ip-header': badHeader,
  'bad-ip-option': badOption,
  'too-short-to-translate': tooShort,
  'waiting-for-fragments': waiting,
  'fragments-discarded': fragmentsGone,
  'ttl-expired': ttl,
  'too-big': tooBig,
  'no-route': noRoute,
  martian,
  'blocked-by-rule': blocked,
  'tuple-clash': clash,
  'no-port': noPort,
  untranslatable,
  'ports-used-up': usedUp,
  'addressed-to-router': toRouter,
  'nobody-listens': nobody,
  'icmp-error-unmatched': unmatchedError,
  'checksum-wrong': badChecksum,
  'table-full': full,
};
