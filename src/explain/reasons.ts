/**
 * Puts each reason into words, in one place. The words are looked up by code; a code without words does not compile.
 * @module
 */
import type { Reason } from '../router/reason.ts';
import { endings } from './endings.ts';
import { forwards } from './forwards.ts';
import { helpers } from './helpers.ts';
import { libalias } from './libalias.ts';
import type { About, Words } from './words.ts';

type Codes = {
  readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>, about: About | undefined) => Words;
};

const words: Codes = { ...forwards, ...helpers, ...libalias, ...endings };

/** `about` lets the sentence name what matters in this packet; without it the words stay general. */
export function explain(reason: Reason, about?: About): Words {
  const say = words[reason.code] as (reason: Reason, about: About | undefined) => Words;
  return say(reason, about);
}

/** Lower comes first: from what decides to what goes without saying. */
const WEIGHT: Readonly<Record<Reason['code'], number>> = {
  'tuple-clash': 0,
  'passed-raw': 0,
  'no-port': 0,
  'addressed-to-router': 1,
  'blocked-by-rule': 2,
  'table-full': 3,
  'ports-used-up': 0,
  'out-of-order': 3,
  'held-back': 0,
  'alg-full': 0,
  'bad-ip-header': 4,
  'bad-ip-option': 5,
  'too-short-to-translate': 6,
  untranslatable: 6,
  'checksum-wrong': 7,
  martian: 8,
  'no-route': 9,
  'ttl-expired': 10,
  'too-big': 11,
  'fragments-discarded': 12,
  'waiting-for-fragments': 13,
  'icmp-error-unmatched': 14,
  'untracked-invalid': 15,
  'nobody-listens': 16,
  'id-taken': 2,
  'id-unreadable': 16,
  'id-split': 17,
  'helper-missed': 17,
  'answers-taken': 17,
  'newest-gets-it': 17,
  'host-owns': 17,
  'call-forgotten': 17,
  'quote-checksum-wrong': 17,
  'call-id-rewritten': 18,
  'call-id-restored': 19,
  'call-id-kept': 19,
  'id-evicted': 20,
  'id-rewritten': 18,
  'id-restored': 19,
  'id-unknown': 0,
  'host-chosen': 18,
  'port-forced': 18,
  'id-adopted': 19,
  'id-noted': 19,
  'id-matched': 20,
  'entry-evicted': 20,
  'mapping-admitted': 20,
  'expectation-matched': 20,
  'expectation-made': 21,
  'call-completed': 21,
  'pieces-noted': 21,
  'piece-matched': 21,
  'piece-unchecked': 21,
  'port-drawn': 22,
  'port-reused': 23,
  'icmp-error-related': 24,
  'helper-attached': 25,
  'not-translated': 26,
  'entry-created': 27,
  reassembled: 28,
  refragmented: 29,
  'destination-translated': 30,
  'source-translated': 31,
  'port-kept': 32,
  'entry-matched': 33,
};

/** The reasons of an outcome in the order in which they are worth telling. */
export function ranked(reasons: readonly Reason[]): readonly Reason[] {
  return [...reasons].sort((a, b) => WEIGHT[a.code] - WEIGHT[b.code]);
}
