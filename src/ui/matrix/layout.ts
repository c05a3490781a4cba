/** How the matrix is laid out: positions of the switches to choose from, situations in groups, a key for each cell. @module */
import { type Profile, SWITCHES, type Switches } from '../../router/profiles/profile.ts';
import { positionAt } from '../../scenarios/matrix.ts';
import { SITUATIONS, type Situation } from '../../scenarios/matrix-situations.ts';

/** A position of all three switches. */
export interface View {
  readonly id: string;
  readonly name: string;
  readonly switches: Switches;
}

function view(id: string, name: string, on: string): View {
  return { id, name, switches: { pptp: on.includes('P'), l2tp: on.includes('L'), ipsec: on.includes('I') } };
}

export const VIEWS: readonly [View, ...View[]] = [
  view('all-on', 'all on', 'PLI'),
  view('pptp-off', 'PPTP off', 'LI'),
  view('l2tp-off', 'L2TP off', 'PI'),
  view('ipsec-off', 'IPsec off', 'PL'),
  view('only-pptp', 'only PPTP on', 'P'),
  view('only-l2tp', 'only L2TP on', 'L'),
  view('only-ipsec', 'only IPsec on', 'I'),
  view('all-off', 'all off', ''),
];

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly situations: readonly Situation[];
}

const GROUP_NAMES = {
  pptp: 'PPTP and GRE',
  l2tp: 'L2TP',
  ipsec: 'IPsec',
  ordinary: 'OpenVPN, WireGuard, SSTP',
  unasked: 'Nobody asked for it',
} as const;

export type GroupId = keyof typeof GROUP_NAMES;

export const GROUPS: readonly Group[] = Object.entries(GROUP_NAMES).map(([id, name]) => ({
  id,
  name,
  situations: SITUATIONS.filter((situation) => groupOf(situation) === id),
}));

function groupOf({ laptops: [first] }: Situation): GroupId {
  switch (first?.kind) {
    case undefined:
      return 'unasked';
    case 'pptp':
    case 'gre':
      return 'pptp';
    case 'l2tp':
    case 'l2tpv3':
      return 'l2tp';
    case 'ikev2':
    case 'esp':
    case 'ah':
    case 'l2tp-ipsec':
      return 'ipsec';
    default:
      return 'ordinary';
  }
}

/** The same for all positions that make no difference at this router. */
export function cellKey(situation: string, profile: Profile, switches: Switches): string {
  const position = positionAt(profile, switches);
  return `${situation} ${profile.id} ${SWITCHES.filter((name) => position[name]).join('+')}`;
}
