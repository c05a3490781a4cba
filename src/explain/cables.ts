/** Words for cables that somebody pulls and plugs in again. @module */

/** `of` the device; `uplink`: which of a router's cables, where it has several. */
export interface CableName {
  readonly of: string;
  readonly uplink?: string | undefined;
}

/** What a button does. */
export function cableDeed({ of, uplink }: CableName, plugged: boolean): string {
  const cable = uplink === undefined ? `the cable of ${of}` : `the ${uplink} cable`;
  return plugged ? `Plug ${cable} in again` : `Pull ${cable}`;
}

/** What was done to somebody's cable, after his name and a colon. */
export function cableDone(uplink: string | undefined, plugged: boolean): string {
  return `its ${uplink === undefined ? '' : `${uplink} `}cable is ${plugged ? 'plugged in again' : 'pulled'}`;
}

/** How it stands. */
export function cableState(uplink: string | undefined): string {
  return `${uplink === undefined ? '' : `${uplink} `}cable pulled`;
}

/** What the device at its end makes of it. */
export const CABLE_NOTE =
  'Here a device is not told that its cable is out: its tunnel stands until answers have stayed away too long.';

export const UPLINK_NOTE =
  'A cable is pulled from this moment of the run on. The router moves to the other uplink by itself.';
