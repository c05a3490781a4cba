/** Words for what FreeBSD's libalias does, where it is not what other routers do. @module */
import type { RawWhy, Reason } from '../router/reason.ts';
import { formatIpv4 } from '../wire/address.ts';
import { type About, ICMP, keyName, protocolName, type Words } from './words.ts';

type Of<Code extends Reason['code']> = Extract<Reason, { code: Code }>;
type Say<Code extends Reason['code']> = (reason: Of<Code>, about: About | undefined) => Words;

/** Where libalias's table is looked up and kept. */
export const LINKS = 'FreeBSD: libalias, alias_db.c';
export const PACKETS = 'FreeBSD: libalias, alias.c';
const CALLS = 'RFC 2637 §2 · FreeBSD: libalias, alias_pptp.c';

const answersTaken: Say<'answers-taken'> = ({ protocol, from, to }) => ({
  short: 'takes the answers',
  student: `${protocolName(protocol)} has no ports, so this router gives all answers of a server to whoever began last. That was ${formatIpv4(from)}; from now on it is ${formatIpv4(to)}.`,
  engineer: `The new link of ${formatIpv4(to)} is put before that of ${formatIpv4(from)}: same remote, same protocol, alias port 0, and no test for uniqueness.`,
  source: LINKS,
});

const newestGetsIt: Say<'newest-gets-it'> = ({ protocol, owner, rival }) => ({
  short: 'to the newest',
  student: `This could be for ${formatIpv4(owner)} or for ${formatIpv4(rival)}: ${protocolName(protocol)} has no ports that would tell. The router gives it to ${formatIpv4(owner)}, who began last.`,
  engineer: `Of the links of this remote and protocol the newest is found first, that of ${formatIpv4(owner)}. Being found keeps it alive, however silent its host is.`,
  source: LINKS,
});

const hostOwns: Say<'host-owns'> = ({ protocol, remote, key }) => {
  const name = keyName(protocol);
  const kept =
    key === undefined
      ? `From now on it takes all ${protocolName(protocol)} of ${formatIpv4(remote)} for its own, until somebody inside sends some`
      : `From now on ${protocol === ICMP ? '' : `${protocolName(protocol)} `}${name} ${key} toward ${formatIpv4(remote)} is its own`;
  return {
    short: 'the router keeps it',
    student: `Nobody inside asked for this packet. The router keeps it for itself, and writes that down. ${kept}.`,
    engineer: `No link fits and deny_incoming is off: the packet goes to the NAT host unchanged, and a link for the host is made.`,
    source: LINKS,
  };
};

const raw: Readonly<Record<RawWhy, { readonly student: string; readonly engineer: string }>> = {
  'unknown-call': {
    student: 'The router has read of no call with this number.',
    engineer: 'the PPTP module knows no call with this Call ID and leaves the packet alone, in either direction',
  },
  'no-free-key': {
    student: 'The router tried twenty numbers, and others have them all.',
    engineer: 'twenty tries found no free alias port, so no link was made',
  },
  'too-short': {
    student: 'The packet is too short to hold what the router would change.',
    engineer: 'the transport header is not whole',
  },
  'icmp-type': {
    student: 'This kind of message is one the router does not translate.',
    engineer: 'the ICMP type is neither echo nor timestamp, nor an error that libalias reads (a redirect is none)',
  },
  'quotes-no-link': {
    student: 'The router cannot tell whose packet this report is about.',
    engineer: 'the quoted packet has no link, or is of a protocol without ports, whose errors libalias ignores',
  },
  'first-piece-missing': {
    student: 'This is a later piece of a packet, and the first one, which says whose it is, has not come.',
    engineer: 'no first fragment with this identification was seen, and natd does not wait for it',
  },
};

const passedRaw: Say<'passed-raw'> = ({ why, callId }) => {
  const id = callId === undefined ? '' : ` Call ID: ${callId}.`;
  return {
    short: 'passed as it is',
    student: `${raw[why].student} It is not dropped for that: it goes on as it is, and on the way out that shows a private address.`,
    engineer: `Untranslated: ${raw[why].engineer}.${id}`,
    source: why === 'unknown-call' ? CALLS : PACKETS,
  };
};

const callCompleted: Say<'call-completed'> = ({ callId, owner }) => ({
  short: 'call noted',
  student: `The router has read both numbers of the call. The server’s is ${callId}: GRE of ${formatIpv4(owner)} that carries it may leave from now on.`,
  engineer: `The other end’s Call ID ${callId} is noted in the link of ${formatIpv4(owner)}. Outbound GRE is found by it, inbound GRE by ours.`,
  source: CALLS,
});

const callForgotten: Say<'call-forgotten'> = ({ entry, why, callId, owner, client }) => {
  const strayed = owner !== client;
  const end = why === 'refused' ? 'The call was refused' : 'The call has ended';
  return {
    short: strayed ? 'wrong call forgotten' : 'call forgotten',
    student: strayed
      ? `${end}, but the router forgets the wrong one. The server uses one number for calls of ${formatIpv4(client)} and ${formatIpv4(owner)}, and the newer goes.`
      : `${end}, so the router forgets it. GRE that still comes for it belongs to nobody.`,
    engineer: `Link #${entry} of ${formatIpv4(owner)}, Call ID ${callId} outside, is deleted (${why}).${strayed ? ` It was said in a control connection of ${formatIpv4(client)}: the look-up by the server’s Call ID takes the newest link.` : ''}`,
    source: CALLS,
  };
};

const quoteWrong: Say<'quote-checksum-wrong'> = ({ because }) => ({
  short: 'quote damaged',
  student:
    'The error report quotes a header, and the router changed it without getting its checksum right. A careful reader takes the quote for damaged.',
  engineer:
    because === 'port'
      ? 'The checksum of the quoted IP header takes in the change of port, which it does not cover.'
      : 'The quoted address is replaced and the checksum of the quoted IP header left as it was.',
  source: `RFC 5508 REQ-4, REQ-5 · ${PACKETS}`,
});

const piecesNoted: Say<'pieces-noted'> = ({ datagram, host }) => ({
  short: 'first piece',
  student: `Only this first piece says whose the packet is. The router notes that the other pieces of packet ${datagram} are for ${formatIpv4(host)} too.`,
  engineer: `More fragments follow: identification ${datagram} of this remote is noted for ${formatIpv4(host)}, nominally for 10 s.`,
  source: LINKS,
});

const pieceMatched: Say<'piece-matched'> = ({ datagram, host }) => ({
  short: 'known by its number',
  student: `This piece of packet ${datagram} goes where the first one went, to ${formatIpv4(host)}.`,
  engineer: `A later fragment: identification ${datagram} is noted for ${formatIpv4(host)}.`,
  source: LINKS,
});

const pieceUnchecked: Say<'piece-unchecked'> = () => ({
  short: 'later piece',
  student:
    'A later piece of a packet says nothing of ports. The router gives it its own address without asking whose it is.',
  engineer:
    'A later fragment going out gets the alias address without any look-up; its identification stays, even if two hosts use the same.',
  source: `RFC 3022 §6.3 · ${PACKETS}`,
});

export const libalias = {
  'answers-taken': answersTaken,
  'newest-gets-it': newestGetsIt,
  'host-owns': hostOwns,
  'passed-raw': passedRaw,
  'call-completed': callCompleted,
  'call-forgotten': callForgotten,
  'quote-checksum-wrong': quoteWrong,
  'pieces-noted': piecesNoted,
  'piece-matched': pieceMatched,
  'piece-unchecked': pieceUnchecked,
};
