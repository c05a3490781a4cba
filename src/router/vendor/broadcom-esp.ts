/**
 * Broadcom's ESP tracker: a table of eight, and whoever is in it gets a number in place of ports.
 *
 * A packet finds its place by its SPI, in whichever direction and whatever its addresses; else by address: what comes
 * from a host inside (its first byte must be 192) changes the SPI that the host sends with, what comes from a server
 * completes the first place of that server that still lacks an inbound SPI; else it takes a free place, as if its
 * sender were inside.
 *
 * What follows, and is so on purpose here: two hosts that begin at once get each other's answers; a host has one place
 * whatever it talks to; a server that changes keys is unknown; an inbound packet that nobody asked for takes a place;
 * the ninth tunnel is not tracked at all. Entries live 30 s, for the time meant for streams is never used.
 *
 * Source: Broadcom's nf_conntrack_proto_esp.c (esp_pkt_to_tuple, search_esp_entry_by_spi, _by_ip, esp_new, esp_destroy).
 * Does not model: that ESP quoted in an ICMP error goes the same way, and may take a place.
 * @module
 */
import { u32 } from '../../lib/bytes.ts';
import {
  numbered,
  type Quotation,
  type Sorted,
  type SortedFlow,
  type Sorter,
  type Sorting,
} from '../netfilter/sorting.ts';
import { Tuple } from '../netfilter/tuple.ts';
import type { FlowId } from '../outcome.ts';
import type { Packet } from '../packet.ts';

const ESP = 50;
const HEADER = 8;
const PLACES = 8;
/** The number of the first place. */
const FIRST_NUMBER = 1500;
/** The first byte of an address that counts as inside. */
const INSIDE_BYTE = 192;

interface Place {
  readonly flow: SortedFlow;
  localSpi: number;
  remoteSpi: number;
  readonly local: number;
  remote: number;
  /** The original tuple of the entry that took the place last: when that goes, the place is free. */
  readonly entry: Tuple;
}

export class BroadcomEsp implements Sorter {
  active = false;
  readonly protocols = [ESP];
  readonly timeouts = [30, 30] as const;
  private readonly sorting: Sorting;
  private readonly places: (Place | undefined)[] = Array.from({ length: PLACES }, () => undefined);
  private readonly tuple = new Tuple();

  constructor(sorting: Sorting) {
    this.sorting = sorting;
  }

  sort(packet: Packet): Sorted {
    const { source, destination } = packet;
    if (!this.active || packet.dataLength < HEADER) return 'not-mine';
    const spi = u32(packet.bytes, packet.headerLength);
    this.dropExpired();
    const place =
      this.bySpi(spi, source) ?? this.byAddress(spi, source, destination) ?? this.take(spi, source, destination);
    if (!place) return 'alg-table-full';
    const { flow } = place;
    const { table, now } = this.sorting.conntrack;
    // esp_new looks for the place once more, by SPI alone.
    if (table.find(numbered(this.tuple, flow, source, destination), now) < 0) this.withSpi(spi)?.entry.copy(this.tuple);
    return flow;
  }

  /** Timers of the kernel's have freed these places already. */
  private dropExpired(): void {
    const { table, now } = this.sorting.conntrack;
    for (const each of this.places) if (each) table.find(each.entry, now);
  }

  private withSpi(spi: number): Place | undefined {
    return this.places.find((each) => each && (each.localSpi === spi || each.remoteSpi === spi));
  }

  private bySpi(spi: number, source: number): Place | undefined {
    const place = this.withSpi(spi);
    if (!place) return undefined;
    // Both ends may have chosen the same SPI.
    if (place.localSpi === spi && place.remote === source) place.remoteSpi = spi;
    this.sorting.conntrack.recorder?.note({ code: 'id-matched', id: 'spi', value: spi, owner: place.local >>> 0 });
    return place;
  }

  private byAddress(spi: number, source: number, destination: number): Place | undefined {
    for (const place of this.places) {
      if (!place) continue;
      if (source === place.local && source >>> 24 === INSIDE_BYTE) return this.speakAnew(place, spi, destination);
      if (source === place.remote && place.remoteSpi === 0) return this.complete(place, spi);
    }
    return undefined;
  }

  /** A known host sends with another SPI, or to another server. */
  private speakAnew(place: Place, spi: number, destination: number): Place {
    this.sorting.changing(place.flow);
    place.localSpi = spi;
    if (place.remote !== destination) {
      place.remote = destination;
      place.remoteSpi = 0;
    }
    this.sorting.conntrack.recorder?.did({ code: 'id-noted', id: 'spi', value: spi, owner: place.local >>> 0 });
    return place;
  }

  private complete(place: Place, spi: number): Place {
    this.sorting.changing(place.flow);
    place.remoteSpi = spi;
    const owner = place.local >>> 0;
    this.sorting.conntrack.recorder?.did({ code: 'id-adopted', id: 'spi', value: spi, owner, how: 'first-in-table' });
    return place;
  }

  private take(spi: number, source: number, destination: number): Place | undefined {
    const index = this.places.indexOf(undefined);
    if (index < 0) return undefined;
    const ends = { inside: source, remote: destination };
    const flow = this.sorting.open({ sorter: this, protocol: ESP, ...ends, number: FIRST_NUMBER + index });
    const place = { flow, localSpi: spi, remoteSpi: 0, local: source, remote: destination, entry: new Tuple() };
    this.places[index] = place;
    this.sorting.conntrack.recorder?.did({ code: 'id-noted', id: 'spi', value: spi, owner: source >>> 0 });
    return place;
  }

  quoted({ bytes, data, end }: Quotation): SortedFlow | undefined {
    return data + 4 <= end ? this.withSpi(u32(bytes, data))?.flow : undefined;
  }

  finish(): boolean {
    return true;
  }

  freed(flow: SortedFlow, tuple: Tuple): boolean {
    const index = flow.number - FIRST_NUMBER;
    if (!this.places[index]?.entry.equals(tuple)) return false;
    this.places[index] = undefined;
    return true;
  }

  ids(flow: SortedFlow): readonly FlowId[] {
    const place = this.places[flow.number - FIRST_NUMBER];
    if (!place) return [];
    return [{ id: 'spi', outbound: place.localSpi, ...(place.remoteSpi === 0 ? {} : { inbound: place.remoteSpi }) }];
  }
}
