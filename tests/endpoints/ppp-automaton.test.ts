import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { Automaton, type Finish, type Judgement, type Negotiator } from '../../src/endpoints/ppp-automaton.ts';
import { Rng } from '../../src/lib/rng.ts';
import * as ccp from '../../src/wire/ccp.ts';
import { FakeHost } from '../support/fake-host.ts';

const NONE = new Uint8Array(0);

/** One side that asks for a number of MPPE bits and takes what `verdict` says of the peer's. */
class Side implements Negotiator<ccp.Option> {
  readonly automaton: Automaton<ccp.Option>;
  readonly host: FakeHost;
  readonly events: string[] = [];
  readonly out: Uint8Array[] = [];
  bits = 1;
  verdict: Judgement<ccp.Option> = { verdict: 'ack' };

  constructor(host = new FakeHost(), name = 'side') {
    this.host = host;
    this.automaton = new Automaton<ccp.Option>(ccp, host.timers.within(name), this, (packet) => this.out.push(packet));
  }

  request = (): readonly ccp.Option[] => [{ kind: 'mppe', bits: this.bits }];
  judge = (): Judgement<ccp.Option> => this.verdict;
  naked = (): void => {
    this.bits++;
  };
  rejected = (): void => {
    this.bits += 10;
  };
  opened = (): number => this.events.push('opened');
  lowered = (ending: boolean): number => this.events.push(ending ? 'ending' : 'lowered');
  finished = (why: Finish): number => this.events.push(why);
  extra = (packet: ccp.Packet): boolean => packet.kind === 'reset-request';

  /** What was sent since the last look, "kind id". */
  said(): readonly string[] {
    return this.out.splice(0).map((bytes) => {
      const parsed = ccp.parse(bytes);
      return parsed.ok ? `${parsed.value.kind} ${parsed.value.identifier}` : 'unreadable';
    });
  }

  hears(packet: ccp.Packet): this {
    this.automaton.receive(ccp.encode(packet));
    return this;
  }

  /** The peer asks, and acknowledges our request `identifier`. */
  asks(identifier = 50): this {
    return this.hears({ kind: 'configure-request', identifier, options: [{ kind: 'mppe', bits: 9 }] });
  }

  acks(identifier: number, bits = this.bits): this {
    return this.hears({ kind: 'configure-ack', identifier, options: [{ kind: 'mppe', bits }] });
  }
}

const opened = () => {
  const side = new Side();
  side.automaton.open();
  side.asks().acks(1).said();
  return side;
};

describe('opening, RFC 1661 §4', () => {
  test('opens when the peer asked and acknowledged, in either order', () => {
    const askedFirst = new Side();
    askedFirst.automaton.open();
    expect(askedFirst.asks().automaton.state).toBe('ack-sent');
    expect(askedFirst.acks(1).automaton.state).toBe('opened');
    const ackedFirst = new Side();
    ackedFirst.automaton.open();
    expect(ackedFirst.acks(1).automaton.state).toBe('ack-received');
    expect(ackedFirst.asks().automaton.state).toBe('opened');
    expect([askedFirst.events, ackedFirst.events]).toEqual([['opened'], ['opened']]);
  });

  test('repeats its request every 3 seconds with the same identifier, ten in all, then gives up', () => {
    const side = new Side();
    side.automaton.open();
    side.host.pass(seconds(27));
    expect(side.said()).toEqual(Array.from({ length: 10 }, () => 'configure-request 1'));
    expect(side.events).toEqual([]);
    side.host.pass(seconds(3));
    expect(side.said()).toEqual([]);
    expect(side.events).toEqual(['timeout']);
  });

  test('an acknowledgement counts only with the right identifier and the very options asked for', () => {
    const side = new Side();
    side.automaton.open();
    expect(side.acks(2).automaton.state).toBe('request-sent');
    expect(side.acks(1, 77).automaton.state).toBe('request-sent');
    expect(side.acks(1).automaton.state).toBe('ack-received');
  });

  test('after a Nak or a Reject it asks anew, under another identifier', () => {
    const side = new Side();
    side.automaton.open();
    side.hears({ kind: 'configure-nak', identifier: 1, options: [] });
    side.hears({ kind: 'configure-reject', identifier: 2, options: [] });
    expect(side.bits).toBe(12);
    expect(side.said()).toEqual(['configure-request 1', 'configure-request 2', 'configure-request 3']);
  });

  test('a peer that never takes a Nak is given Rejects after the fifth', () => {
    const side = new Side();
    side.automaton.open();
    side.said();
    side.verdict = { verdict: 'nak', options: [{ kind: 'mppe', bits: 5 }] };
    for (let identifier = 0; identifier < 7; identifier++) side.asks(identifier);
    const naks = [0, 1, 2, 3, 4].map((identifier) => `configure-nak ${identifier}`);
    expect(side.said()).toEqual([...naks, 'configure-reject 5', 'configure-reject 6']);
  });

  test('nothing is heard before it is opened', () => {
    const side = new Side();
    side.asks().acks(1);
    expect([side.said(), side.automaton.state]).toEqual([[], 'initial']);
  });
});

