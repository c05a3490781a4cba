/** Words for what happens that is no packet: how a conversation stands, what somebody did, what was lost. @module */
import type { Notice } from '../endpoints/endpoint.ts';
import type { NodeKind, Occurrence } from '../world/trace.ts';

type Of<Kind extends Occurrence['kind']> = Extract<Occurrence, { kind: Kind }>;

/** What it means that a node says it is up. */
export function up(kind: NodeKind, name: string, notice: Notice | undefined): string {
  return kind === 'server' && notice ? AT_SERVER[notice] : UP[kind](name);
}

/** What servers say of their callers besides. */
const AT_SERVER: Readonly<Record<Notice, string>> = {
  'caller-left': 'One caller less. The server goes on for all others.',
  'caller-knocks': 'Somebody has begun to agree on keys. Who that is must be proved in the next exchange.',
  'caller-moved':
    'The same caller is heard from another address. Its keys prove that it is the same, so the answers go there now.',
};

/** A server is up as soon as its own part is done. */
const UP: Readonly<Record<NodeKind, (name: string) => string>> = {
  client: (name) => `What ${name} asked was answered: packets get there and back, so it counts as connected.`,
  server: (name) =>
    `${name} has done its part and takes its caller’s packets from here on. Whether its answers get back to the caller is not known here yet.`,
  router: (name) =>
    `${name} and the other end are agreed: what is meant for the other side goes through this tunnel from here on.`,
  stranger: (name) => `${name} got an answer.`,
};

/** `missing`: what it waited for, as its symptom has it. */
export function failed(name: string, missing: string | undefined): string {
  return missing === undefined
    ? `${name} has waited as long as it does, and gives up here.`
    : `${name} gives up here: ${missing}.`;
}

/** A server's user is whoever reads its log. */
export function symptom(kind: NodeKind | undefined, missing: string): string {
  return kind === 'client'
    ? `This is all that the user gets to read. What is behind it: ${missing}.`
    : `Its log says this because ${missing}.`;
}

export const LOST: Readonly<Record<Of<'lost'>['why'], string>> = {
  loss: 'The link lost it on the way. Nobody is told: its sender waits for an answer, and then sends it again or gives up.',
  cable: 'No cable is plugged in there, or nobody is awake at its end. Its sender is told nothing.',
  'nobody-there': 'Nobody has the address it is for. Its sender is told nothing.',
};

/** By what is done: the first word of an intervention. */
const DEEDS: Readonly<Record<string, string>> = {
  switch:
    'What begins from here on meets the router in its new position. What is under way keeps the entries it has, so a tunnel may go on or fail only later.',
  reboot:
    'All its entries are gone, and nobody is told. What comes from outside for an old conversation fits nothing, until somebody at home sends again.',
  flush:
    'All its entries are gone, and nobody is told. What comes from outside for an old conversation fits nothing, until somebody at home sends again.',
  'wan-address':
    'Answers to what is under way go to the old address, where nobody has them any more. What leaves from here on bears the new one, and the far end must take that for the same caller.',
  start: 'The client begins to dial.',
  stop: 'The client hangs up and says so, if it still can. Its entries stay with the router until they run out.',
};

/** `what` as the trace has it: "switch pptp off", "reboot", "cable pulled". */
export function intervention(kind: NodeKind | undefined, what: string): string {
  if (what === 'packet')
    return kind === 'client'
      ? 'It belongs to no conversation of its VPN. The router asks nobody: it makes an entry for it if it can.'
      : 'Nobody at home has asked for it, so no entry waits for it.';
  const found = DEEDS[what.split(' ')[0] ?? ''];
  if (found !== undefined) return found;
  return what.endsWith('pulled')
    ? 'Nothing gets through there from here on, and nobody is told: whoever sends waits for an answer.'
    : 'From here on packets get through there again.';
}

export const PASSED_OVER = 'They belong to conversations that are shown above, and changed the table as it stands now.';
