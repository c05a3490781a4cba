/**
 * The only thing that ends an idle link: a sweep through the table, driven by the packets themselves. All of it is seen
 * once in 64 s, but at one packet no more than a fifth of it, and without packets nothing.
 *
 * So a link dies between its time and about 64 s later; on a silent router it lives on, and the first packet after hours
 * may still find it. Source: FreeBSD 12.1 libalias, measured.
 * @module
 */
import { LIFE, PERMANENT, USED } from './link.ts';
import { type LinkTable, SPOKES } from './link-table.ts';

/** Seconds. */
const ROUND = 64;
const MOST_SPOKES = 800;

export class Sweep {
  private readonly table: LinkTable;
  private swept = 0;
  private spoke = 0;
  private second = 0;
  private readonly forPortsOnly: boolean;
  private readonly visit = (link: number): void => {
    if (isOver(this.table, link, this.second)) this.table.remove(link, 'expired');
  };

  /** `forPortsOnly`: it rests while there is neither TCP nor UDP. */
  constructor(table: LinkTable, forPortsOnly: boolean) {
    this.table = table;
    this.forPortsOnly = forPortsOnly;
  }

  /** Goes on by as much as is due at this whole second. */
  run(second: number): void {
    const due = Math.floor((SPOKES * (second - this.swept)) / ROUND);
    if (due <= 0 || (this.forPortsOnly && this.table.withPorts === 0)) return;
    this.swept = second;
    this.second = second;
    for (let left = Math.min(due, MOST_SPOKES); left > 0; left--) {
      this.table.eachOnSpoke(this.spoke, this.visit);
      this.spoke = (this.spoke + 1) % SPOKES;
    }
  }
}

/** Whether a link has been idle for longer than it may. */
export function isOver(table: LinkTable, link: number, second: number): boolean {
  const life = table.get(link, LIFE);
  return life !== PERMANENT && second - table.get(link, USED) > life;
}
