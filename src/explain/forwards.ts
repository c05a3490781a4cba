/** Words for the reasons why a packet went on. @module */
import type { Reason } from '../router/reason.ts';
import { formatIpv4 } from '../wire/address.ts';
import { LINKS, PACKETS } from './libalias.ts';
import { type About, count, GRE, keyName, tupleText, type Words } from './words.ts';

type Of<Code extends Reason['code']> = Extract<Reason, { code: Code }>;
type Say<Code extends Reason['code']> = (reason: Of<Code>, about: About | undefined) => Words;

const created: Say<'entry-created'> = ({ entry, original, reply, by }) => ({
  short: 'new flow',
  student: 'First packet of a new flow. The router writes it into its table, so that it will know the answers.',
  engineer: `Entry #${entry}: ${tupleText(original)}. Answers are expected as ${tupleText(reply)}.`,
  source: by ? LINKS : 'Linux: init_conntrack, __nf_conntrack_confirm',
});

const matched: Say<'entry-matched'> = ({ entry, direction, by }) => ({
  short: direction === 'reply' ? 'answer of a known flow' : 'known flow',
  student:
    direction === 'reply'
      ? 'The router has this flow in its table, so it knows whose answer this is.'
      : 'The router has this flow in its table already.',
  engineer: by
    ? `Link #${entry} is found: its inside end and remote end, or its alias and remote end, are the packet’s.`
    : `The packet equals the ${direction} tuple of entry #${entry}.`,
  source: by ? LINKS : 'Linux: resolve_normal_ct',
});

const expected: Say<'expectation-matched'> = ({ entry, master }) => ({
  short: 'expected',
  student: 'The router was waiting for this packet: it had read, in the control connection, that the call was coming.',
  engineer: `An expectation of entry #${master} becomes entry #${entry}; its state is RELATED.`,
  source: 'Linux: init_conntrack, nf_ct_find_expectation',
});

const sourceTranslated: Say<'source-translated'> = ({ from, to, by }, about) => {
  // GRE going out carries the server's Call ID, which stays.
  const another = from.key !== to.key && about?.protocol !== GRE ? keyName(about?.protocol) : '';
  const numbers = another ? `, ${another} ${from.key} → ${to.key}` : '';
  return {
    short: 'source replaced',
    student: `The router puts its own address in place of the sender’s${another ? `, and another ${another} too` : ''}.`,
    engineer: `Source address ${formatIpv4(from.address)} → ${formatIpv4(to.address)}${numbers}; checksums follow.`,
    source: `RFC 3022 §2.2 · ${by ? PACKETS : 'Linux: nf_nat_masquerade_ipv4, nf_nat_manip_pkt'}`,
  };
};

const destinationTranslated: Say<'destination-translated'> = ({ from, to, by }, about) => {
  const numbers = from.key === to.key ? '' : `, ${keyName(about?.protocol)} ${from.key} → ${to.key}`;
  return {
    short: 'destination put back',
    student: about?.router
      ? `${about.router} puts the inside address back: the packet goes on to ${formatIpv4(to.address)}.`
      : `The router puts the inside address back: this packet is for ${formatIpv4(to.address)}.`,
    engineer: `Destination ${formatIpv4(from.address)} → ${formatIpv4(to.address)}${numbers}; checksums follow.`,
    source: `RFC 3022 §2.2 · ${by ? PACKETS : 'Linux: nf_nat_manip_pkt'}`,
  };
};

const portKept: Say<'port-kept'> = ({ port, by }, about) => ({
  short: 'port kept',
  student: `Nobody else in the house uses ${keyName(about?.protocol)} ${port} toward this server, so it stays as it is.`,
  engineer: by
    ? `No link of this remote end has alias ${keyName(about?.protocol)} ${port}; with same-ports it is tried first.`
    : `The reply tuple with ${port} is free; netfilter changes a source ${keyName(about?.protocol)} only if it must.`,
  source: by ? LINKS : 'Linux: get_unique_tuple',
});

