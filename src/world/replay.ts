/**
 * Replays a recording through a router of ours, packet by packet, and compares every packet that comes out with what
 * the recorded router sent, byte for byte. What that router drew by chance is taken from the recording: source ports
 * and ICMP identifiers, and the identification field of packets of its own.
 *
 * The answer is a trace like any other, with what the recording shows beside each routed packet.
 * @module
 */
import type { RouterConfig } from '../router/config.ts';
import type { Outcome, TableChange } from '../router/outcome.ts';
import { Router } from '../router/router.ts';
import { formatIpv4, type Prefix } from '../wire/address.ts';
import { differenceBetween } from './difference.ts';
import { oneLine } from './one-line.ts';
import { shapeOf, shapeWithoutId } from './packet-identity.ts';
import { RecordedOutput, withoutChance } from './recorded-output.ts';
import type { RecordedPacket, Recording } from './recording.ts';
import { type Happening, traceOf } from './replay-trace.ts';
import { destinationOf } from './sides.ts';
import type { Trace } from './trace.ts';

/** What was done to the recorded router while it was recorded. `at`: seconds since the recording began. */
export type Intervention = { readonly at: number } & (
  | { readonly do: 'flush' }
  | { readonly do: 'pptp-helper'; readonly on: boolean }
  | { readonly do: 'address'; readonly interface: string; readonly address: Prefix }
);

/** What a recording does not show of its router's surroundings. */
export interface Circumstances {
  readonly interventions?: readonly Intervention[];
  /** Addresses for which nobody answers ARP: what a router sends there never reaches the wire. */
  readonly nobodyAt?: readonly number[];
}

export interface Replay {
  readonly trace: Trace;
  /** Packets that reached the router. */
  readonly total: number;
  /** Those of them to which our router did exactly what the recording shows. */
  readonly agreed: number;
}

/** A received packet with all that came of it, here and in the recording. */
interface Step {
  readonly received: RecordedPacket;
  readonly outcome: Outcome;
  /** Packets of ours that the recording does not show. */
  readonly extra: Outcome['out'];
  /** Packets that the recording shows and ours did not send. */
  readonly missing: RecordedPacket[];
}

/**
 * `config` must name its interfaces "lan" and "wan", as the recording does; its seed decides only what the recording
 * does not show. An intervention takes effect before the packets received at or after its time.
 */
export function replay(
  recording: Recording,
  config: RouterConfig,
  { interventions = [], nobodyAt = [] }: Circumstances = {},
): Replay {
  const output = new RecordedOutput(recording.sent);
  let current = recording.received[0]!;
  const router = new Router(config, {
    draw: (request) => output.drawn(request, current),
    ipId: () => output.idOfAnswer(current),
  });
  const pending = [...interventions].sort((a, b) => a.at - b.at);
  const inOrder: (Step | Extract<Happening, { kind: 'intervention' }>)[] = [];
  const steps: Step[] = [];
  for (const received of recording.received) {
    for (let next = pending[0]; next && next.at <= received.time; next = pending[0]) {
      inOrder.push({ kind: 'intervention', time: next.at, what: describe(next), changes: intervene(router, next) });
      pending.shift();
    }
    current = received;
    const outcome = router.receive(received.on, received.packet, received.time);
    const onWire = outcome.out.filter(({ packet }) => !nobodyAt.includes(destinationOf(packet)));
    const extra = onWire.filter((emission) => !output.take(emission, received.time));
    const step = { received, outcome, extra, missing: [] };
    steps.push(step);
    inOrder.push(step);
  }
  for (const packet of output.left()) causeOf(packet, steps).missing.push(packet);
  const happenings = inOrder.map((each): Happening => {
    if ('kind' in each) return each;
    return { kind: 'packet', received: each.received, outcome: each.outcome, difference: differenceOf(each) };
  });
  const agreed = happenings.filter((each) => each.kind === 'packet' && each.difference === undefined).length;
  return { trace: traceOf(recording, happenings), total: steps.length, agreed };
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
      return `address ${intervention.interface} ${formatIpv4(intervention.address.address)}/${intervention.address.length}`;
    case 'pptp-helper':
      return `pptp-helper ${intervention.on ? 'on' : 'off'}`;
  }
}

/** Two capture points may see cause and effect in either order: seconds. */
const EARLY = 0.02;
/** How far back a forwarded packet's origin is looked for. */
const LATE = 2;

/** The received packet that most likely led to a recorded one: the last of its shape before it, or just the last. */
function causeOf(sent: RecordedPacket, steps: readonly Step[]): Step {
  let last = steps.length - 1;
  while (last > 0 && steps[last]!.received.time > sent.time + EARLY) last--;
  const shape = shapeOf(sent.packet);
  for (let i = last; i >= 0; i--) {
    const { received } = steps[i]!;
    if (received.time < sent.time - LATE) break;
    if (shapeOf(received.packet) === shape) return steps[i]!;
  }
  while (last > 0 && steps[last]!.received.time > sent.time) last--;
  return steps[last]!;
}

/** Undefined where everything is as recorded. Packets that differ are compared where they are alike. */
function differenceOf(step: Step): string | undefined {
  const missing = [...step.missing];
  const parts: string[] = [];
  for (const { packet, own, on } of step.extra) {
    const shape = shapeWithoutId(packet);
    const alike = missing.findIndex((each) => each.on === on && shapeWithoutId(each.packet) === shape);
    if (alike < 0) parts.push(`sent on ${on}, but not recorded: ${oneLine(packet)}`);
    else {
      const theirs = missing.splice(alike, 1)[0]!.packet;
      const found = own
        ? differenceBetween(withoutChance(theirs), withoutChance(packet))
        : differenceBetween(theirs, packet);
      parts.push(found ?? `sent on ${on}, but recorded at another time: ${oneLine(packet)}`);
    }
  }
  for (const { on, packet } of missing) parts.push(`recorded on ${on}, but not sent: ${oneLine(packet)}`);
  return parts.length > 0 ? parts.join('; ') : undefined;
}
