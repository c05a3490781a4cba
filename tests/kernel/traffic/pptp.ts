/**
 * PPTP over a real TCP dialogue, with all fifteen control messages and the odd ways to send them, and the GRE of its
 * calls. The server uses the Call ID that reached it, whatever the router made of it. @module
 */
import { concat, putU16, putU32, u16, u32 } from '../../../src/lib/bytes.ts';
import type { Rng } from '../../../src/lib/rng.ts';
import { between, chance, pick, weighted } from './choose.ts';
import { readIp } from './ip.ts';
import type { Place, Talk } from './talk.ts';
import { fromClient, fromOutside } from './talk.ts';
import { Dialogue } from './tcp.ts';
import { ACK, gre, PSH, RST } from './transport.ts';
import { header } from './udp.ts';

/** RFC 2637 §2: type and length of each control message. */
export const MESSAGES = {
  'Start-Control-Connection-Request': [1, 156],
  'Start-Control-Connection-Reply': [2, 156],
  'Stop-Control-Connection-Request': [3, 16],
  'Stop-Control-Connection-Reply': [4, 16],
  'Echo-Request': [5, 16],
  'Echo-Reply': [6, 20],
  'Outgoing-Call-Request': [7, 168],
  'Outgoing-Call-Reply': [8, 32],
  'Incoming-Call-Request': [9, 220],
  'Incoming-Call-Reply': [10, 24],
  'Incoming-Call-Connected': [11, 28],
  'Call-Clear-Request': [12, 16],
  'Call-Disconnect-Notify': [13, 148],
  'WAN-Error-Notify': [14, 40],
  'Set-Link-Info': [15, 24],
} as const satisfies Record<string, readonly [number, number]>;

export type MessageName = keyof typeof MESSAGES;

export interface MessageFields {
  /** The 16-bit word at offset 12: a Call ID or the peer's, as the message has it. */
  readonly w12?: number;
  readonly w14?: number;
  /** The byte at 16: the result of a reply. */
  readonly result?: number;
  readonly cookie?: number;
  /** Overrides. */
  readonly messageType?: number;
  readonly length?: number;
  readonly cut?: number;
}

export function message(name: MessageName, fields: MessageFields = {}): Uint8Array {
  const [type, size] = MESSAGES[name];
  const bytes = new Uint8Array(size);
  putU16(bytes, 0, fields.length ?? size);
  putU16(bytes, 2, fields.messageType ?? 1);
  putU32(bytes, 4, fields.cookie ?? 0x1a2b3c4d);
  putU16(bytes, 8, type);
  if (size > 12) putU16(bytes, 12, fields.w12 ?? 0);
  if (size > 14) putU16(bytes, 14, fields.w14 ?? 0);
  if (size > 16) bytes[16] = fields.result ?? 0;
  if (name.startsWith('Start')) putU16(bytes, 12, 0x0100);
  if (name === 'Start-Control-Connection-Reply') bytes[14] = fields.result ?? 1;
  return fields.cut === undefined ? bytes : bytes.subarray(0, fields.cut);
}

const TIME_STAMPS = new Uint8Array([1, 1, 8, 10, 0, 0, 1, 2, 0, 0, 3, 4]);

/** The control connection of one client, and what both ends know of its latest call. */
class Control {
  readonly rng: Rng;
  readonly place: Place;
  readonly tcp: Dialogue;
  readonly clientCall: number;
  readonly serverCall: number;
  /** The client's Call ID as the server saw it. */
  outsideCall: number;

  constructor(rng: Rng, place: Place) {
    this.rng = rng;
    this.place = place;
    this.tcp = new Dialogue(rng, place, pick(rng, [40000, 40000, 50000, 1024, 600, 65535]), 1723, 'pptp');
    this.clientCall = pick(rng, [0x4444, 0x4444, 0, 1, 40000, 13330]);
    this.serverCall = pick(rng, [0x0a01, 0x0a02, 0, 128, 0x4444]);
    this.outsideCall = this.clientCall;
  }

  *client(bytes: Uint8Array): Talk<Uint8Array | undefined> {
    return yield* this.say('client', bytes);
  }

  *server(bytes: Uint8Array): Talk<Uint8Array | undefined> {
    return yield* this.say('server', bytes);
  }

  /** Now and then sent twice, or first with a wrong checksum or out of the window, as a bad line does it. */
  *say(from: 'client' | 'server', bytes: Uint8Array): Talk<Uint8Array | undefined> {
    const { rng, tcp } = this;
    const way = weighted(rng, { plainly: 30, twice: 1, 'wrong sum': 1, 'far away': 1, options: 2 });
    const fields = { data: bytes, flags: ACK | PSH };
    const sequence = tcp[from].next;
    const send = (more: object) =>
      from === 'client' ? tcp.out(way, { ...fields, ...more }) : tcp.in(way, { ...fields, ...more });
    if (way === 'wrong sum') yield* send({ sum: 'wrong' });
    if (way === 'far away') yield* send({ sequence: (sequence + 1_000_000) >>> 0 });
    if (way === 'options') {
      const seen = yield* send({ options: TIME_STAMPS });
      tcp[from].next = (sequence + bytes.length) >>> 0;
      return seen;
    }
    const seen = yield* tcp.data(from, bytes, ACK | PSH);
    if (way === 'twice') yield* send({ sequence });
    return seen;
  }

