/** What can come of a VPN at a router, in words: for a cell of the matrix, its legend, and the story of its run. @module */

export interface OutcomeWords {
  /** At most two words, for a cell. */
  readonly short: string;
  /** What it means: a clause that goes on after "at DD-WRT: ", without its full stop. */
  readonly says: string;
}

/** By the codes of the matrix's verdicts, in the order of the legend. */
export const OUTCOMES = {
  OK: { short: 'works', says: 'it works, and nothing but the address is rewritten' },
  'OK≠': { short: 'rewritten', says: 'it works, and the router rewrites a port or an ID for it' },
  '1st': { short: 'first only', says: 'the first laptop works, and those who come later are stopped at the router' },
  NEW: { short: 'newest only', says: 'the newest laptop works, and gets the answers meant for the others' },
  BLK: { short: 'blocked', says: 'the rule of a switch drops it' },
  'X-out': {
    short: 'no way out',
    says: 'its packets end at the router on their way out, or leave with an address that nobody can answer',
  },
  'X-in': { short: 'no way back', says: 'its packets leave, and the answers end at the router' },
  ICV: { short: 'refused', says: 'it arrives, and the far end throws it away because it was altered' },
  SRV: { short: 'server fails', says: 'the router does all it should, and it fails at the server' },
  mixed: { short: 'mixed', says: 'each laptop has a fate of its own' },
  X: { short: 'kept out', says: 'nobody asked for it, and the router throws it away' },
  HOST: { short: 'router takes it', says: 'nobody asked for it, and the router takes it for itself' },
  IN: { short: 'let in', says: 'nobody asked for it, and the router lets it in' },
} as const satisfies Readonly<Record<string, OutcomeWords>>;
