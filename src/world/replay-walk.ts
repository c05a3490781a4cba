/** One way through a recording: each packet in its time through a router of ours, with what was done to the router. @module */
import type { RouterConfig, RouterHooks } from '../router/config.ts';
import type { Outcome, TableChange } from '../router/outcome.ts';
import { Router } from '../router/router.ts';
import { formatPrefix, type Prefix } from '../wire/address.ts';
import { Aim } from './aim.ts';
import type { RecordedPacket, Recording } from './recording.ts';

/** What was done to the recorded router while it was recorded. `at`: seconds since the recording began. */
export type Intervention = { readonly at: number } & (
  | { readonly do: 'flush' }
  | { readonly do: 'pptp-helper'; readonly on: boolean }
  | { readonly do: 'address'; readonly interface: string; readonly address: Prefix }
);

export interface Visitor {
  /** `packet`: as it came to the router. */
  readonly packet: (index: number, packet: Uint8Array, outcome: Outcome) => void;
  /** An answer to a question that our router kept to itself: left out. */
  readonly unasked: (index: number) => void;
  /** A packet that the capture cut too short to be routed. */
  readonly leftOut: (packet: RecordedPacket) => void;
  readonly intervention: (time: number, what: string, changes: readonly TableChange[]) => void;
}

/** Where a router's chance comes from, asked about the packet that is in hand. */
export type ChanceFor = (current: () => RecordedPacket) => RouterHooks;

/** Packets between two reports of progress. */
const STRIDE = 1024;

export interface Way {
  readonly interventions: readonly Intervention[];
  readonly chance: ChanceFor;
  readonly progress: (done: number) => void;
}

export function walk(recording: Recording, config: RouterConfig, way: Way, visitor: Visitor): void {
  let current = recording.received[0]!;
  const router = new Router(
    config,
    way.chance(() => current),
  );
  const pending = [...way.interventions].sort((a, b) => a.at - b.at);
  const aim = recording.sides === 'lan' ? new Aim() : undefined;
  let missed = 0;
  const miss = (until: number) => {
    for (let each = recording.leftOut[missed]; each && each.time <= until; each = recording.leftOut[++missed])
      visitor.leftOut(each);
  };
  for (const [index, received] of recording.received.entries()) {
    if (index % STRIDE === 0) way.progress(index);
    miss(received.time);
    for (let next = pending[0]; next && next.at <= received.time; next = pending[0]) {
      visitor.intervention(next.at, describe(next), intervene(router, next));
      pending.shift();
    }
    current = received;
    const packet = received.returns ? aim?.at(received.packet) : received.packet;
    if (!packet) {
      visitor.unasked(index);
      continue;
    }
    const outcome = router.receive(received.on, packet, received.time);
    const [sent] = outcome.out;
    if (aim && received.on === 'lan' && sent?.on === 'wan' && !sent.own) aim.note(packet, sent.packet);
    visitor.packet(index, packet, outcome);
  }
  miss(Number.POSITIVE_INFINITY);
}

function intervene(router: Router, intervention: Intervention): readonly TableChange[] {
  switch (intervention.do) {
    case 'flush':
      return router.flush(intervention.at);
    case 'address':
      return router.setAddress(intervention.interface, intervention.address, intervention.at);
    case 'pptp-helper':
      router.setHelpers(intervention.on ? ['nf-pptp'] : []);
      return [];
  }
}

function describe(intervention: Intervention): string {
  switch (intervention.do) {
    case 'flush':
      return 'flush';
    case 'address':
      return `address ${intervention.interface} ${formatPrefix(intervention.address)}`;
    case 'pptp-helper':
      return `pptp-helper ${intervention.on ? 'on' : 'off'}`;
  }
}
