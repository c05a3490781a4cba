/** Words for what helpers (ALGs) do, by which of them does it. @module */
import type { HelperId } from '../router/config.ts';
import type { IdKind, IdValue, Reason } from '../router/reason.ts';
import { formatIpv4 } from '../wire/address.ts';
import type { About, Words } from './words.ts';

type Of<Code extends Reason['code']> = Extract<Reason, { code: Code }>;
type Say<Code extends Reason['code']> = (reason: Of<Code>, about: About | undefined) => Words;

/** Who reads, as an engineer names it, and where that can be looked up. */
interface Reader {
  readonly name: string;
  readonly source: string;
}

const readers: Readonly<Record<HelperId, Reader>> = {
  'nf-gre': { name: 'The GRE tracker', source: 'Linux: nf_conntrack_proto_gre.c' },
  'nf-pptp': { name: 'The kernel’s PPTP helper', source: 'Linux: nf_conntrack_pptp.c, nf_nat_pptp.c' },
  pptp: { name: 'The PPTP ALG', source: 'RFC 2637 §2, §4.1' },
  l2tp: { name: 'The L2TP ALG', source: 'RFC 2661 §3.1, §4.4; RFC 3931 §3.2, §5.4' },
  ipsec: { name: 'The IPsec ALG', source: 'RFC 4303 §2.1; RFC 7296 §3.1; RFC 3715 §2.3' },
  'alias-pptp': { name: 'libalias’s PPTP module', source: 'FreeBSD: alias_pptp.c' },
  'broadcom-esp': { name: 'Broadcom’s ESP tracker', source: 'Broadcom Linux: nf_conntrack_proto_esp.c' },
  'broadcom-ike': { name: 'Broadcom’s IKE helper', source: 'Broadcom Linux: nf_conntrack_ipsec.c, nf_nat_ipsec.c' },
  'realtek-pptp': { name: 'Realtek’s PPTP ALG', source: 'Realtek Linux: ip_conntrack_pptp.c, ip_nat_pptp.c' },
  'realtek-l2tp': { name: 'Realtek’s L2TP ALG', source: 'Realtek Linux: ip_nat_l2tp.c' },
  'realtek-ipsec': { name: 'Realtek’s IPsec ALG', source: 'Realtek Linux: ip_nat_ipsec.c' },
};

const ids: Readonly<Record<IdKind, string>> = {
  'call-id': 'Call ID',
  'tunnel-id': 'Tunnel ID',
  'session-id': 'Session ID',
  'connection-id': 'Control Connection ID',
  cookie: 'IKE cookie',
  spi: 'SPI',
};

/** For a mark on the stage, where there is no room. */
const shortIds: Readonly<Record<IdKind, string>> = { ...ids, 'connection-id': 'Connection ID' };

const sources: Readonly<Record<IdKind, string>> = {
  'call-id': 'RFC 2637 §4.1',
  'tunnel-id': 'RFC 2661 §3.1, §4.4.3',
  'session-id': 'RFC 3931 §4.1, §5.4.4',
  'connection-id': 'RFC 3931 §3.2.1, §5.4.3',
  cookie: 'RFC 7296 §3.1; RFC 3715 §2.3 (n)',
  spi: 'RFC 4303 §2.1; RFC 3715 §2.1 (f)',
};

/** Why a Call ID is replaced at all differs from one helper to the next. */
const replaced: Readonly<Partial<Record<HelperId, string>>> = {
  'nf-pptp':
    'Netfilter always takes the outside TCP port of the control connection, clash or no clash; the TCP checksum follows.',
  'alias-pptp':
    'Another call toward this server has the number, so one drawn from 8000 to FFFF stands for it; the TCP checksum follows.',
  pptp: 'Another host has the number toward this server, so a free one stands for it; the TCP checksum follows.',
};

const callIdRewritten: Say<'call-id-rewritten'> = ({ helper, message, from, to }) => ({
  short: `Call ID ${from} → ${to}`,
  student: `The router reads the call set-up and writes Call ID ${to} over the laptop’s own ${from}. By ${to} it will know whose GRE packets come back.`,
  engineer: `${message}: Call ID ${from} → ${to}. ${replaced[helper] ?? 'The TCP checksum follows.'}`,
  source: readers[helper].source,
});

