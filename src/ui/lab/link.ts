/**
 * An experiment and a place in it as the part of an address behind its "#". What is still as its origin has it, but for
 * the home router's model and switches, is told in words; anything else carries the whole experiment:
 *   #scenario=pptp-one-laptop&router=linux&on=l2tp,ipsec&seed=1&at=25
 *   #own=q1ZKzk9VslIqSS0u…&from=scenario.pptp-one-laptop&at=25&sel=entry.3
 * Checked to the letter before anything is made of it.
 * @module
 */
import { SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import { vary } from '../../scenarios/vary.ts';
import type { Experiment } from '../../world/experiment.ts';
import { parseExperiment } from '../../world/experiment-input.ts';
import type { Selection } from '../session/session.ts';
import { type Chosen, homeOf, type Origin } from './chosen.ts';
import { pack, unpack } from './packing.ts';
import { readSelection, selectionText } from './selection-text.ts';

export interface Place {
  readonly chosen: Chosen;
  /** Index of the occurrence looked at; -1 is before the first. */
  readonly cursor: number;
  readonly selection?: Selection | undefined;
}

/** What a link may name. */
export interface Known {
  /** The experiment that an origin stands for; undefined where there is no such origin, or it has none of its own. */
  readonly told: (origin: Origin, router?: string) => Experiment | undefined;
  readonly profiles: readonly { readonly id: string }[];
}

export type ReadLink = { readonly ok: true; readonly place: Place } | { readonly ok: false; readonly why: string };

const LONGEST = 12_000;
/** Of an experiment unpacked, in bytes. */
const LARGEST = 100_000;
const MOST_SEED = 0xffffffff;
/** No run has more occurrences than this. */
const MOST_CURSOR = 200_000;

export async function linkOf({ chosen, cursor, selection }: Place, known: Known): Promise<string> {
  const what = inWords(chosen, known) ?? (await inFull(chosen));
  return `#${what}&at=${cursor}${selection ? `&sel=${selectionText(selection)}` : ''}`;
}

function inWords(chosen: Chosen, known: Known): string | undefined {
  const { origin, experiment } = chosen;
  const { seed } = experiment;
  const { profile, switches } = homeOf(chosen);
  const told = known.told(origin, profile);
  if (origin.kind === 'own' || !told) return undefined;
  if (!isSame(vary(told, { profile, switches, seed }), experiment)) return undefined;
  const on = SWITCHES.filter((name) => switches[name]).join(',');
  return `${origin.kind}=${origin.id}&router=${profile}&on=${on}&seed=${seed}`;
}

/** Both as they are read from outside, so that the order in which their parts were written down plays no role. */
function isSame(a: Experiment, b: Experiment): boolean {
  return JSON.stringify(parseExperiment(a)) === JSON.stringify(parseExperiment(b));
}

async function inFull({ origin, experiment }: Chosen): Promise<string> {
  const from = origin.kind === 'own' ? 'own' : `${origin.kind}.${origin.id}`;
  return `own=${await pack(experiment)}&from=${from}`;
}

/** Undefined where the address carries no link at all. */
export async function readLink(hash: string, known: Known): Promise<ReadLink | undefined> {
  const text = hash.replace(/^#/, '');
  if (text === '') return undefined;
  if (text.length > LONGEST) return damaged('it is too long');
  const parts = text.split('&').map((part) => part.split('='));
  const given = new Map(parts.map(([key, ...value]) => [key ?? '', value.join('=')]));
  if (given.size < parts.length) return damaged('a part of it stands twice');
  const kind = (['scenario', 'situation', 'own'] as const).find((each) => given.has(each));
  const needed = kind === 'own' ? ['own', 'from', 'at'] : [kind ?? 'scenario', 'router', 'on', 'seed', 'at'];
  if (needed.some((key) => !given.has(key))) return damaged('parts of it are missing');
  if ([...given.keys()].some((key) => key !== 'sel' && !needed.includes(key)))
    return damaged('it has parts that nobody knows');
  const chosen = kind === 'own' ? await readFull(given, known) : readWords(kind ?? 'scenario', given, known);
  if (typeof chosen === 'string') return damaged(chosen);
  const cursor = whole(given.get('at'), -1, MOST_CURSOR);
  if (cursor === undefined) return damaged('a number in it is none');
  const sel = given.get('sel');
  const selection = sel === undefined ? undefined : readSelection(sel);
  if (sel !== undefined && !selection) return damaged('what it selects is nothing that can be');
  return { ok: true, place: { chosen, cursor, ...(selection ? { selection } : {}) } };
}

type Parts = ReadonlyMap<string, string>;

/** Answers what is wrong with it, where something is. */
function readWords(kind: 'scenario' | 'situation', given: Parts, { told, profiles }: Known): Chosen | string {
  const origin: Origin = { kind, id: given.get(kind) ?? '' };
  const profile = given.get('router') ?? '';
  const on = given.get('on') ?? '';
  const seed = whole(given.get('seed'), 0, MOST_SEED);
  if (!profiles.some(({ id }) => id === profile)) return 'it names no router of this page';
  const experiment = told(origin, profile);
  if (!experiment) return `it names no ${kind} of this page`;
  const names = on === '' ? [] : on.split(',');
  if (!names.every(isSwitch) || new Set(names).size < names.length) return 'it names no switch of this page';
  if (seed === undefined) return 'a number in it is none';
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, names.includes(name)]));
  return { origin, experiment: vary(experiment, { profile, switches, seed }) };
}

async function readFull(given: Parts, { told }: Known): Promise<Chosen | string> {
  const [kind, ...rest] = (given.get('from') ?? '').split('.');
  const origin = originOf(kind, rest.join('.'));
  if (!origin || (origin.kind !== 'own' && !told(origin))) return 'it names no scenario of this page';
  const unpacked = await unpack(given.get('own') ?? '', LARGEST);
  if (unpacked === undefined) return 'the experiment in it cannot be unpacked';
  const read = parseExperiment(unpacked);
  if (read.ok) return { origin, experiment: read.value };
  const { path, expected, received } = read.error;
  return `in its experiment, ${path || 'the whole'} should be ${expected}, but is ${received}`;
}

function originOf(kind: string | undefined, id: string): Origin | undefined {
  if (kind === 'own') return { kind };
  return kind === 'scenario' || kind === 'situation' ? { kind, id } : undefined;
}

function damaged(why: string): ReadLink {
  return { ok: false, why };
}

function isSwitch(name: string): name is SwitchName {
  return SWITCHES.some((each) => each === name);
}

function whole(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^-?\d{1,10}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}
