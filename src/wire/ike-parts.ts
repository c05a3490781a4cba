/**
 * Payload bodies that IKEv1 and IKEv2 write alike, the one behind its domain of interpretation, the other at once:
 * certificates (RFC 2408 §3.9, RFC 7296 §3.6), notifications (§3.14, §3.10) and deletions (§3.15, §3.11).
 *
 *     certificate    |0 encoding |1 data …
 *     notification   |0 protocol |1 SPI size |2 type |4 SPI … data …
 *     deletion       |0 protocol |1 SPI size |2 number |4 SPI …
 * @module
 */
import type { LayerReader } from './layer-reader.ts';
import { rest } from './record.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

type Names = Readonly<Record<number, string>>;

/** A payload that is nothing but bytes. */
export interface Bytes<Type extends string> {
  readonly type: Type;
  readonly data: Uint8Array;
}

export interface Certificate<Type extends string> {
  readonly type: Type;
  readonly encoding: number;
  readonly data: Uint8Array;
}

export interface Notification {
  /** 0 or 1 where it is about the IKE SA; 2 or 3 with the SPI of an AH or ESP SA. */
  readonly protocol: number;
  readonly spi: Uint8Array;
  readonly notify: number;
  readonly data: Uint8Array;
}

export interface Deletion {
  readonly protocol: number;
  /** All of one length. */
  readonly spis: readonly Uint8Array[];
}

export function readCertificate(reader: LayerReader, key: string, encodings: Names): Omit<Certificate<string>, 'type'> {
  const encoding = reader.u8('Certificate Encoding', key, (value) => named(encodings, value));
  return { encoding, data: reader.raw('Certificate Data', 'isakmp.cert.data', reader.left) };
}

export function readNotification(reader: LayerReader, protocols: Names, notifies: Names): Notification {
  const protocol = reader.u8('Protocol ID', 'isakmp.notify.protoid', (value) => named(protocols, value));
  const spiSize = reader.u8('SPI Size', 'isakmp.spisize');
  const notify = reader.u16('Notify Message Type', 'isakmp.notify.msgtype', (value) => named(notifies, value));
  const spi = spiSize > 0 ? reader.raw('SPI', 'isakmp.spi', spiSize) : new Uint8Array(0);
  const data = rest(reader);
  if (data.length > 0) reader.raw('Notification DATA', 'isakmp.notify.data', data.length);
  return { protocol, spi, notify, data };
}

export function writeNotification(writer: Writer, { protocol, spi, notify, data }: Notification): Uint8Array {
  return writer.u8(protocol).u8(spi.length).u16(notify).raw(spi).raw(data).take();
}

export function readDeletion(reader: LayerReader, protocols: Names): Deletion {
  const protocol = reader.u8('Protocol ID', 'isakmp.delete.protoid', (value) => named(protocols, value));
  const size = reader.u8('SPI Size', 'isakmp.spisize');
  const count = reader.u16('Number of SPIs', 'isakmp.spinum');
  const spis: Uint8Array[] = [];
  // Without a size there is nothing to count: the IKE SA itself is meant (RFC 7296 §3.11).
  if (size > 0) for (let i = 0; i < count; i++) spis.push(reader.raw('Delete SPI', 'isakmp.delete.spi', size));
  return { protocol, spis };
}

export function writeDeletion(writer: Writer, { protocol, spis }: Deletion): Uint8Array {
  writer
    .u8(protocol)
    .u8(spis[0]?.length ?? 0)
    .u16(spis.length);
  for (const spi of spis) writer.raw(spi);
  return writer.take();
}

export function writeCertificate({ encoding, data }: Omit<Certificate<string>, 'type'>): Uint8Array {
  return new Writer().u8(encoding).raw(data).take();
}
