/** The `libalias-main` profile: what FreeBSD's NAT library has become since 12.1. @module */
import { libalias } from './libalias.ts';
import type { Profile } from './profile.ts';

const MAIN = 'FreeBSD main, sys/netinet/libalias/alias_db.c @3a96a25d, measured';

export const libaliasMain: Profile = {
  ...libalias,
  id: 'libalias-main',
  name: 'FreeBSD libalias, main',
  about:
    'The same library as FreeBSD develops it today: links end on time, calls after a minute of silence, and equal Call IDs are mixed up.',
  core: { ...libalias.core, nat: 'libalias-main' },
  switches: {
    ...libalias.switches,
    pptp: {
      ...libalias.switches.pptp,
      on: {
        says: 'On: the PPTP module is loaded and knows calls by their Call IDs, but where two are the same the newest laptop gets the GRE of both.',
        helpers: ['alias-pptp'],
      },
      source: MAIN,
    },
  },
  sources: [MAIN, ...libalias.sources],
};
