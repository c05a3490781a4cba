/** Who is at the two ends of an entry, in one form for all the rows of a table. @module */

import type { Peer } from '../../router/reason.ts';
import { formatIpv4 } from '../../wire/address.ts';
import { endsOf, entryText, keyText, losesAnswers } from '../model/entry.ts';
import type { TableRow } from '../model/table.ts';

/** Of the router, the one at home first. */
export type OwnAddresses = readonly number[];

/** How long an address at home is, and what stands before a Call ID. */
interface Form {
  readonly whole: boolean;
  readonly word: 'Call ID ' | 'ID ' | '';
}

/** The first in which all rows have room. */
const FORMS: readonly Form[] = [
  { whole: true, word: 'Call ID ' },
  { whole: true, word: 'ID ' },
  { whole: false, word: 'Call ID ' },
  { whole: false, word: 'ID ' },
  { whole: false, word: '' },
];

export interface RowEnds {
  readonly inside: string;
  /** Its number outside, or what else became of it. */
  readonly fate: string;
  /** With its number; and likewise with a shorter word for it. */
  readonly remote: readonly [string, string];
}

/** `letters`: of `inside` and `fate` together. `stray`: a packet of this step belongs to nobody. */
export function endsOfRows(
  shown: readonly TableRow[],
  rows: readonly TableRow[],
  own: OwnAddresses,
  letters: number,
  stray: boolean,
): ReadonlyMap<TableRow, RowEnds> {
  const all = shown.map((row) => ({ row, ends: placed(row, rows, own), fate: fateOf(row, own, stray) }));
  const written = (form: Form) =>
    all.map(({ row, ends, fate }): readonly [TableRow, RowEnds] => {
      const { protocol } = row.entry.original;
      const said = worded(fate, form.word);
      const remote = `with ${textOf(ends.remote, protocol, true)}`;
      const inside = ends.inside ? insideText(ends.inside, row, own, form) : routerText(letters - said.length);
      return [row, { inside, fate: said, remote: [remote, worded(remote, 'ID ')] }];
    });
  const fits = (lines: readonly (readonly [TableRow, RowEnds])[]) =>
    lines.every(([, { inside, fate }]) => inside.length + fate.length <= letters);
  return new Map(FORMS.map(written).find(fits) ?? written(FORMS.at(-1)!));
}

interface Placed {
  /** Undefined: the router itself. */
  readonly inside: Peer | undefined;
  readonly remote: Peer;
}

/** Whoever is at home stands inside, then the router, and only then whoever began it. */
function placed({ entry }: TableRow, rows: readonly TableRow[], own: OwnAddresses): Placed {
  const { inside, remote } = endsOf(entry);
  if (isAtHome(inside.address, own)) return { inside, remote };
  if (isAtHome(remote.address, own)) return { inside: remote, remote: inside };
  if (own.includes(inside.address)) return { inside: undefined, remote };
  if (!own.includes(remote.address)) return { inside, remote };
  // An expected flow is for the host whose conversation announced it; its number there is not known yet.
  const master = entry.kind === 'expectation' ? rows.find((row) => row.entry.id === entry.master) : undefined;
  return { inside: master && { ...endsOf(master.entry).inside, key: 0 }, remote: inside };
}

/** In the router's network at home, of which it has the first address itself. */
function isAtHome(address: number, own: OwnAddresses): boolean {
  return !own.includes(address) && address >>> 8 === (own[0] ?? 0) >>> 8;
}

function fateOf({ entry, change }: TableRow, own: OwnAddresses, stray: boolean): string {
  if (change?.kind === 'removed') return 'removed';
  if (entry.kind === 'expectation') return 'expected';
  if (losesAnswers(entry)) return 'no answers';
  const { plain, outsideKey } = entryText(entry);
  if (!plain) return outsideKey;
  const { inside, remote } = endsOf(entry);
  if (!own.includes(inside.address) && !own.includes(remote.address)) return 'no NAT';
  return stray && change?.kind === 'created' ? 'new, for itself' : 'for itself';
}

/** Addresses of elsewhere are never shortened: without their network they could be anybody's. */
function insideText(peer: Peer, { entry }: TableRow, own: OwnAddresses, { whole, word }: Form): string {
  return worded(textOf(peer, entry.original.protocol, whole || !isAtHome(peer.address, own)), word).replace(
    /( Call ID| ID|) 0$/,
    '',
  );
}

function routerText(letters: number): string {
  return letters < 'the router'.length ? 'router' : 'the router';
}

function textOf(peer: Peer, protocol: number, whole: boolean): string {
  const address = whole ? formatIpv4(peer.address) : `.${peer.address & 0xff}`;
  const number = keyText(peer, protocol);
  return number.startsWith(':') || number === '' ? `${address}${number}` : `${address} ${number}`;
}

function worded(text: string, word: string): string {
  return text.replace('Call ID ', word);
}
