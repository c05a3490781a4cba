/**
 * What else would help where no switch does: another setting of the VPN itself. Found by trying, like the switches: only
 * what keeps a tunnel up that does not hold now is offered.
 * @module
 */
import type { Experiment } from '../../world/experiment.ts';
import type { ClientVpn, ServerVpn } from '../../world/vpn.ts';
import { once } from '../model/once.ts';
import type { Step } from '../model/run.ts';
import type { Engine, Played } from './engine.ts';
import { outcomeOf } from './outcome.tsx';

export interface SettingCure {
  /** "Use NAT traversal" */
  readonly label: string;
  readonly edit: (experiment: Experiment) => Experiment;
}

interface Setting {
  readonly label: string;
  /** Undefined where it is so already, or not of this VPN. */
  readonly client: (vpn: ClientVpn) => ClientVpn | undefined;
  readonly server?: (vpn: ServerVpn) => ServerVpn;
}

const KEEPALIVE = 25;

const SETTINGS: readonly Setting[] = [
  {
    label: 'Use NAT traversal',
    client: (vpn) => (vpn.kind === 'ikev2' && vpn.natTraversal === false ? { ...vpn, natTraversal: true } : undefined),
    server: (vpn) => (vpn.kind === 'ikev2' ? { ...vpn, natTraversal: true } : vpn),
  },
  {
    label: 'Send keepalives',
    client: (vpn) => {
      if (vpn.kind === 'ikev2' && vpn.keepalive === false) return { ...vpn, keepalive: true };
      return vpn.kind === 'wireguard' && vpn.keepalive === undefined ? { ...vpn, keepalive: KEEPALIVE } : undefined;
    },
  },
  {
    label: 'Carry L2TPv3 in UDP',
    client: (vpn) => (vpn.kind === 'l2tpv3' && vpn.carrier === 'ip' ? { ...vpn, carrier: 'udp' } : undefined),
  },
];

/** Undefined where none of them alone would help. */
export function settingCureOf(engine: Engine, played: Played, step: Step | undefined): SettingCure | undefined {
  return step?.fate === 'stopped' ? cures(engine)(played) : undefined;
}

const cures = once((engine: Engine) =>
  once((played: Played): SettingCure | undefined => {
    const { origin, experiment } = played.chosen;
    for (const setting of SETTINGS) {
      if (!experiment.clients.some(({ vpn }) => setting.client(vpn))) continue;
      const edit = (given: Experiment) => withSetting(given, setting);
      const other = engine.play({ origin, experiment: edit(experiment) });
      if (outcomeOf(other.run).holding > outcomeOf(played.run).holding) return { label: setting.label, edit };
    }
    return undefined;
  }),
);

function withSetting(experiment: Experiment, { client, server = (vpn) => vpn }: Setting): Experiment {
  return {
    ...experiment,
    clients: experiment.clients.map((each) => ({ ...each, vpn: client(each.vpn) ?? each.vpn })),
    servers: experiment.servers.map((each) => ({ ...each, serves: each.serves.map(server) })),
  };
}
