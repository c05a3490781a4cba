/**
 * Vendor IDs: mostly MD5 hashes of a text, by which two ends find out what the other can do. RFC 3947 §3.1 and
 * RFC 3706 §5.1 give theirs; the rest is what the vendors' software sends.
 * @module
 */
import { toHex } from '../lib/bytes.ts';

/** Beginnings of the IDs in hex: versions and capability bits often follow. */
const VENDORS: readonly (readonly [string, string])[] = [
  ['4a131c81070358455c5728f20e95452f', 'RFC 3947 Negotiation of NAT-Traversal in the IKE'],
  ['4485152d18b6bbcd0be8a8469579ddcc', 'draft-ietf-ipsec-nat-t-ike-00'],
  ['16f6ca16e4a4066d83821a0f0aeaa862', 'draft-ietf-ipsec-nat-t-ike-01'],
  ['cd60464335df21f87cfdb2fc68b6a448', 'draft-ietf-ipsec-nat-t-ike-02'],
  ['90cb80913ebb696e086381b5ec427b1f', 'draft-ietf-ipsec-nat-t-ike-02\\n'],
  ['7d9419a65310ca6f2c179d9215529d56', 'draft-ietf-ipsec-nat-t-ike-03'],
  ['9909b64eed937c6573de52ace952fa6b', 'draft-ietf-ipsec-nat-t-ike-04'],
  ['80d0bb3def54565ee84645d4c85ce3ee', 'draft-ietf-ipsec-nat-t-ike-05'],
  ['4d1e0e136deafa34c4f3ea9f02ec7285', 'draft-ietf-ipsec-nat-t-ike-06'],
  ['439b59f8ba676c4c7737ae22eab8f582', 'draft-ietf-ipsec-nat-t-ike-07'],
  ['8f8d83826d246b6fc7a8a6a428c11de8', 'draft-ietf-ipsec-nat-t-ike-08'],
  ['4df37928e9fc4fd1b3262170d515c662', 'draft-ietf-ipsec-nat-t-ike'],
  ['afcad71368a1f1c96b8696fc77570100', 'RFC 3706 DPD (Dead Peer Detection)'],
  ['afcad71368a1f1c96b8696fc7757', 'DPD (Dead Peer Detection)'],
  ['4048b7d56ebce88525e7de7f00d6c2d3', 'Cisco Fragmentation'],
  ['12f5f28c457168a9702d9fe274cc', 'Cisco Unity'],
  ['434953434f2d44454c4554452d524541534f4e', 'Cisco Delete Reason'],
  ['434953434f2d44594e414d49432d524f555445', 'Cisco Dynamic Route'],
  ['464c455856504e2d535550504f52544544', 'Cisco FlexVPN'],
  ['1f07f70eaa6514d3b0fa96542a50', 'Cisco VPN 3000 Concentrator'],
  ['09002689dfd6b712', 'XAUTH'],
  ['882fe56d6fd20dbc2251613b2ebe5beb', 'strongSwan'],
  ['1e2b516905991c7d7c96fcbfb587e461', 'MS NT5 ISAKMPOAKLEY'],
  ['fb1de3cdf341b7ea16b7e5be0855f120', 'MS-Negotiation Discovery Capable'],
  ['26244d38eddb61b3172a36e3d0cfb819', 'Microsoft Vid-Initial-Contact'],
  ['e3a5966a76379fe707228231e5ce8652', 'Microsoft IKE CGA version 1'],
  ['621b04bb09882ac1e15935fefa24aeee', 'GSSAPI'],
  ['f4ed19e0c114eb516faaac0ee37daf2807b4381f', 'Check Point'],
  ['4f45', 'Libreswan or Openswan'],
];

/** What is known to send this ID, or undefined. */
export function vendorName(id: Uint8Array): string | undefined {
  const hex = toHex(id);
  // "OE" alone proves little; the IDs that begin so are always twelve letters.
  return VENDORS.find(([start]) => hex.startsWith(start) && (start !== '4f45' || id.length === 12))?.[1];
}