const callIdKept: Say<'call-id-kept'> = ({ helper, message, callId }) => ({
  short: `Call ID ${callId} kept`,
  student: `The router reads the call set-up and notes Call ID ${callId}. Nobody else uses it toward this server, so it may stay.`,
  engineer: `${message}: Call ID ${callId} is free toward this server and is kept; inbound GRE will be told apart by it.`,
  source: readers[helper].source,
});

const callIdRestored: Say<'call-id-restored'> = ({ helper, message, from, to }) => ({
  short: `Call ID ${from} → ${to}`,
  student: `The router puts the laptop’s own Call ID back: ${from} becomes ${to}.`,
  engineer: `${message}: Call ID ${from} → ${to}. The laptop never learns that outside it went by ${from}.`,
  source: readers[helper].source,
});

const expectationMade: Say<'expectation-made'> = ({ callId, peerCallId }) => ({
  short: 'GRE announced',
  student: 'The router has read which Call IDs both ends chose. From now on it expects their GRE packets.',
  engineer: `Two expectations, one for each direction of GRE, with Call IDs ${callId} and ${peerCallId}.`,
  source: 'RFC 2637 §2.8 · Linux: nf_conntrack_pptp.c exp_gre',
});

const helperAttached: Say<'helper-attached'> = ({ helper }) => ({
  short: 'helper reads along',
  student: 'PPTP passthrough is on: the router will read along in this control connection.',
  engineer:
    helper === 'nf-pptp'
      ? 'The helper "pptp" is attached to this new TCP connection. A rule must ask for it; netfilter never does so by itself.'
      : `${readers[helper].name} is attached to this new TCP connection.`,
  source: helper === 'nf-pptp' ? 'Linux: nf_conntrack_helper.c, nft ct helper' : readers[helper].source,
});

const missed: Readonly<Record<Of<'helper-missed'>['because'], string>> = {
  'split-message': 'the message is split over two TCP segments, and the helper reads only whole ones',
  'not-first': 'it is not the first message in its TCP segment, and the helper reads only the first',
  'bad-message': 'the message is not formed as RFC 2637 says',
  'no-session': 'no session was agreed before it (Start-Control-Connection)',
};

const helperMissed: Say<'helper-missed'> = ({ helper, because }) => ({
  short: 'helper missed it',
  student:
    'The router did not understand this control message and lets it pass unread. The call it is about goes on without help.',
  engineer: `${readers[helper].name} ignores it: ${missed[because]}.`,
  source: readers[helper].source,
});

const idSplit: Say<'id-split'> = ({ id, message }) => ({
  short: `${shortIds[id]} torn in two`,
  student: `The ${ids[id]} in this message is torn over two packets, and the first half has left already. The router cannot change it any more.`,
  engineer: `${message}: the ${ids[id]} straddles a segment border; what has left cannot be rewritten, and no free number begins alike.`,
  source: 'RFC 9293 §2.2: TCP is a stream of bytes and keeps no message together',
});

const idEvicted: Say<'id-evicted'> = ({ id, value, owner, limit }) => ({
  short: 'oldest forgotten',
  student: `The router remembers at most ${limit} numbers of this kind. To make room it forgets the one unused for longest, of ${formatIpv4(owner)}.`,
  engineer: `${named(id, value)} of ${formatIpv4(owner)} was idle for longest among ${limit} and is evicted.`,
  source: sources[id],
});

const idNoted: Say<'id-noted'> = ({ id, value, owner, port }) => ({
  short: `${shortIds[id]} noted`,
  student:
    id === 'spi'
      ? `The router notes the number by which ${formatIpv4(owner)} sends, ${ids[id]} ${valueText(id, value)}. By what number the answers come, it will see at the first one.`
      : `The router notes ${named(id, value)}: by it, and not by a port, it will know what comes back for ${formatIpv4(owner)}.`,
  engineer: `${named(id, value)} belongs to ${formatIpv4(owner)}${port === undefined ? '' : `; source port ${port} is kept, for every host`}.`,
  source: sources[id],
});