const portReused: Say<'port-reused'> = ({ from, to }, about) => ({
  short: 'port used again',
  student: `Outside, this sender is already known by ${keyName(about?.protocol)} ${to}, so the router uses that again.`,
  engineer: `A mapping of the same inside address and ${from} exists; its ${to} is tried first, whatever the destination.`,
  source: 'Linux: find_appropriate_src',
});

const portDrawn: Say<'port-drawn'> = ({ from, to, low, high, how, because, by }, about) => {
  const name = keyName(about?.protocol);
  const why = {
    taken: `Another laptop in the house already uses ${name} ${from} toward this server`,
    reserved: `The router keeps ${name} ${from} for traffic that it can tell apart by other numbers`,
    always: `This router gives every flow a ${name} of its own choice`,
  };
  const cause = {
    taken: `The reply tuple with ${from} is taken.`,
    reserved: `${from} is reserved by an ALG for flows it can tell apart without ports.`,
    always: 'Port assignment does not preserve the source port.',
  };
  const draw = how === 'in-order' ? 'searched in order' : 'drawn at random';
  return {
    short: `${name} ${from} → ${to}`,
    student: `${why[because]}, so the router takes another: ${to}.`,
    engineer: `${cause[because]} The new number is ${draw} from ${low} to ${high}.`,
    source: `RFC 4787 §4.2 · ${by ? LINKS : 'Linux: nf_nat_l4proto_unique_tuple'}`,
  };
};

const mappingAdmitted: Say<'mapping-admitted'> = ({ remote }) => ({
  short: 'let in by the mapping',
  student: `Nobody inside has asked ${formatIpv4(remote.address)} for this. But a port that is in use is open to others too at this router.`,
  engineer: `Filtering behaviour admits ${formatIpv4(remote.address)}:${remote.key} to an existing mapping.`,
  source: 'RFC 4787 §5',
});

const icmpRelated: Say<'icmp-error-related'> = ({ entry, direction, by }) => ({
  short: 'error of a known flow',
  student:
    'This error report is about a packet of a flow the router knows, so it is passed on to whoever sent that packet.',
  engineer: `The quoted packet belongs to entry #${entry}, ${direction} direction; addresses and numbers inside the quotation are put back too.`,
  source: `RFC 5508 REQ-4, REQ-5 · ${by ? PACKETS : 'Linux: nf_conntrack_inet_error, nf_nat_icmp_reply_translation'}`,
});

const notTranslated: Say<'not-translated'> = ({ by }) => ({
  short: 'not translated',
  student: 'The router changes no address in this packet.',
  engineer: 'No translation applies: the packet is routed with the addresses it came with.',
  source: by ? PACKETS : 'Linux: nf_nat_inet_fn',
});

const reassembled: Say<'reassembled'> = ({ pieces }) => ({
  short: 'put together',
  student: `The packet came in ${count(pieces, 'piece')}. The router puts them together first: only one piece carries the ports.`,
  engineer: `${count(pieces, 'fragment')} reassembled before connection tracking.`,
  source: 'RFC 3022 §6.3 · Linux: nf_ct_ipv4_gather_frags',
});

const refragmented: Say<'refragmented'> = ({ pieces, because }) => ({
  short: 'cut into pieces',
  student:
    because === 'mtu'
      ? `The packet is too long for the next link, so it is cut into ${count(pieces, 'piece')}.`
      : `The packet leaves as it came, in ${count(pieces, 'piece')}.`,
  engineer:
    because === 'mtu'
      ? `${count(pieces, 'fragment')}: longer than the MTU, and DF is not set.`
      : `${count(pieces, 'fragment')} of the sizes in which they came, in order of offset.`,
  source: 'RFC 791 §2.3 · Linux: ip_do_fragment',
});

export const forwards = {
  'entry-created': created,
  'entry-matched': matched,
  'expectation-matched': expected,
  'source-translated': sourceTranslated,
  'destination-translated': destinationTranslated,
  'port-kept': portKept,
  'port-reused': portReused,
  'port-drawn': portDrawn,
  'mapping-admitted': mappingAdmitted,
  'icmp-error-related': icmpRelated,
  'not-translated': notTranslated,
  reassembled,
  refragmented,
};