  *start(): Talk {
    yield* this.client(message('Start-Control-Connection-Request'));
    yield* this.server(message('Start-Control-Connection-Reply'));
  }

  /** Sends an Outgoing-Call-Request in the pieces given and learns the Call ID that came out. */
  *request(call = this.clientCall): Talk {
    const seen = yield* this.client(message('Outgoing-Call-Request', { w12: call, w14: 1 }));
    this.learn(seen, call);
  }

  learn(seen: Uint8Array | undefined, otherwise: number): void {
    this.outsideCall = otherwise;
    if (!seen) return;
    const body = readIp(seen).payload;
    const at = (body[12]! >>> 4) * 4;
    if (body.length >= at + 14 && u32(body, at + 4) === 0x1a2b3c4d && u16(body, at + 8) === 7)
      this.outsideCall = u16(body, at + 12);
  }

  *reply(fields: MessageFields = {}): Talk {
    yield* this.server(
      message('Outgoing-Call-Reply', { w12: this.serverCall, w14: this.outsideCall, result: 1, ...fields }),
    );
  }

  *greOut(callId = this.serverCall): Talk {
    const around = header(this.rng, this.tcp.client.address, this.tcp.server.address);
    yield* fromClient(this.place, gre(around, greFields(this.rng, callId)), 'gre of the call, outbound');
  }

  *greIn(callId = this.outsideCall): Talk {
    const around = header(this.rng, this.tcp.server.address, this.tcp.outside.address);
    yield* fromOutside(gre(around, greFields(this.rng, callId)), 'gre of the call, inbound');
  }

  *someGre(): Talk {
    const packets = between(this.rng, 1, 4);
    for (let i = 0; i < packets; i++)
      if (chance(this.rng, 0.5)) yield* this.greOut();
      else yield* this.greIn();
  }
}

function greFields(rng: Rng, callId: number) {
  return {
    version: 1,
    protocol: 0x880b,
    callId,
    ...(chance(rng, 0.8) ? { sequence: rng.u16() & 255 } : {}),
    ...(chance(rng, 0.5) ? { acknowledgment: rng.u16() & 255 } : {}),
    data: concat(new Uint8Array([0xff, 3, 0xc0, 0x21]), rng.bytes(between(rng, 0, 20))),
  };
}

export function* pptpTalk(rng: Rng, place: Place): Talk {
  const control = new Control(rng, place);
  if (chance(rng, 0.97)) yield* control.tcp.handshake();
  if (chance(rng, 0.93)) yield* control.start();
  const way = weighted(rng, {
    call: 8,
    split: 1,
    together: 1,
    cookie: 1,
    type: 1,
    length: 1,
    refused: 1,
    stranger: 1,
    incoming: 2,
    twice: 1,
    early: 1,
  });
  yield* ways[way](control);
  yield* control.someGre();
  const events = between(rng, 0, 6);
  for (let i = 0; i < events; i++) yield* event(rng, control);
  yield* ending(rng, control);
}

const ways = {
  *call(control: Control): Talk {
    yield* control.request();
    yield* control.reply();
  },
  *split(control: Control): Talk {
    const bytes = message('Outgoing-Call-Request', { w12: control.clientCall });
    const at = pick(control.rng, [1, 2, 10, 14, 20, 160]);
    yield* control.client(bytes.subarray(0, at));
    yield* control.client(bytes.subarray(at));
    yield* control.reply();
  },
  *together(control: Control): Talk {
    const first = pick(control.rng, [
      'Start-Control-Connection-Request',
      'Echo-Request',
      'Outgoing-Call-Request',
    ] as const);
    const request = message('Outgoing-Call-Request', { w12: control.clientCall });
    const seen = yield* control.client(concat(message(first, { w12: control.clientCall }), request));
    control.learn(seen, control.clientCall);
    const reply = message('Outgoing-Call-Reply', { w12: control.serverCall, w14: control.outsideCall, result: 1 });
    yield* control.server(
      chance(control.rng, 0.5) ? concat(reply, message('Echo-Request')) : concat(message('Echo-Request'), reply),
    );
  },
  *cookie(control: Control): Talk {
    yield* control.client(message('Outgoing-Call-Request', { w12: control.clientCall, cookie: 0x1a2b3c4e }));
    yield* control.reply({ cookie: chance(control.rng, 0.5) ? 0x1a2b3c4d : 0 });
  },
  *type(control: Control): Talk {
    yield* control.client(message('Outgoing-Call-Request', { w12: control.clientCall, messageType: 2 }));
    yield* control.reply({ messageType: pick(control.rng, [1, 2, 0]) });
  },
  *length(control: Control): Talk {
    const bytes = message('Outgoing-Call-Request', {
      w12: control.clientCall,
      length: pick(control.rng, [0, 12, 156, 200]),
    });
    control.learn(yield* control.client(bytes), control.clientCall);
    yield* control.reply({ length: pick(control.rng, [32, 12, 40]) });
  },
  *refused(control: Control): Talk {
    yield* control.request();
    yield* control.reply({ result: pick(control.rng, [2, 4, 7]) });
    if (chance(control.rng, 0.5)) yield* ways.call(control);
  },
  *stranger(control: Control): Talk {
    yield* control.request();
    yield* control.reply({ w14: NOBODYS_CALL });
    if (chance(control.rng, 0.5)) yield* control.reply();
  },
  *incoming(control: Control): Talk {
    yield* control.server(message('Incoming-Call-Request', { w12: control.serverCall }));
    const seen = yield* control.client(
      message('Incoming-Call-Reply', { w12: control.clientCall, w14: control.serverCall, result: 1 }),
    );
    if (seen) control.outsideCall = control.clientCall;
    yield* control.server(message('Incoming-Call-Connected', { w12: control.outsideCall }));
  },
  *twice(control: Control): Talk {
    yield* ways.call(control);
    yield* control.someGre();
    yield* control.request(control.clientCall ^ 0x1111);
    yield* control.reply({ w12: control.serverCall ^ 0x0100 });
    yield* control.greOut(control.serverCall ^ 0x0100);
  },
  *early(control: Control): Talk {
    yield* control.greIn();
    yield* control.greOut();
    yield* ways.call(control);
  },
};

