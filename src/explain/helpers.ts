/** Words for what helpers (ALGs) do, by which of them does it. @module */
import type { HelperId } from '../router/config.ts';
import type { IdKind, Reason } from '../router/reason.ts';
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
  'nf-pptp': { name: "The kernel's PPTP helper", source: 'Linux: nf_conntrack_pptp.c, nf_nat_pptp.c' },
  pptp: { name: 'The PPTP ALG', source: 'RFC 2637 §2, §4.1' },
  l2tp: { name: 'The L2TP ALG', source: 'RFC 2661 §3.1, §4.4; RFC 3931 §3.2, §5.4' },
  ipsec: { name: 'The IPsec ALG', source: 'RFC 4303 §2.1; RFC 7296 §3.1; RFC 3715 §2.3' },
  'alias-pptp': { name: "libalias's PPTP module", source: 'FreeBSD: alias_pptp.c' },
  'broadcom-esp': { name: "Broadcom's ESP tracker", source: 'Broadcom: nf_conntrack_proto_esp.c' },
  'broadcom-ike': { name: "Broadcom's IKE helper", source: 'Broadcom: nf_conntrack_ipsec.c' },
  'realtek-pptp': { name: "Realtek's PPTP ALG", source: 'Realtek SDK: ip_conntrack_pptp.c, ip_nat_pptp.c' },
  'realtek-l2tp': { name: "Realtek's L2TP ALG", source: 'Realtek SDK: ip_nat_l2tp.c' },
  'realtek-ipsec': { name: "Realtek's IPsec ALG", source: 'Realtek SDK: ip_nat_ipsec.c' },
};

const ids: Readonly<Record<IdKind, string>> = {
  'call-id': 'Call ID',
  'tunnel-id': 'Tunnel ID',
  'session-id': 'Session ID',
  'connection-id': 'Control Connection ID',
  cookie: 'IKE cookie',
  spi: 'SPI',
};

/** Why a Call ID is replaced at all differs from one helper to the next. */
const replaced: Readonly<Partial<Record<HelperId, string>>> = {
  'nf-pptp':
    'Netfilter always takes the outside TCP port of the control connection, clash or no clash; the TCP checksum follows.',
  pptp: 'Another host has the number toward this server, so a free one stands for it; the TCP checksum follows.',
};

const callIdRewritten: Say<'call-id-rewritten'> = ({ helper, message, from, to }) => ({
  short: `Call ID ${from} → ${to}`,
  student: `The router reads the call set-up and writes Call ID ${to} over the laptop's own ${from}. By ${to} it will know whose GRE packets come back.`,
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
  student: `The router puts the laptop's own Call ID back: ${from} becomes ${to}.`,
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
  short: `${ids[id]} torn in two`,
  student: `The ${ids[id]} in this message is torn over two packets, and the first half has left already. The router cannot change it any more.`,
  engineer: `${message}: the ${ids[id]} straddles a segment border; what has left cannot be rewritten, and no free number begins alike.`,
  source: 'RFC 9293 §3.8: TCP is a stream of bytes and keeps no message together',
});

const idEvicted: Say<'id-evicted'> = ({ id, value, owner, limit }) => ({
  short: 'oldest forgotten',
  student: `The router remembers at most ${limit} numbers of this kind. To make room it forgets the one unused for longest, of ${formatIpv4(owner)}.`,
  engineer: `${ids[id]} ${numberText(id, value)} of ${formatIpv4(owner)} was the oldest idle one among ${limit} and is evicted.`,
  source: 'RFC 4787 §11: state must be bounded',
});

const outOfOrder: Say<'out-of-order'> = ({ helper }) => ({
  short: 'overtook another',
  student:
    'This piece of the control connection has overtaken an earlier one. The router must read in order, so it does not let it past; its sender will repeat it.',
  engineer: `${readers[helper].name} reads TCP as a stream; bytes before this segment have not come yet. Dropped, and repeated by its sender.`,
  source: 'RFC 9293 §3.8.1',
});

/** SPIs and cookies are read as hex, the rest as numbers. */
function numberText(id: IdKind, value: number): string {
  return id === 'spi' || id === 'cookie' ? value.toString(16).padStart(8, '0') : String(value);
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
  'out-of-order': outOfOrder,
};
