/** What happened that was no packet at a router, in words: how a conversation stands, what its user reads, what somebody did. @module */
import { cableDone } from '../../explain/cables.ts';
import { leftOutText } from '../../explain/cut.ts';
import type { Occurrence } from '../../world/trace.ts';
import { cableDeedOf } from './pulled.ts';
import type { Run } from './run.ts';
import { titleOf } from './title.ts';

type Phase = Extract<Occurrence, { kind: 'phase' }>;
export type Symptom = Extract<Occurrence, { kind: 'symptom' }>;

/** What an endpoint calls its states where it does so in one word. */
const PHASES: Readonly<Record<string, string>> = {
  tcp: 'connecting over TCP',
  'tcp-connect': 'connecting over TCP',
  tls: 'TLS handshake',
  http: 'asking over HTTP',
  negotiation: 'agreeing on the protocol',
  handshake: 'handshake',
  wait: 'waiting for the server',
  auth: 'proving who it is',
  'get-config': 'asking for its settings',
  connection: 'opening the control connection',
  control: 'opening the control connection',
  tunnel: 'opening the tunnel',
  session: 'opening the session',
  call: 'setting up the call',
  lcp: 'waiting for the link (LCP)',
  authentication: 'proving who it is',
  encryption: 'agreeing on encryption',
  address: 'asking for an address',
  echo: 'trying the tunnel with a ping',
  up: 'the tunnel is up',
  failed: 'the tunnel has failed',
};

export function phaseText({ phase }: Pick<Phase, 'phase'>): string {
  return PHASES[phase] ?? phase;
}

/** "Error 806: The VPN connection was started but …" */
export function symptomText({ system, code, text }: Pick<Symptom, 'system' | 'code' | 'text'>): string {
  const said = text.replace(/\.$/, '');
  return system === 'windows' && code !== undefined ? `Error ${code}: ${said}` : said;
}

/** A line without a full stop; empty for packets that a router had in hand. */
export function noteOf(run: Run, occurrence: Occurrence): string {
  const name = run.nodes.get(occurrence.node)?.name ?? occurrence.node;
  switch (occurrence.kind) {
    case 'phase':
    case 'intervention':
      return `${name}: ${deedText(occurrence)}`;
    case 'symptom':
      return `${name} ${deedText(occurrence)}`;
    case 'passed-over':
      return passedOver(occurrence);
    case 'left-out': {
      const { packets, bytes, wholeLength } = occurrence;
      return leftOutText(packets, titleOf(bytes), bytes.length, wholeLength);
    }
    case 'lost':
      return `Lost on the wire: ${titleOf(occurrence.frame.bytes)}`;
    default:
      return '';
  }
}

/** The same where there is little room: Windows' number is what its users look for, the sentence to it stands elsewhere. */
export function briefOf(run: Run, occurrence: Occurrence): string {
  if (occurrence.kind !== 'symptom' || occurrence.system !== 'windows' || !occurrence.code)
    return noteOf(run, occurrence);
  return `${run.nodes.get(occurrence.node)?.name ?? occurrence.node} shows Error ${occurrence.code}`;
}

/** The same without the name of whose it is. */
export function deedText(occurrence: Extract<Occurrence, { kind: 'phase' | 'symptom' | 'intervention' }>): string {
  switch (occurrence.kind) {
    case 'phase':
      return phaseText(occurrence);
    case 'symptom':
      return `shows ${symptomText(occurrence)}`;
    case 'intervention':
      return interventionText(occurrence.what);
  }
}

/** "1,204 more packets of conversations shown above, all sent on" */
function passedOver({ packets, ended }: Extract<Occurrence, { kind: 'passed-over' }>): string {
  const many = packets.toLocaleString('en');
  const fate = ended === 0 ? 'all sent on' : `${ended.toLocaleString('en')} of them ended at the router`;
  return packets === 1
    ? 'One more packet, not shown on its own'
    : `${many} more packets, not shown one by one, ${fate}`;
}

function interventionText(what: string): string {
  const cable = cableDeedOf(what);
  if (cable) return cableDone(cable.uplink, cable.plugged);
  const [deed = '', object = '', position = ''] = what.split(' ');
  switch (deed) {
    case 'switch':
      return `${switchName(object)} passthrough is turned ${position}`;
    case 'reboot':
      return 'rebooted, its tables are lost';
    case 'flush':
      return 'its tables are emptied';
    case 'wan-address':
      return `its outside address becomes ${object.replace(/\/.*/, '')}`;
    case 'packet':
      return 'sends a packet of its own making';
    case 'start':
      return 'its user starts the VPN';
    case 'stop':
      return 'its user stops the VPN';
    default:
      return `the ${what}`;
  }
}

function switchName(name: string): string {
  return name === 'ipsec' ? 'IPsec' : name.toUpperCase();
}
