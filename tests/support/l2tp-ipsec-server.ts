/** An IKE server that carries L2TP calls alone, in transport mode. */
import type { IkeServerOptions, Overlap } from '../../src/endpoints/ike-options.ts';
import { IkeServer } from '../../src/endpoints/ike-server.ts';
import { l2tpService } from '../../src/endpoints/l2tp-ipsec.ts';
import type { L2tpServerOptions } from '../../src/endpoints/l2tp-server.ts';
import * as udp from '../../src/wire/udp.ts';

interface L2tpIpsecServerOptions extends Omit<IkeServerOptions, 'transport'> {
  readonly l2tp: L2tpServerOptions;
  /** What happens to two clients behind one address. */
  readonly overlap?: Overlap;
}

export function l2tpIpsecServer({ l2tp, overlap, ...ike }: L2tpIpsecServerOptions): IkeServer {
  const { port, endpoint } = l2tpService(l2tp);
  return new IkeServer({
    session: 'l2tp-ipsec',
    ...ike,
    transport: {
      protocol: udp.PROTOCOL,
      servicePorts: [port],
      inside: () => [endpoint()],
      ...(overlap ? { overlap } : {}),
    },
  });
}
