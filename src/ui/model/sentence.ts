/** A step as a sentence: what the live region says and what the lists are called. @module */
import { AT_GATEWAY } from '../../explain/gateways.ts';
import { LOST } from '../../explain/moments.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { Occurrence } from '../../world/trace.ts';
import { doneWith } from './gateway.ts';
import { noteOf } from './note.ts';
import { findField } from './packet.ts';
import type { Run, Step } from './run.ts';
import { viewOf } from './step-view.ts';
import { titleOf } from './title.ts';

/** "Laptop A", or the address where no node of the run has it. */
export function nameOf(run: Run, address: number): string {
  return run.names.get(address) ?? formatIpv4(address);
}

export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** Who sent the packet and for whom it is: what the router made of it knows best. */
export function endsOf(run: Run, step: Step): Ends {
  const { occurrence } = step;
  if (!('frame' in occurrence)) return { from: '', to: '' };
  const { bytes } = occurrence.frame;
  const out = viewOf(run, step)?.outgoing[0]?.frame.bytes ?? bytes;
  return { from: nameAt(run, bytes, 'ip.src'), to: nameAt(run, out, 'ip.dst') };
}

function nameAt(run: Run, bytes: Uint8Array, key: string): string {
  const value = findField(bytes, key)?.value;
  return typeof value === 'number' ? nameOf(run, value) : '?';
}

/** Seconds as the page writes them: "1.044 s". */
export function secondsOf(micros: number): string {
  return `${(micros / 1e6).toFixed(3)} s`;
}

/** Without its number: "GRE Call ID 7, VPN server to Router: stopped, no entry fits." */
export function labelOf(run: Run, step: Step): string {
  const { what, fate } = captionOf(run, step);
  return [what, fate].filter(Boolean).join(', ');
}

export interface CaptionText {
  readonly what: string;
  /** From whom to whom, and what became of it; empty where that is no matter of packets. */
  readonly fate: string;
}

/** The same in two: "GRE Call ID 7" and "VPN server to Router: stopped, no entry fits." */
export function captionOf(run: Run, step: Step): CaptionText {
  const { occurrence } = step;
  switch (occurrence.kind) {
    case 'routed':
    case 'received': {
      const { from, to } = endsOf(run, step);
      const became = occurrence.kind === 'routed' ? fateText(run, step) : gatewayText(run, occurrence);
      return { what: titleOf(occurrence.frame.bytes), fate: `${from} to ${to}: ${became}.` };
    }
    case 'lost':
    case 'phase':
    case 'symptom':
    case 'intervention':
    case 'passed-over':
    case 'left-out':
      return { what: `${noteOf(run, occurrence)}.`, fate: '' };
    case 'sent':
      return { what: titleOf(occurrence.frame.bytes), fate: '' };
  }
}

/** What a router that is an end of a tunnel does with a packet. */
export function gatewayText(run: Run, occurrence: Extract<Occurrence, { kind: 'received' }>): string {
  return AT_GATEWAY[doneWith(run, occurrence)];
}

function fateText(run: Run, step: Step): string {
  const words = viewOf(run, step)?.reasons[0]?.words;
  switch (step.fate) {
    case 'stopped':
      return `stopped, ${words?.short ?? 'no reason given'}`;
    case 'held':
      return 'held until all pieces are there';
    case 'served':
      return 'taken by the router';
    case 'through':
      return `sent on${words ? `, ${words.short}` : ''}`;
  }
}

/** What the live region says: where we are, what happened, why. */
export function sentenceOf(run: Run, step: Step | undefined): string {
  if (!step) return `Before the first of ${run.steps.length} packets.`;
  return `Step ${step.number} of ${run.steps.length}. ${labelOf(run, step)} ${whyOf(run, step)}`.trim();
}

/** Why it fared as it did, in a whole sentence; empty where nothing is to be said of it. */
export function whyOf(run: Run, step: Step | undefined): string {
  if (step?.occurrence.kind === 'lost') return LOST[step.occurrence.why];
  return viewOf(run, step)?.reasons[0]?.words.student ?? '';
}
