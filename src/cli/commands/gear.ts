/** `passthrough-lab gear`: a router model as configuration for a real router, in a file that its tool takes. @module */

import type { Gear, GearNote, GearPart } from '../../gear/gear.ts';
import { gearOf, TARGETS } from '../../gear/index.ts';
import { makerName, textOf } from '../../gear/text.ts';
import { type Profile, SWITCHES, type Switches } from '../../router/profiles/profile.ts';
import { formatPrefix } from '../../wire/address.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { choice, flag } from '../options.ts';
import { clash, LAN, position, routerOptions, WAN } from '../router-options.ts';

const common = routerOptions({ lan: formatPrefix(LAN), wan: formatPrefix(WAN) });

const options = {
  profile: common.profile,
  pptp: position('PPTP passthrough switch'),
  l2tp: position('L2TP passthrough switch'),
  ipsec: position('IPsec passthrough switch'),
  as: choice('TARGET', 'what it is written for', Object.fromEntries(TARGETS.map(({ id }) => [id, id])), 'nftables'),
  firewall: common.firewall,
  lan: common.lan,
  wan: common.wan,
  json: flag('one JSON object: each line with what it is for and the switch that makes it'),
};

export const gearCommand: Command<typeof options> = {
  name: 'gear',
  summary: 'a router model as configuration for a real router',
  operands: [],
  options,
  about: `
Writes a router model, with its switches in these positions, as configuration. Above each line that a switch makes stands
its name and what the line is for. What belongs into other files, what the target cannot do or does another way, and what
was tested or only read follows in comments, so that the whole can be given to the tool as it is:

  passthrough-lab gear --profile dd-wrt --pptp off | nft -f -
  passthrough-lab gear --profile dd-wrt --pptp off --as iptables | iptables-restore

nftables and iptables were loaded into a Linux kernel and compared with this router, packet for packet. OpenWrt (uci),
MikroTik (routeros) and Cisco (ios) were only read about. Interfaces are called lan and wan, or as the target has them.

Exit status: 0.`,
  async run({ values }, terminal) {
    const { lan = LAN, wan = WAN, firewall } = values;
    const complaint = clash(lan, wan);
    if (complaint !== undefined) return { complaint };
    const chosen = switchesOf(values.profile, values);
    const placement = { lan, wan, seed: 1, ...(firewall === undefined ? {} : { firewall }) };
    const gear = gearOf(values.profile, chosen, placement, values.as);
    if (values.json) await terminal.out(`${toJson({ profile: values.profile.id, switches: chosen, ...gear })}\n`);
    else await terminal.out(fileOf(gear, values.profile, chosen));
    return EXIT.ok;
  },
};

function switchesOf({ defaults }: Profile, given: { readonly [K in keyof Switches]: boolean | undefined }): Switches {
  const { pptp = defaults.pptp, l2tp = defaults.l2tp, ipsec = defaults.ipsec } = given;
  return { pptp, l2tp, ipsec };
}

/** The first part plain, all else in comments. */
function fileOf(gear: Gear, { name }: Profile, switches: Switches): string {
  const [first, ...others] = gear.parts as readonly [GearPart, ...GearPart[]];
  const { tested, untested, sources } = gear.proof;
  const positions = SWITCHES.map((each) => {
    const silent = gear.silent.includes(each) ? ' (makes no line here)' : '';
    return `${makerName({ switch: each, on: switches[each] })}${silent}`;
  });
  const told = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  const notes = (kind: GearNote['kind']) =>
    gear.notes.filter((note) => note.kind === kind).map(({ by, says }) => `- ${says} (${makerName(by)})`);
  const head = [`${name} as ${gear.name}`, ...positions, '', first.place];
  const tail = [
    ...others.flatMap(({ place, lines }) => told(place, textOf(lines, gear.comment).trimEnd().split('\n'))),
    ...told('Cannot be done here:', notes('cannot')),
    ...told('Done another way:', notes('differs')),
    ...told('Not known:', notes('unknown')),
    ...told('Tested:', tested.length > 0 ? tested.map((each) => `- ${each}`) : ['- Nothing: all of it was only read.']),
    ...told(
      'Not tested:',
      untested.map((each) => `- ${each}`),
    ),
    ...told(
      'Read in:',
      sources.map((source) => `- ${source.name}: ${source.says}`),
    ),
  ];
  const commented = (lines: readonly string[]) =>
    lines.map((line) => (line === '' ? `${gear.comment}\n` : `${gear.comment} ${line}\n`)).join('');
  return `${commented(head)}${textOf(first.lines, gear.comment)}${commented(tail)}`;
}
