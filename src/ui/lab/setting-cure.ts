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
import type { Search } from './search.ts';

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
export function* settingCureOf(
  engine: Engine,
  played: Played,
  step: Step | undefined,
): Search<SettingCure | undefined> {
  if (step?.fate !== 'stopped') return undefined;
  const { holding } = outcomeOf(played.world);
  for (const { label, edit, chosen } of attemptsAt(played)) {
    const trial = engine.tryOut(chosen);
    for (; !trial.world; yield) trial.goOn();
    if (outcomeOf(trial.world).holding > holding) return { label, edit };
  }
  return undefined;
}

/** The same for each packet of a run, and so each is run once. */
const attemptsAt = once(({ chosen: { origin, experiment } }: Played) =>
  SETTINGS.filter(({ client }) => experiment.clients.some(({ vpn }) => client(vpn))).map((setting) => {
    const edit = (given: Experiment) => withSetting(given, setting);
    return { label: setting.label, edit, chosen: { origin, experiment: edit(experiment) } };
  }),
);

function withSetting(experiment: Experiment, { client, server = (vpn) => vpn }: Setting): Experiment {
  return {
    ...experiment,
    clients: experiment.clients.map((each) => ({ ...each, vpn: client(each.vpn) ?? each.vpn })),
    servers: experiment.servers.map((each) => ({ ...each, serves: each.serves.map(server) })),
  };
}