const idMatched: Say<'id-matched'> = ({ id, value, owner }) => ({
  short: `known by its ${shortIds[id]}`,
  student: `${named(id, value)} says whose packet this is: it belongs to ${formatIpv4(owner)}.`,
  engineer: `${named(id, value)} is that of a flow of ${formatIpv4(owner)}.`,
  source: sources[id],
});

const among: Readonly<Record<Of<'id-adopted'>['how'], string>> = {
  'longest-waiting': 'the one that has waited longest',
  'first-in-table': 'the first in the table that waits, whoever the packet was for',
  'last-in-table': 'the last in the table, whoever the packet was for',
};

const idAdopted: Say<'id-adopted'> = ({ id, value, owner, how }) => ({
  short: 'first answer',
  student: `Nobody knows ${named(id, value)} yet, but ${formatIpv4(owner)} waits for an answer from this server. The router takes this for it, and notes the number.`,
  engineer: `Unknown inbound ${named(id, value)}: bound to the entry of ${formatIpv4(owner)}, ${among[how]}. It was agreed inside IKE, where no router can read it.`,
  source: sources[id],
});

const hostChosen: Say<'host-chosen'> = ({ helper, by, value, host }) => ({
  short: by === 'last-caller' ? 'to the last caller' : `by its ${shortIds[by]}`,
  student:
    by === 'last-caller'
      ? `This router hands every answer to whoever called last, and that was ${formatIpv4(host)}, whether it is for it or not.`
      : `The router goes by ${named(by, value ?? 0)}, and hands this packet to ${formatIpv4(host)}.`,
  engineer:
    by === 'last-caller'
      ? `${readers[helper].name} means to go by Tunnel ID, but learns none for a slip (&& for &): the destination becomes ${formatIpv4(host)}, the last to send an SCCRQ.`
      : `${readers[helper].name}: ${named(by, value ?? 0)} is in the entry of ${formatIpv4(host)}; the destination is overwritten after translation.`,
  source: readers[helper].source,
});

const portForced: Say<'port-forced'> = ({ helper, from, to }) => ({
  short: from === to ? `port ${to} left` : `port ${from} → ${to}`,
  student: `Some servers answer only to port ${to}, so the router makes every laptop’s packet leave from it, and will go by another number to tell them apart.`,
  engineer: `${readers[helper].name} sets the UDP source port to ${to} whatever translation chose (${from}), and the checksum to 0.`,
  source: readers[helper].source,
});

const algFull: Say<'alg-full'> = ({ helper, limit }) => ({
  short: 'no room for more',
  student: `This router can keep ${limit} laptops apart here and has that many already. What the next one sends is thrown away.`,
  engineer: `${readers[helper].name} has ${limit} entries, all in use: NF_DROP.`,
  source: readers[helper].source,
});

const idUnknown: Say<'id-unknown'> = ({ id, value }) => ({
  short: `unknown ${shortIds[id]}`,
  student: `The router has no note of ${named(id, value)}, and nobody waits for it. So it cannot tell whose packet this is.`,
  engineer: `Inbound ${named(id, value)} is in no flow of this server, and no flow waits for one.`,
  source: sources[id],
});

const idRewritten: Say<'id-rewritten'> = ({ id, message, from, to }) => ({
  short: `${shortIds[id]} replaced`,
  student: `Another laptop in the house has ${named(id, from)} toward this server already, so the router writes ${valueText(id, to)} in its place.`,
  engineer: `${message}: ${ids[id]} ${valueText(id, from)} → ${valueText(id, to)}; the UDP checksum follows.`,
  source: sources[id],
});

const idRestored: Say<'id-restored'> = ({ id, message, from, to }) => ({
  short: `${shortIds[id]} put back`,
  student: `The router puts the laptop’s own ${ids[id]} back: ${valueText(id, from)} becomes ${valueText(id, to)}.`,
  engineer: `${message}: ${ids[id]} ${valueText(id, from)} → ${valueText(id, to)}; the laptop never learns the outside number.`,
  source: sources[id],
});

