/**
 * A router as commands for Cisco IOS. Its access lists know no flows, and its NAT has ALGs of its own: what this changes,
 * the notes say.
 * @module
 */

import type { HelperId, InterfaceConfig, RouterConfig, Rule } from '../router/config.ts';
import { LINUX_TIMEOUTS, type Timeouts } from '../router/netfilter/timeouts.ts';
import { formatIpv4, netmask } from '../wire/address.ts';
import type { GearLine, GearNote, Maker } from './gear.ts';
import type { Order } from './order.ts';
import { asRules, isKnown, isUnasked } from './ported.ts';
import { whyRule } from './rule-words.ts';
import { routerLine } from './text.ts';

interface IosOrder extends Order {
  readonly closed: boolean;
  /** What is decided for packets on their way out, in order. */
  readonly outward: readonly Rule[];
  readonly translates: boolean;
  /** Lets GRE out where all that has no ports is dropped: an access list cannot ask which GRE a call announced. */
  readonly greBy: Maker | undefined;
}

const SPI_HELPERS: readonly HelperId[] = ['ipsec', 'broadcom-esp', 'realtek-ipsec'];
const PPTP_HELPERS: readonly HelperId[] = ['nf-pptp', 'pptp', 'alias-pptp', 'realtek-pptp'];

export function iosLines(order: Order): GearLine[] {
  const ios = prepared(order);
  const [lan, wan] = ios.config.interfaces as [InterfaceConfig, InterfaceConfig];
  return [
    ...homeInterface(lan, ios),
    ...internetInterface(wan, ios),
    ...translation(lan, ios),
    ...sorting(ios),
    ...outwardList(ios),
    ...inwardList(ios),
    ...(ios.translates ? timers(ios.config.timeouts) : []),
  ];
}

function prepared(order: Order): IosOrder {
  const { nat } = order.config;
  const ported = typeof nat === 'object' ? asRules(order, nat) : order;
  const { rules } = ported.config.forward;
  const helper = order.config.helpers.find((id) => PPTP_HELPERS.includes(id));
  const portless = typeof nat === 'object' && nat.portless === 'drop';
  return {
    ...ported,
    closed: rules.some(isUnasked),
    outward: rules.filter((rule) => !isKnown(rule) && !isUnasked(rule) && !rule.state),
    translates: order.config.interfaces.some((each) => each.masquerade),
    greBy: portless && helper ? order.helperBy(helper) : undefined,
  };
}

function homeInterface({ address }: InterfaceConfig, { translates }: IosOrder): GearLine[] {
  return [
    routerLine('interface GigabitEthernet0/1', 'The home side.'),
    routerLine(` ip address ${formatIpv4(address.address)} ${formatIpv4(netmask(address.length))}`),
    ...(translates ? [routerLine(' ip nat inside')] : []),
  ];
}

function internetInterface({ address }: InterfaceConfig, ios: IosOrder): GearLine[] {
  return [
    routerLine('interface GigabitEthernet0/0', 'The Internet side.'),
    routerLine(` ip address ${formatIpv4(address.address)} ${formatIpv4(netmask(address.length))}`),
    ...(ios.translates ? [routerLine(' ip nat outside')] : []),
    ...(hasOutwardList(ios) ? [routerLine(' ip access-group OUT out', 'What leaves is asked the list OUT.')] : []),
    ...(ios.closed ? [routerLine(' ip access-group IN in', 'What arrives is asked the list IN.')] : []),
  ];
}

function translation({ address }: InterfaceConfig, { translates }: IosOrder): GearLine[] {
  if (!translates) return [];
  return [
    routerLine('ip access-list standard HOME', 'Whose addresses are translated.'),
    routerLine(
      ` permit ${formatIpv4((address.address & netmask(address.length)) >>> 0)} ${formatIpv4(~netmask(address.length) >>> 0)}`,
    ),
    routerLine(
      'ip nat inside source list HOME interface GigabitEthernet0/0 overload',
      'NAPT: many laptops behind one address. The ALG for PPTP comes with it.',
    ),
  ];
}

/** ESP by SPI. The list says toward which servers. */
function sorting({ config, helperBy }: IosOrder): GearLine[] {
  const helper = config.helpers.find((id) => SPI_HELPERS.includes(id));
  if (!helper) return [];
  const by = helperBy(helper);
  return [
    { text: 'ip access-list standard VPN-SERVERS', why: 'Toward which servers ESP is sorted by SPI.', by },
    { text: ' permit any', by },
    { text: 'ip nat service list VPN-SERVERS esp spi-match', why: 'ESP is told apart by pairs of SPIs.', by },
  ];
}

function hasOutwardList({ outward, closed, greBy }: IosOrder): boolean {
  return closed || outward.length > 0 || greBy !== undefined;
}

