/** Which dissector reads which protocol. Adding a protocol is one module and one line here. @module */
import type { Dissector } from './layer.ts';
import * as udp from './udp.ts';

export const dissectors: Readonly<Record<string, Dissector>> = {
  udp: udp.dissect,
};
