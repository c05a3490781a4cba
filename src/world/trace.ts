/**
 * The trace: everything that happened in a run, in order, as plain data. Stage, ladder, packet list, tables, byte
 * diff, why card, pcapng and tests are all views of (trace, cursor). A replayed capture gives the same shape, so
 * every view serves both.
 * @module
 */
import type { Notice } from '../endpoints/endpoint.ts';
import type { EntryView, Outcome } from '../router/outcome.ts';

export type NodeKind = 'client' | 'router' | 'server' | 'stranger';

export interface TraceNode {
  /** Short and stable: "a", "b", "router", "cgnat", "server", "stranger". */
  readonly id: string;
  readonly kind: NodeKind;
  /** As people call it: "Laptop A", "VPN server". */
  readonly name: string;
  /** Its addresses, unsigned 32-bit; a router's in the order of its interfaces. */
  readonly addresses: readonly number[];
  /** Clients and servers: what they run, as "pptp", "ikev2", … */
  readonly vpn?: string;
  /** A router with several uplinks: what they are called, in the order of its outside addresses. */
  readonly uplinks?: readonly string[];
}

/** A packet on its way between two nodes. Its bytes never change; a router makes a new one. */
export interface Frame {
  /** Unique in the trace, counted from 0 in the order of sending. */
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly from: string;
  /** The node at the far end of the link; undefined where nobody is there. */
  readonly to?: string;
  /** The frame that a router turned into this one. */
  readonly parent?: number;
  /** Replays only: how long the packet was, where the capture kept no more of it than `bytes`. */
  readonly wholeLength?: number;
}

interface Common {
  /** Position in the trace: what the cursor counts. */
  readonly index: number;
  /** Simulated time, integer microseconds since the world began. */
  readonly time: number;
  readonly node: string;
}

export type Occurrence =
  | (Common & { readonly kind: 'sent'; readonly frame: Frame })
  | (Common & { readonly kind: 'received'; readonly frame: Frame })
  | (Common & { readonly kind: 'lost'; readonly frame: Frame; readonly why: 'loss' | 'cable' | 'nobody-there' })
  | (Common & {
      readonly kind: 'routed';
      /** What arrived, on which interface. */
      readonly frame: Frame;
      readonly on: string;
      readonly outcome: Outcome;
      /** One for each of `outcome.out`, in its order. */
      readonly out: readonly Frame[];
      /** Replays only: what the recording shows, and whether we did the same. */
      readonly recorded?: { readonly agrees: boolean; readonly difference?: string };
    })
  | (Common & {
      readonly kind: 'phase';
      /** Which of the node's VPN conversations, "pptp:a". */
      readonly session: string;
      readonly phase: string;
      readonly status: 'idle' | 'connecting' | 'up' | 'failed' | 'closed';
      readonly notice?: Notice;
    })
  | (Common & {
      readonly kind: 'symptom';
      readonly session: string;
      /** As its user meets it: { system: 'windows', code: '806', text: '…' }. */
      readonly system: string;
      readonly code?: string;
      readonly text: string;
      /** The step that did not happen. */
      readonly missing: string;
    })
  | (Common & { readonly kind: 'intervention'; readonly what: string; readonly changes: Outcome['changes'] })
  | (Common & {
      /** Replays only: packets in a row that the capture cut so short that no router could be given them. */
      readonly kind: 'left-out';
      readonly packets: number;
      /** What was kept of the first of them, and how long it was. */
      readonly bytes: Uint8Array;
      readonly wholeLength: number;
    })
  | (Common & {
      /** Replays only: packets that a long trace does not tell one by one, and what they came to in the table. */
      readonly kind: 'passed-over';
      readonly packets: number;
      readonly ended: number;
      readonly changes: Outcome['changes'];
    });

export interface Trace {
  readonly nodes: readonly TraceNode[];
  readonly occurrences: readonly Occurrence[];
  /** Time of the end of the run, microseconds. */
  readonly end: number;
}

/** A router's table as it stood after the occurrence at `cursor`; -1 is before the first. */
export type TableAt = (router: string, cursor: number) => readonly EntryView[];
