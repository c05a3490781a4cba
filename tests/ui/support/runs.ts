/** Runs to test on: real recordings replayed, never made-up traces. Works in Node and in the browser alike. */
import { openCapture } from '../../../src/capture/open.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { recordingOf } from '../../../src/world/recording.ts';
import { replay } from '../../../src/world/replay.ts';
import oneOffLan from '../../recordings/pptp-1client-nohelper-firewall/lan.pcap?url&inline';
import oneOffWan from '../../recordings/pptp-1client-nohelper-firewall/wan.pcap?url&inline';
import twoOnLan from '../../recordings/pptp-2clients-helper-samecallid/lan.pcap?url&inline';
import twoOnWan from '../../recordings/pptp-2clients-helper-samecallid/wan.pcap?url&inline';
import twoOffLan from '../../recordings/pptp-2clients-nohelper/lan.pcap?url&inline';
import twoOffWan from '../../recordings/pptp-2clients-nohelper/wan.pcap?url&inline';
import espLan from '../../recordings/raw-esp/lan.pcap?url&inline';
import espWan from '../../recordings/raw-esp/wan.pcap?url&inline';
import fragmentsLan from '../../recordings/raw-fragments/lan.pcap?url&inline';
import fragmentsWan from '../../recordings/raw-fragments/wan.pcap?url&inline';
import { HOME_FIREWALL, linuxConfig } from '../../support/linux-router.ts';

interface Setup {
  readonly pptpHelper: boolean;
  readonly firewall?: boolean;
}

/** Two laptops dial PPTP to one server; the router does not read along. */
export const twoLaptopsOff = (): Run => kept(twoOffLan, twoOffWan, { pptpHelper: false });
/** The same with the helper, and both laptops chose Call ID 13330. */
export const twoLaptopsOn = (): Run => kept(twoOnLan, twoOnWan, { pptpHelper: true });
/** One laptop, no helper, and a firewall that answers nothing. */
export const behindFirewall = (): Run => kept(oneOffLan, oneOffWan, { pptpHelper: false, firewall: true });
/** Two laptops send bare ESP to the same server. */
export const rawEsp = (): Run => kept(espLan, espWan, { pptpHelper: false });
/** Packets in pieces. */
export const fragments = (): Run => kept(fragmentsLan, fragmentsWan, { pptpHelper: false });

export const everyRun: readonly (readonly [name: string, run: () => Run])[] = [
  ['two laptops, helper off', twoLaptopsOff],
  ['two laptops, helper on', twoLaptopsOn],
  ['one laptop behind a firewall', behindFirewall],
  ['raw ESP', rawEsp],
  ['fragments', fragments],
];

const runs = new Map<string, Run>();

/** Runs never change, so one replay of each recording serves all tests of a file. */
function kept(lan: string, wan: string, setup: Setup): Run {
  const found = runs.get(lan) ?? runFrom(lan, wan, setup);
  runs.set(lan, found);
  return found;
}

function runFrom(lan: string, wan: string, { pptpHelper, firewall = false }: Setup): Run {
  const recorded = recordingOf(readerOf(lan), readerOf(wan));
  if (!recorded.ok) throw new Error(`${recorded.error.path}: ${recorded.error.received}`);
  const { lan: inside, wan: outside } = recorded.value;
  const config = linuxConfig({ lan: inside, wan: outside, pptp: pptpHelper, ...(firewall ? HOME_FIREWALL : {}) });
  return runOf(replay(recorded.value, config).trace, { pptpHelper });
}

function readerOf(dataUrl: string) {
  const opened = openCapture(bytesOf(dataUrl));
  if (!opened.ok) throw new Error(opened.error.path);
  return opened.value;
}

/** Of an inlined file. */
export function bytesOf(dataUrl: string): Uint8Array {
  const text = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
