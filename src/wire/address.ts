/** IPv4 addresses as unsigned 32-bit numbers, and as text at the border. @module */

export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Strict dotted quad. Answers undefined for anything else. */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let address = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i]);
    if (octet > 255) return undefined;
    address = (address << 8) | octet;
  }
  return address >>> 0;
}

/** For constants in code: throws on a typing mistake. */
export function ipv4(text: string): number {
  const address = parseIpv4(text);
  if (address === undefined) throw new Error(`not an IPv4 address: ${text}`);
  return address;
}

export interface Prefix {
  /** As written, host bits included: 192.168.1.1/24 is an interface address and its network at once. */
  readonly address: number;
  /** 0 … 32. */
  readonly length: number;
}

export function parsePrefix(text: string): Prefix | undefined {
  const [host, bits, ...rest] = text.split('/');
  const address = parseIpv4(host ?? '');
  if (address === undefined || rest.length > 0 || !/^\d{1,2}$/.test(bits ?? '')) return undefined;
  const length = Number(bits);
  return length <= 32 ? { address, length } : undefined;
}

/** "192.168.1.0/24" */
export function formatPrefix({ address, length }: Prefix): string {
  return `${formatIpv4(address)}/${length}`;
}

export function netmask(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

export function inPrefix(address: number, prefix: Prefix): boolean {
  const mask = netmask(prefix.length);
  return (address & mask) === (prefix.address & mask);
}
