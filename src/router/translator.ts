/**
 * What makes one kind of NAT router differ from another: how flows are told apart, and what is rewritten.
 * The pipeline of `router.ts` is the same for all; it calls these steps in this order for every packet.
 * @module
 */
import type { HelperId } from './config.ts';
import type { EntryView, TableChange } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Recorder } from './recorder.ts';

export type RemovalReason = Extract<TableChange, { kind: 'removed' }>['why'];

/** Told of every change to the tables: before it where an entry changes or goes, after it where one comes. */
export interface TableObserver {
  /** `view` shows the entry as it is when called. */
  touching(id: number, view: () => EntryView): void;
  creating(id: number, view: () => EntryView): void;
  removing(id: number, view: () => EntryView, why: RemovalReason): void;
}

/** What a translator's tables are told before each packet: the time in seconds, and who wants to hear what they do. */
export interface Tables {
  now: number;
  recorder: Recorder | undefined;
  observer: TableObserver | undefined;
}

export interface Translator {
  readonly tables: Tables;
  /** What the pipeline's own reasons bear where not netfilter decides. */
  readonly mark: { readonly by?: 'libalias' };
  /** Whether datagrams in pieces are put together before it sees them; else only those for the router itself are. */
  readonly wantsWhole: boolean;
  /** Finds the packet's flow, or opens one. `output`: the router's own packet. False: the packet must be dropped. */
  classify(packet: Packet, hook: 'prerouting' | 'output'): boolean;
  /** Makes `error`, the router's own answer about `packet`, belong to the packet's flow. False: it has none. */
  adopt(error: Packet, packet: Packet): boolean;
  /** Attaches helpers to what they are for. */
  prepare(packet: Packet): void;
  translateDestination(packet: Packet): boolean;
  /** `iface`: where the packet leaves, -1 for delivery to the router. `masquerade`: the address it takes there. */
  translateSource(packet: Packet, iface: number, masquerade: number | undefined): boolean;
  /** Helpers read what goes out; the flow becomes known to others. False: it cannot, and the packet is dropped. */
  finish(packet: Packet): boolean;
  /** The packet is done with, sent or not. */
  release(packet: Packet): void;
  /** The received packet and all that the router sent because of it are done with. */
  settle(): void;
  /** Helpers and modules that run from now on. */
  setHelpers(ids: readonly HelperId[]): void;
  flush(): void;
  /** An interface has another address; what was translated to the old one is gone. */
  setAddress(iface: number, address: number): void;
  entries(now: number): readonly EntryView[];
  /** Entries now in the table and the bytes it holds. */
  readonly load: { readonly entries: number; readonly bytes: number };
}