const so: Readonly<Record<'other-port' | 'dropped' | 'passed', string>> = {
  'other-port': 'It goes out by another port instead, as any UDP does.',
  dropped: 'There is no other way to tell them apart, so it is dropped.',
  passed: 'It passes as it is.',
};

const idUnreadable: Say<'id-unreadable'> = (reason) => ({
  short: `${shortIds[reason.id]} hidden`,
  student: `The ${ids[reason.id]} in this message is hidden: only the two ends can read it, and the router cannot. ${so[reason.so]}`,
  engineer: `The ${ids[reason.id]} AVP has its H bit set; without the tunnel’s secret it can be neither read nor changed. ${so[reason.so]}`,
  source: 'RFC 2661 §4.3',
});

const idTaken: Say<'id-taken'> = (reason) => ({
  short: `${shortIds[reason.id]} taken`,
  student: `${formatIpv4(reason.owner)} and ${formatIpv4(reason.client)} chose the same ${ids[reason.id]}, and in this message it cannot be changed without the server noticing. ${so[reason.so]}`,
  engineer: `${named(reason.id, reason.value)} of ${formatIpv4(reason.client)} is that of ${formatIpv4(reason.owner)} toward this server, and is covered by an integrity check. ${so[reason.so]}`,
  source: reason.id === 'cookie' ? 'RFC 7296 §2.1, §2.15' : 'RFC 3931 §4.3',
});

const heldBack: Say<'held-back'> = ({ id, value, owner, client }) => ({
  short: 'must wait its turn',
  student: `${formatIpv4(owner)} has just begun with this server and has no answer yet. If ${formatIpv4(client)} began too, the router could not tell whose the first answer is. So this packet is dropped; a later one will pass.`,
  engineer: `${named(id, value)} of ${formatIpv4(client)} is new while a pair of ${formatIpv4(owner)} toward this server still lacks its inbound SPI: one at a time.`,
  source: sources[id],
});

const entryEvicted: Say<'entry-evicted'> = ({ entry, idle, limit }) => ({
  short: 'oldest flow forgotten',
  student: `The router’s table holds ${limit} flows and is full. To make room it forgets the one that was silent for longest.`,
  engineer: `Entry #${entry}, idle for ${Math.round(idle)} s, is evicted: the table holds ${limit}.`,
  source: 'A choice of this router; RFC 6888 REQ-11 would have a carrier’s NAT refuse the new flow',
});

const outOfOrder: Say<'out-of-order'> = ({ helper }) => ({
  short: 'overtook another',
  student:
    'This piece of the control connection has overtaken an earlier one. The router must read in order, so it does not let it past; its sender will repeat it.',
  engineer: `${readers[helper].name} reads TCP as a stream; bytes before this segment have not come yet. Dropped, and repeated by its sender.`,
  source: 'RFC 9293 §3.8.1',
});

const named = (id: IdKind, value: IdValue): string => `${ids[id]} ${valueText(id, value)}`;

/** Numbers of 32 bits and more are read as hex. */
function valueText(id: IdKind, value: IdValue): string {
  if (typeof value === 'string') return value.length > 8 ? `${value.slice(0, 8)} ${value.slice(8)}` : value;
  return id === 'call-id' || id === 'tunnel-id' ? String(value) : value.toString(16).padStart(8, '0');
}

export const helpers = {
  'call-id-rewritten': callIdRewritten,
  'call-id-restored': callIdRestored,
  'call-id-kept': callIdKept,
  'expectation-made': expectationMade,
  'helper-attached': helperAttached,
  'helper-missed': helperMissed,
  'id-split': idSplit,
  'id-evicted': idEvicted,
  'id-noted': idNoted,
  'id-matched': idMatched,
  'id-adopted': idAdopted,
  'id-unknown': idUnknown,
  'host-chosen': hostChosen,
  'port-forced': portForced,
  'alg-full': algFull,
  'id-rewritten': idRewritten,
  'id-restored': idRestored,
  'id-unreadable': idUnreadable,
  'id-taken': idTaken,
  'held-back': heldBack,
  'entry-evicted': entryEvicted,
  'out-of-order': outOfOrder,
};
