/** One packet of every kind that the VPN encoders write, for outside judges. */
import type { Specimen } from './vpn-specimen.ts';
import { ipsec } from './vpn-specimens-ipsec.ts';
import { secured } from './vpn-specimens-tls.ts';
import { tunnels } from './vpn-specimens-tunnels.ts';

export const specimens: readonly Specimen[] = [...ipsec, ...tunnels, ...secured];
