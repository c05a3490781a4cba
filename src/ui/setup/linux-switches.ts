/** The three switches as they are on a Linux router: one reads along, two have nothing to do. @module */
import type { Opened } from '../recording/library.ts';
import type { SwitchView } from './switches.tsx';

export function linuxSwitches(opened: Opened, flip: (() => void) | undefined, pointed: boolean): readonly SwitchView[] {
  const on = opened.setup.pptpHelper;
  return [
    {
      name: 'PPTP passthrough',
      family: 'pptp',
      on,
      says: !flip
        ? `${on ? 'On' : 'Off'} in this recording.`
        : on
          ? 'On: the router reads the call set-up, gives each laptop a Call ID of its own and lets the GRE that belongs to it back in.'
          : 'Off: nobody reads the call set-up. GRE goes out, but what comes back belongs to no one.',
      pointed,
      ...(flip ? { flip } : {}),
    },
    {
      name: 'L2TP passthrough',
      family: 'l2tp',
      on: true,
      says: 'Nothing to switch on Linux: L2TP is ordinary UDP to it.',
    },
    {
      name: 'IPsec passthrough',
      family: 'ipsec',
      on: true,
      says: 'Nothing to switch on Linux: bare ESP passes for one computer to each server, NAT-T for all.',
    },
  ];
}