function outwardList(ios: IosOrder): GearLine[] {
  if (!hasOutwardList(ios)) return [];
  const { outward, closed, ruleBy, greBy } = ios;
  const reflect = closed ? ' reflect ASKED' : '';
  const line = (rule: Rule): GearLine => ({ text: ` ${entry(rule, reflect)}`, why: whyRule(rule), by: ruleBy(rule) });
  const gre: GearLine[] = greBy
    ? [{ text: ` permit gre any any${reflect}`, why: "GRE, PPTP's data, may leave.", by: greBy }]
    : [];
  const decided = outward.some(({ protocol }) => protocol === undefined);
  return [
    routerLine('ip access-list extended OUT', 'For what leaves to the Internet.'),
    ...gre,
    ...outward.map(line),
    ...(decided
      ? []
      : [
          routerLine(
            ` permit ip any any${reflect}`,
            closed ? 'The rest leaves, and may be answered.' : 'The rest leaves.',
          ),
        ]),
  ];
}

function inwardList({ closed }: IosOrder): GearLine[] {
  if (!closed) return [];
  return [
    routerLine('ip access-list extended IN', 'For what arrives from the Internet.'),
    routerLine(' evaluate ASKED', 'Answers to what left a short while ago.'),
    routerLine(' deny ip any any', 'Nothing that nobody asked for.'),
  ];
}

const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp', 51: 'ahp' };

function entry({ verdict, protocol, destinationPort }: Rule, reflect: string): string {
  const what = protocol === undefined ? 'ip' : (NAMES[protocol] ?? String(protocol));
  const port = destinationPort === undefined ? '' : ` eq ${destinationPort}`;
  return verdict === 'accept' ? `permit ${what} any any${port}${reflect}` : `deny ${what} any any${port}`;
}

/** Only those that the profile has otherwise than Linux by itself; IOS has defaults of its own. */
function timers(timeouts: Timeouts): GearLine[] {
  const named = (from: Timeouts): Readonly<Record<string, number>> => ({
    'udp-timeout': from.udpStream,
    'tcp-timeout': from.tcp[3]!,
    'syn-timeout': from.tcp[1]!,
    'finrst-timeout': from.tcp[7]!,
    'icmp-timeout': from.icmp,
  });
  const usual = named(LINUX_TIMEOUTS);
  return Object.entries(named(timeouts))
    .filter(([name, seconds]) => usual[name] !== seconds)
    .map(([name, seconds]) =>
      routerLine(`ip nat translation ${name} ${seconds}`, 'Seconds of silence until it is forgotten.'),
    );
}

export function iosNotes(order: Order): GearNote[] {
  const { config } = order;
  const ios = prepared(order);
  const note = (kind: GearNote['kind'], says: string, by: Maker = 'router'): GearNote => ({ kind, says, by });
  const stopping = ios.outward.find(({ verdict }) => verdict !== 'accept');
  return [
    ...(stopping
      ? [
          note(
            'differs',
            'An access list knows no flows: its deny lines stop running tunnels at once, where this router lets them go on.',
            ios.ruleBy(stopping),
          ),
        ]
      : []),
    ...(ios.translates ? pptpNotes(order) : []),
    ...sortingNotes(order),
    ...unknownOf(config).map((says) => note('unknown', says)),
  ];
}

function pptpNotes({ config, helperBy, noPptpBy }: Order): GearNote[] {
  const helper = config.helpers.find((id) => PPTP_HELPERS.includes(id));
  if (helper)
    return [
      {
        kind: 'differs',
        says: 'There is nothing to write for PPTP: the ALG runs wherever NAT overload does, and renames Call IDs in its own way.',
        by: helperBy(helper),
      },
    ];
  const gone = config.forward.rules.some(
    ({ verdict, destinationPort }) => verdict === 'drop' && destinationPort === 1723,
  );
  if (gone) return [];
  return [
    {
      kind: 'cannot',
      says: 'In what was read there is no command that turns the ALG for PPTP off: calls get through, where this router has no helper.',
      by: noPptpBy,
    },
  ];
}

function sortingNotes({ config, helperBy }: Order): GearNote[] {
  const esp = config.helpers.find((id) => SPI_HELPERS.includes(id));
  const l2tp = config.helpers.find((id) => id === 'l2tp' || id === 'realtek-l2tp');
  return [
    ...(esp
      ? [
          {
            kind: 'differs' as const,
            says: 'spi-match only works where both ends choose their SPIs in pairs, as Cisco routers do when told to (crypto ipsec nat-transparency spi-matching). For all others an entry waits for the first reply, one negotiation after another for each server.',
            by: helperBy(esp),
          },
          {
            kind: 'cannot' as const,
            says: 'No command was found that tells IKE apart by its cookies: port 500 is translated as UDP is.',
            by: helperBy(esp),
          },
        ]
      : []),
    ...(l2tp
      ? [
          {
            kind: 'cannot' as const,
            says: 'No command was found that tells L2TP apart by Tunnel or Session IDs: it passes as UDP does.',
            by: helperBy(l2tp),
          },
        ]
      : []),
  ];
}

function unknownOf({ nat }: RouterConfig): readonly string[] {
  const carried = 'Which laptop gets the answers in protocols that have neither ports nor an ALG.';
  if (typeof nat === 'string') return [carried, 'Which port replaces one that is taken.'];
  return [
    ...(nat.portless === 'drop' ? [] : [carried]),
    'How mapping, filtering and port assignment compare with what is set here.',
  ];
}
