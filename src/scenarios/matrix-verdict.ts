/**
 * What a run came to, read from its trace: for each laptop whether it got through, and if not, where its way ended and
 * why; for all of them together one code. Nothing here knows what a router ought to do.
 * @module
 */
import { ranked } from '../explain/reasons.ts';
import { u16, u32 } from '../lib/bytes.ts';
import type { Reason } from '../router/reason.ts';
import type { Occurrence, Trace } from '../world/trace.ts';
import { statusAt } from './claim.ts';

/** How it went for one laptop. */
export type Fate =
  /** It works, and nothing but the address was rewritten. */
  | 'OK'
  /** It works, with a port or an id rewritten. */
  | 'OK≠'
  /** The rule of a switch dropped it. */
  | 'BLK'
  /** Its packets end at the router, or leave it untranslated, with an address that nobody can answer. */
  | 'X-out'
  /** Its packets leave, and the answers end at the router. */
  | 'X-in'
  /** The answers went to another laptop. */
  | 'stolen'
  /** It arrived, and the far end found it altered. */
  | 'ICV'
  /** The router did all it should; it failed at the server. */
  | 'SRV';

/** The same for a whole situation. */
export type Code =
  | Exclude<Fate, 'stolen'>
  /** The first laptop works, the others end at the router. */
  | '1st'
  /** The newest laptop works and has the others' answers. */
  | 'NEW'
  /** Nothing of the above: see each laptop's fate. */
  | 'mixed'
  /** What nobody asked for: dropped, taken by the router itself, let in. */
  | 'X'
  | 'HOST'
  | 'IN';

export interface Ending<Kind> {
  readonly code: Kind;
  /** Index of the occurrence that decides. */
  readonly step: number;
  /** What the router said there, where it is the router that decides. */
  readonly reason?: Reason;
  /** What the laptop or the server said there, where it is they who decide. */
  readonly said?: string;
}

export interface Verdict extends Ending<Code> {
  readonly laptops: readonly (Ending<Fate> & { readonly node: string })[];
}

type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** Is there anybody at home, or a stranger whose packet came to a router? */
export function canBeJudged({ nodes, occurrences }: Trace): boolean {
  return (
    nodes.some(({ kind }) => kind === 'client') ||
    occurrences.some((each) => each.kind === 'routed' && each.frame.from === 'stranger')
  );
}

export function judge(trace: Trace): Verdict {
  const clients = trace.nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id);
  const fates = clients.map((node) => fateOf(trace, node));
  const whole = fates.length === 0 ? uninvited(trace) : together(fates);
  return { ...whole, laptops: clients.map((node, index) => ({ node, ...fates[index]! })) };
}

const works = ({ code }: Ending<Fate>): boolean => code === 'OK' || code === 'OK≠';

function together(laptops: readonly Ending<Fate>[]): Ending<Code> {
  const [first, ...later] = laptops;
  const newest = laptops.at(-1);
  if (!first || !newest) throw new Error('there is nobody to judge');
  if (laptops.every(works)) return plain(laptops.find(({ code }) => code === 'OK≠') ?? newest);
  const failed = laptops.find((each) => !works(each)) ?? first;
  if (works(first) && later.every(({ code }) => code === 'X-out')) return { ...failed, code: '1st' };
  if (works(newest) && laptops.slice(0, -1).every(({ code }) => code === 'stolen')) return { ...failed, code: 'NEW' };
  const alike = laptops.every(({ code }) => code === failed.code);
  return alike || failed.code === 'SRV' ? plain(failed) : { ...failed, code: 'mixed' };
}

function plain({ code, ...where }: Ending<Fate>): Ending<Code> {
  return { ...where, code: code === 'stolen' ? 'mixed' : code };
}

function fateOf(trace: Trace, node: string): Ending<Fate> {
  const { occurrences } = trace;
  const last = occurrences.length - 1;
  if (statusAt(trace, node, last) === 'up') return successOf(trace, node);
  // What the router does after the laptop gave up decides nothing.
  const given = occurrences.findIndex((each) => isPhase(each, node, 'failed'));
  const until = given < 0 ? last : given;
  const routed = occurrences.filter((each): each is Routed => each.kind === 'routed' && each.index <= until);
  const outward = routed.filter(({ frame }) => frame.from === node && !isIcmp(frame.bytes));
  const stopped = outward.find((each) => isStopped(each) || leavesUntranslated(each));
  if (stopped) return at(stopped, blockedBy(stopped) ? 'BLK' : 'X-out');
  const astray = answersAstray(routed, outward, node);
  if (astray) return at(astray, isStopped(astray) ? 'X-in' : 'stolen');
  const symptoms = occurrences.filter((each) => each.kind === 'symptom');
  const altered = symptoms.find(({ code }) => code === WRONG_ICV);
  const told = altered ?? symptoms.find((each) => each.node === node);
  const code = altered ? 'ICV' : 'SRV';
  if (told) return { code, step: told.index, said: told.missing };
  const waits = occurrences.findLast((each) => each.kind === 'phase' && each.node === node);
  return { code, step: waits?.index ?? until, ...(waits?.kind === 'phase' ? { said: waits.phase } : {}) };
}

