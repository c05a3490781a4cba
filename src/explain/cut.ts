/** Words for packets of which a capture kept only the beginning, as tcpdump does with `-s 96`. @module */

/** Of one that was replayed all the same. */
export function keptText(kept: number, length: number): string {
  return `The capture kept ${count(kept)} of its ${count(length)} bytes. A router decides by the headers, and those are here.`;
}

/** Of some in a row that could not be. No full stop. */
export function leftOutText(packets: number, first: string, kept: number, length: number): string {
  const of = `the capture kept ${count(kept)} of its ${count(length)} bytes`;
  return packets === 1
    ? `Not replayed: ${first}, because ${of}`
    : `${count(packets)} packets not replayed; the first is ${first}, and ${of}`;
}

/** What that means. */
export const LEFT_OUT =
  'What a router does here depends on bytes that the capture did not keep, so it was given nothing. What came after may have fared otherwise for it.';

/** Of all of them, with the remedy; undefined where none was cut. */
export function cutText({
  routed,
  leftOut,
}: {
  readonly routed: number;
  readonly leftOut: number;
}): string | undefined {
  if (routed + leftOut === 0) return undefined;
  const remedy = 'Capture them whole: tcpdump -s 0, in Wireshark no snap length.';
  const first = `The capture kept only the beginning of ${packets(routed + leftOut)}.`;
  if (leftOut === 0) return `${first} The router decides by the headers, which were kept. ${remedy}`;
  const missed = `${packets(leftOut)} could not be replayed: a router would have to know what is missing.`;
  const rest = routed === 0 ? '' : ` The others went by their headers, which were kept.`;
  return `${first} ${missed}${rest} What came after may have fared otherwise. ${remedy}`;
}

const count = (number: number): string => number.toLocaleString('en');
const packets = (number: number): string => (number === 1 ? 'one packet' : `${count(number)} packets`);