describe('once open', () => {
  test('a new request starts the negotiation over', () => {
    const side = opened().asks(51);
    expect(side.said()).toEqual(['configure-request 2', 'configure-ack 51']);
    expect(side.acks(2).events).toEqual(['opened', 'lowered', 'opened']);
  });

  test('an answer that comes twice counts once, in every state', () => {
    expect(opened().acks(1).events).toEqual(['opened']);
    const acknowledged = new Side();
    acknowledged.automaton.open();
    acknowledged.acks(1).acks(1);
    expect([acknowledged.automaton.state, acknowledged.said()]).toEqual(['ack-received', ['configure-request 1']]);
    const refused = new Side();
    refused.automaton.open();
    for (let times = 0; times < 2; times++) refused.hears({ kind: 'configure-nak', identifier: 1, options: [] });
    expect([refused.bits, refused.said()]).toEqual([2, ['configure-request 1', 'configure-request 2']]);
  });

  test('an acknowledged request that is repeated may be acknowledged again', () => {
    const side = new Side();
    side.automaton.open();
    side.acks(1).host.pass(seconds(3));
    expect(side.automaton.state).toBe('request-sent');
    expect(side.acks(1).automaton.state).toBe('ack-received');
  });

  test('every negotiation has ten requests of its own', () => {
    const side = opened();
    for (let round = 0; round < 12; round++) {
      side.asks(60 + round);
      side.host.pass(seconds(4));
      side.acks(2 + round);
    }
    expect([side.automaton.state, side.events.includes('timeout')]).toEqual(['opened', false]);
  });

  test('codes that nobody knows are rejected, the protocol own ones are not', () => {
    const side = opened();
    side.hears({ kind: 'other', code: 99, identifier: 3, data: NONE });
    side.hears({ kind: 'reset-request', identifier: 4, data: NONE });
    expect(side.said()).toEqual(['code-reject 2']);
  });
});

describe('closing', () => {
  test('Terminate-Request twice, 3 seconds apart, then it counts as done', () => {
    const side = opened();
    side.automaton.close();
    side.host.pass(seconds(6));
    expect(side.said()).toEqual(['terminate-request 2', 'terminate-request 3']);
    expect(side.events).toEqual(['opened', 'ending', 'closed']);
  });

  test('an acknowledgement ends it at once', () => {
    const side = opened();
    side.automaton.close();
    side.hears({ kind: 'terminate-ack', identifier: 2, data: NONE });
    expect(side.events).toEqual(['opened', 'ending', 'closed']);
    expect(side.asks().said()).toEqual(['terminate-request 2', 'terminate-ack 50']);
  });

  test('the peer hangs up: it is acknowledged, and over one restart period later', () => {
    const side = opened().hears({ kind: 'terminate-request', identifier: 9, data: NONE });
    expect(side.said()).toEqual(['terminate-ack 9']);
    expect(side.events).toEqual(['opened', 'ending']);
    side.host.pass(seconds(3));
    expect(side.events).toEqual(['opened', 'ending', 'terminated']);
  });

  test('when the layer below is gone, no timer goes off any more', () => {
    const side = new Side();
    side.automaton.open();
    side.automaton.down();
    side.said();
    side.host.pass(seconds(60));
    expect([side.said(), side.events]).toEqual([[], []]);
  });
});

test('any bytes at all leave it standing, in every state', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 20 }), (packets) => {
      const side = new Side();
      side.automaton.open();
      for (const bytes of packets) side.automaton.receive(bytes);
      side.host.pass(seconds(100));
      expect(['opened', 'stopped', 'closed', 'ack-sent', 'ack-received', 'request-sent']).toContain(
        side.automaton.state,
      );
    }),
  );
});

test('two of them over a wire that loses half of everything open once it loses nothing more', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const host = new FakeHost();
      const chance = new Rng(seed);
      const [a, b] = [new Side(host, 'a'), new Side(host, 'b')];
      a.automaton.open();
      b.automaton.open();
      for (let time = 0; time < 60; time++) {
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const)
          for (const packet of from.out.splice(0)) if (time > 15 || chance.below(2) === 0) to.automaton.receive(packet);
        host.pass(seconds(1));
      }
      expect([a.automaton.state, b.automaton.state]).toEqual(['opened', 'opened']);
    }),
    { numRuns: 200 },
  );
});