/** Linux's counter for packets that fail their integrity check. */
const WRONG_ICV = 'XfrmInStateProtoError';

/** What a server sees of a laptop, other than its address, is not what the laptop sent. */
const REWRITES: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'port-drawn',
  'call-id-rewritten',
  'id-rewritten',
]);

function successOf({ occurrences }: Trace, node: string): Ending<Fate> {
  for (const each of occurrences) {
    if (each.kind !== 'routed' || each.frame.from !== node) continue;
    const { reasons } = each.outcome;
    // An ALG may put back the port that translation has drawn.
    const isBack = reasons.some(({ code }) => code === 'port-forced');
    const reason = reasons.find(({ code }) => REWRITES.has(code) && !(isBack && code === 'port-drawn'));
    if (reason) return { code: 'OK≠', step: each.index, reason };
  }
  const up = occurrences.find((each) => isPhase(each, node, 'up'));
  if (up?.kind !== 'phase') throw new Error(`${node} is up and never came up`);
  return { code: 'OK', step: up.index, said: up.phase };
}

/** The first answer to something that this laptop sent which ended at the router or at another laptop. */
function answersAstray(routed: readonly Routed[], outward: readonly Routed[], node: string): Routed | undefined {
  const left = new Map<string, number>();
  for (const { out, index } of outward)
    for (const { bytes } of out) left.set(flowOf(bytes), left.get(flowOf(bytes)) ?? index);
  return routed.find((each) => {
    const { frame, out, index, on } = each;
    if (on !== 'wan' || index < (left.get(flowOf(frame.bytes, true)) ?? Number.POSITIVE_INFINITY)) return false;
    return isStopped(each) || out.some(({ to }) => to !== node);
  });
}

function uninvited(trace: Trace): Ending<Code> {
  const met = trace.occurrences.find((each) => each.kind === 'routed' && each.frame.from === 'stranger');
  if (met?.kind !== 'routed') throw new Error('the stranger’s packet never came to a router');
  const { verdict } = met.outcome;
  return at(met, verdict === 'forwarded' ? 'IN' : verdict === 'dropped' ? 'X' : 'HOST');
}

function at<Kind>({ index, outcome }: Routed, code: Kind): Ending<Kind> {
  const reason = ranked(outcome.reasons)[0];
  return { code, step: index, ...(reason ? { reason } : {}) };
}

function isPhase(each: Occurrence, node: string, status: string): boolean {
  return each.kind === 'phase' && each.node === node && each.status === status;
}

/** Dropped, or taken by the router for itself. */
function isStopped({ outcome }: Routed): boolean {
  return outcome.verdict !== 'forwarded' && outcome.verdict !== 'held';
}

function leavesUntranslated({ frame, out, outcome }: Routed): boolean {
  return (
    outcome.reasons.some(({ code }) => code === 'passed-raw') &&
    out.some(({ bytes }) => u32(bytes, SOURCE) === u32(frame.bytes, SOURCE))
  );
}

/** Where an IPv4 header keeps the source. */
const SOURCE = 12;

function blockedBy({ outcome }: Routed): boolean {
  return outcome.reasons.some((reason) => reason.code === 'blocked-by-rule' && reason.chain === 'forward');
}

const ICMP = 1;
const WITH_PORTS = new Set([6, 17]);
const isIcmp = (bytes: Uint8Array): boolean => bytes[9] === ICMP;

const IKE_PORT = 500;

/**
 * Protocol, addresses and ports, or those of what answers it; of IKE the initiator's SPI too, for there are routers
 * behind which every laptop's IKE has the same ports.
 */
function flowOf(bytes: Uint8Array, answered = false): string {
  const header = (bytes[0]! & 15) * 4;
  const isIke = bytes[9] === 17 && bytes.length >= header + 16 && u16(bytes, header + (answered ? 0 : 2)) === IKE_PORT;
  const spi = isIke ? ` ${u32(bytes, header + 8)} ${u32(bytes, header + 12)}` : '';
  const ports = WITH_PORTS.has(bytes[9]!) && bytes.length >= header + 4;
  const end = (address: number, port: number) => `${u32(bytes, address)}:${ports ? u16(bytes, header + port) : 0}`;
  const [source, destination] = [end(12, 0), end(16, 2)];
  return `${bytes[9]} ${answered ? `${destination} ${source}` : `${source} ${destination}`}${spi}`;
}
