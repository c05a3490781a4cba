/** Why a router wrote a field anew, in one sentence: by the field's key, and what the router did to the packet. @module */
import type { Reason } from '../router/reason.ts';

export interface Change {
  readonly says: string;
  readonly source: string;
}

type Codes = ReadonlySet<Reason['code']>;
type Cause = (did: Codes) => Change;

const always =
  (says: string, source: string): Cause =>
  () => ({ says, source });

const BY_KEY: Readonly<Record<string, Cause>> = {
  'ip.ttl': always('Every router on the way takes one off, so that no packet travels for ever.', 'RFC 791 §3.2'),
  'ip.checksum': always('It sums up the IP header, in which other bytes have changed.', 'RFC 791 §3.1; RFC 1624'),
  'ip.src': always(
    'The laptop’s own address means nothing on the Internet, so the router puts its own in its place.',
    'RFC 3022 §4.1',
  ),
  'ip.dst': always(
    'The server answered the router’s address; the table says which laptop the answer is for.',
    'RFC 3022 §4.1',
  ),
  'tcp.checksum': sumOfTransport,
  'udp.checksum': sumOfTransport,
  'icmp.checksum': always('It sums up the whole message, in which other bytes have changed.', 'RFC 792'),
  'icmp.ident': always(
    'A ping has no port: its identifier is what the router tells pings apart by.',
    'RFC 3022 §2.2; RFC 5508 REQ-1',
  ),
  'gre.key.call_id': always(
    'The server knows the call by the number the router gave it; the laptop knows it by its own.',
    'RFC 2637 §4.1',
  ),
  'pptp.call_id': callId,
  'pptp.peer_call_id': callId,
  'ip.len': pieces('The length is that of this piece.'),
  'ip.frag_offset': pieces('It says where this piece belongs in the whole.'),
  'ip.flags': pieces('One of its flags says whether more pieces follow.'),
};

/** Endings of keys that several protocols share. */
const BY_ENDING: readonly (readonly [RegExp, Cause])[] = [
  [/\.srcport$/, sourcePort],
  [
    /\.dstport$/,
    always('The answer came to the port the flow has outside; the laptop listens on its own.', 'RFC 3022 §4.1'),
  ],
  [
    /^l2tp\..*(tunnel|session|ccid)/,
    always('Two laptops had the same number, so the router gave one of them another.', 'RFC 2661 §3.1; RFC 3931 §4.1'),
  ],
  [/checksum$/, always('It sums up bytes that have changed.', 'RFC 1071')],
];

/** `did`: the codes of the reasons the router gave for this packet. */
export function whyChanged(key: string, did: Codes): Change {
  const cause = BY_KEY[key] ?? BY_ENDING.find(([ending]) => ending.test(key))?.[1];
  return cause?.(did) ?? { says: 'The router put back what it had changed on the way out.', source: 'RFC 3022 §4.3' };
}

function sumOfTransport(did: Codes): Change {
  const inside = did.has('call-id-rewritten') || did.has('call-id-restored') || did.has('id-rewritten');
  return {
    says: inside
      ? 'It sums up addresses, ports and content; the router changed a number in the content.'
      : 'It also sums up the addresses and ports, which the router has changed.',
    source: 'RFC 9293 §3.1; RFC 768',
  };
}

function callId(did: Codes): Change {
  return did.has('call-id-restored')
    ? { says: 'The laptop knows its call by the number it chose itself, so that is put back.', source: 'RFC 2637 §2.8' }
    : { says: 'The router gave this call a number that no other laptop has.', source: 'RFC 2637 §2.7' };
}

function sourcePort(did: Codes): Change {
  const says = did.has('port-drawn')
    ? 'Its own port could not be kept outside, so the router drew another.'
    : 'Outside, this flow has another port than the laptop chose.';
  return { says, source: 'RFC 3022 §2.2; RFC 4787 §4.2' };
}

function pieces(says: string): Cause {
  return (did) => {
    const cut = did.has('refragmented') ? 'The packet was cut into pieces. ' : 'The pieces were put together. ';
    return { says: `${cut}${says}`, source: 'RFC 791 §3.2' };
  };
}
