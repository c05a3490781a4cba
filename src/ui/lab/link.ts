/**
 * An experiment and a place in it as the part of an address behind its "#":
 *   #scenario=pptp-one-laptop&router=linux&on=l2tp,ipsec&seed=1&at=25
 * Short, readable, and checked to the letter before anything is made of it.
 * @module
 */
import { SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import type { Chosen } from './chosen.ts';

export interface Place {
  readonly chosen: Chosen;
  /** Index of the occurrence looked at; -1 is before the first. */
  readonly cursor: number;
}

/** What a link may name. */
export interface Known {
  readonly scenarios: readonly { readonly id: string }[];
  readonly profiles: readonly { readonly id: string }[];
}

const LONGEST = 300;
const KEYS = ['scenario', 'router', 'on', 'seed', 'at'] as const;
const MOST_SEED = 0xffffffff;
/** No run has more occurrences than this. */
const MOST_CURSOR = 200_000;

export function linkOf({ chosen: { scenario, profile, switches, seed }, cursor }: Place): string {
  const on = SWITCHES.filter((name) => switches[name]).join(',');
  return `#scenario=${scenario}&router=${profile}&on=${on}&seed=${seed}&at=${cursor}`;
}

export type ReadLink = { readonly ok: true; readonly place: Place } | { readonly ok: false; readonly why: string };

/** Undefined where the address carries no link at all. */
export function readLink(hash: string, known: Known): ReadLink | undefined {
  const text = hash.replace(/^#/, '');
  if (text === '') return undefined;
  if (text.length > LONGEST) return damaged('it is too long');
  const parts = text.split('&').map((part) => part.split('='));
  const keys = parts.map(([key]) => key);
  if (keys.length !== KEYS.length || KEYS.some((key) => !keys.includes(key))) return damaged('parts of it are missing');
  const given = Object.fromEntries(parts.map(([key, ...value]) => [key, value.join('=')]));
  const { scenario = '', router = '', on = '', seed = '', at = '' } = given;
  if (!known.scenarios.some(({ id }) => id === scenario)) return damaged('it names no scenario of this page');
  if (!known.profiles.some(({ id }) => id === router)) return damaged('it names no router of this page');
  const names = on === '' ? [] : on.split(',');
  if (!names.every(isSwitch) || new Set(names).size < names.length) return damaged('it names no switch of this page');
  const seedNumber = whole(seed, 0, MOST_SEED);
  const cursor = whole(at, -1, MOST_CURSOR);
  if (seedNumber === undefined || cursor === undefined) return damaged('a number in it is none');
  const [pptp, l2tp, ipsec] = SWITCHES.map((name) => names.includes(name));
  const switches = { pptp: pptp === true, l2tp: l2tp === true, ipsec: ipsec === true };
  return { ok: true, place: { chosen: { scenario, profile: router, switches, seed: seedNumber }, cursor } };
}

function damaged(why: string): ReadLink {
  return { ok: false, why };
}

function isSwitch(name: string): name is SwitchName {
  return SWITCHES.some((each) => each === name);
}

function whole(text: string, least: number, most: number): number | undefined {
  if (!/^-?\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}
