/** A helper (ALG) that reads what passes, rewrites it, and announces the flows that ends agree on. @module */
import type { Packet } from '../packet.ts';
import type { Expectation } from './expectations.ts';

export interface Helper {
  /** Off, it attaches itself to nothing new. */
  active: boolean;
  /** While active: sees each packet before translation, and attaches itself to the new connections it is for. */
  attach?(packet: Packet): void;
  /** Sees each packet after translation and before confirmation, and may rewrite it. False: it must be dropped. */
  inspect(packet: Packet): boolean;
  /** A new entry met an expectation. */
  welcome?(entry: number, expectation: Expectation): void;
  /** The helper's module is unloaded: connections lose it, and what it announced is forgotten. */
  unload?(): void;
  /** An entry is about to go. */
  removing?(entry: number): void;
}
