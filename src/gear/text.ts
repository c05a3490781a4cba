/** Configuration as a file has it: the lines, and a comment above each that a switch makes. @module */
import type { SwitchName } from '../router/profiles/profile.ts';
import type { GearLine, Maker } from './gear.ts';

const SWITCH_NAMES: Readonly<Record<SwitchName, string>> = { pptp: 'PPTP', l2tp: 'L2TP', ipsec: 'IPsec' };

/** "PPTP passthrough off" */
export function makerName(by: Maker): string {
  return by === 'router' ? 'the router itself' : `${SWITCH_NAMES[by.switch]} passthrough ${by.on ? 'on' : 'off'}`;
}

/** A line that the router needs for itself, whatever its switches are. */
export function routerLine(text: string, why?: string): GearLine {
  return { text, by: 'router', ...(why === undefined ? {} : { why }) };
}

/** `comment`: what begins one. */
export function textOf(lines: readonly GearLine[], comment: string): string {
  return lines
    .map(({ text, why, by }) => {
      const indent = text.slice(0, text.length - text.trimStart().length);
      const above = by !== 'router' && why !== undefined ? `${indent}${comment} ${makerName(by)}: ${why}\n` : '';
      return `${above}${text}\n`;
    })
    .join('');
}
