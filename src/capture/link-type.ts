/**
 * Link types: what a captured packet begins with. Numbers and names from the registry of draft-ietf-opsawg-pcaplinktype.
 * @module
 */

/** The ids under which `dissect` knows the outermost layer of a captured packet. */
export type FirstLayer = 'ethernet' | 'raw-ip' | 'null' | 'loop' | 'sll' | 'sll2';

export const LINKTYPE_ETHERNET = 1;
/** An IP packet, nothing before it. */
export const LINKTYPE_RAW = 101;

const FIRST_LAYERS: ReadonlyMap<number, FirstLayer> = new Map([
  [0, 'null'],
  [LINKTYPE_ETHERNET, 'ethernet'],
  // 12 and 14 are what BSD systems wrote for raw IP before there was a common number.
  [12, 'raw-ip'],
  [14, 'raw-ip'],
  [LINKTYPE_RAW, 'raw-ip'],
  [108, 'loop'],
  [113, 'sll'],
  [228, 'raw-ip'],
  [229, 'raw-ip'],
  [276, 'sll2'],
]);

/** Common link types which are not read here, so that the refusal can name them. */
const OTHER_NAMES: ReadonlyMap<number, string> = new Map([
  [6, 'Token Ring'],
  [9, 'PPP'],
  [50, 'PPP in HDLC framing'],
  [51, 'PPPoE'],
  [104, 'Cisco HDLC'],
  [105, 'IEEE 802.11'],
  [127, 'IEEE 802.11 with radiotap header'],
  [147, 'private use 0'],
  [166, 'Linux PPP with direction'],
  [187, 'Bluetooth HCI'],
  [189, 'Linux USB'],
  [195, 'IEEE 802.15.4'],
  [220, 'Linux USB, memory-mapped'],
  [227, 'SocketCAN'],
  [239, 'Linux netfilter log'],
  [249, 'USBPcap'],
  [253, 'Linux netlink'],
]);

/** What `dissect` is to begin with; undefined for a link type that is not supported. */
export function firstLayer(linkType: number): FirstLayer | undefined {
  return FIRST_LAYERS.get(linkType);
}

export const SUPPORTED =
  'Ethernet (1), raw IP (101, 12, 14, 228, 229), null or loopback (0, 108), Linux cooked (113, 276)';

export function nameOfUnsupported(linkType: number): string {
  const name = OTHER_NAMES.get(linkType);
  return name ? `link type ${linkType} (${name})` : `link type ${linkType}`;
}
