/** Packets translated per second and bytes an entry, by translator, kind of traffic and size of the table. */
import { type Core, type Mix, measureRouter } from './router.ts';

const CORES: readonly Core[] = ['linux', 'libalias'];
const MIXES: readonly Mix[] = ['udp', 'tcp', 'gre', 'esp', 'all'];
const ENTRIES = [1_000, 100_000, 1_000_000];

console.log('router    mix       entries    packets/s  bytes/entry');
for (const core of CORES)
  for (const mix of MIXES)
    for (const entries of ENTRIES) {
      const { packetsPerSecond, bytesPerEntry } = measureRouter(mix, entries, core);
      const rate = Math.round(packetsPerSecond).toLocaleString('en');
      console.log(
        `${core.padEnd(9)} ${mix.padEnd(4)} ${entries.toLocaleString('en').padStart(12)} ${rate.padStart(12)} ${bytesPerEntry.toFixed(0).padStart(12)}`,
      );
      (globalThis as { gc?: () => void }).gc?.();
    }