/** Nothing may be computed from an id the router drew, or two routers could not be compared. */
const NOBODYS_CALL = 0x0bad;

/** Something in the life of a call, in any order and from either side. */
function* event(rng: Rng, control: Control): Talk {
  const { clientCall, serverCall, outsideCall } = control;
  const foreign = chance(rng, 0.2);
  const from = pick(rng, ['client', 'server'] as const);
  const name = pick(rng, Object.keys(MESSAGES) as MessageName[]);
  const ownId = from === 'client' ? clientCall : serverCall;
  const peerId = from === 'client' ? serverCall : outsideCall;
  const both = name === 'Outgoing-Call-Reply' || name === 'Incoming-Call-Reply';
  const peerOnly = name === 'Incoming-Call-Connected' || name === 'WAN-Error-Notify' || name === 'Set-Link-Info';
  const bytes = message(name, {
    w12: foreign ? NOBODYS_CALL : peerOnly ? peerId : ownId,
    w14: both ? peerId : 0,
    result: 1,
    ...(chance(rng, 0.06) ? { cut: between(rng, 1, 16) } : {}),
    ...(chance(rng, 0.06) ? { length: between(rng, 0, 300) } : {}),
  });
  // The usual traffic of a call must not drown in rarities.
  if (chance(rng, 0.45)) yield* control.someGre();
  else if (chance(rng, 0.3)) yield* commonMessage(rng, control);
  else yield* from === 'client' ? control.client(bytes) : control.server(bytes);
}

function* commonMessage(rng: Rng, control: Control): Talk {
  const way = pick(rng, ['link out', 'link in', 'error', 'retransmitted', 'echo'] as const);
  if (way === 'link out') yield* control.client(message('Set-Link-Info', { w12: control.serverCall }));
  else if (way === 'link in') yield* control.server(message('Set-Link-Info', { w12: control.outsideCall }));
  else if (way === 'error') yield* control.server(message('WAN-Error-Notify', { w12: control.outsideCall }));
  else if (way === 'echo') yield* control.client(message('Echo-Request'));
  else {
    const data = message('Set-Link-Info', { w12: control.serverCall });
    yield* control.client(data);
    const sequence = (control.tcp.client.next - data.length) >>> 0;
    yield* control.tcp.out('retransmission', { sequence, data, flags: ACK | PSH });
  }
}

function* ending(rng: Rng, control: Control): Talk {
  const way = pick(rng, ['clear', 'disconnect', 'stop', 'close', 'reset', 'silence', 'silence'] as const);
  if (way === 'clear') yield* control.client(message('Call-Clear-Request', { w12: control.clientCall }));
  if (way === 'clear' || way === 'disconnect')
    yield* control.server(message('Call-Disconnect-Notify', { w12: control.serverCall, w14: 0x0400 }));
  if (way === 'stop') {
    yield* control.client(message('Stop-Control-Connection-Request'));
    yield* control.server(message('Stop-Control-Connection-Reply'));
  }
  if (way === 'close') yield* control.tcp.finish(pick(rng, ['client', 'server']));
  if (way === 'reset') yield* control.tcp.control(pick(rng, ['client', 'server']), RST | ACK);
  if (chance(rng, 0.7)) yield* control.someGre();
  if (chance(rng, 0.3)) yield* ways.call(control);
  if (chance(rng, 0.3)) yield* control.someGre();
}
