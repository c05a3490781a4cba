/** Experiments as visitors leave them: a scenario, and whatever they did to it, in any order. */
import fc from 'fast-check';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { hasKnobs } from '../../src/router/profiles/profile.ts';
import { seconds } from '../../src/scenarios/cast.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import {
  addDevice,
  changeRouter,
  chooseServer,
  chooseVpn,
  type Dialled,
  intervene,
  nextWanAddress,
  removeDevice,
  setRedial,
  setStart,
  withdraw,
} from '../../src/world/edits.ts';
import type { Experiment } from '../../src/world/experiment.ts';

const VPNS: readonly Dialled[] = [
  { kind: 'pptp' },
  { kind: 'l2tp' },
  { kind: 'l2tpv3', carrier: 'ip' },
  { kind: 'l2tpv3', carrier: 'udp' },
  { kind: 'ikev2' },
  { kind: 'ikev2', natTraversal: false },
  { kind: 'esp' },
  { kind: 'ah', mode: 'transport' },
  { kind: 'l2tp-ipsec' },
  { kind: 'openvpn', protocol: 'udp' },
  { kind: 'openvpn', protocol: 'tcp' },
  { kind: 'wireguard' },
  { kind: 'sstp' },
  { kind: 'https' },
  { kind: 'rdp' },
  { kind: 'identity', token: true },
  { kind: 'gre' },
  { kind: 'plain' },
];

type Edit = (experiment: Experiment) => Experiment;

const moment = fc.integer({ min: 0, max: seconds(70) });
/** Of whoever is there by then. */
const place = fc.nat(7);
const device = ({ clients }: Experiment, at: number) => clients[at % clients.length]!.id;

const edits: readonly fc.Arbitrary<Edit>[] = [
  moment.map((at) => (e) => addDevice(e, at)),
  place.map((at) => (e) => removeDevice(e, device(e, at))),
  fc.tuple(place, fc.constantFrom(...VPNS)).map(
    ([at, vpn]) =>
      (e) =>
        chooseVpn(e, device(e, at), vpn),
  ),
  fc.tuple(place, fc.option(place, { nil: undefined })).map(
    ([at, to]) =>
      (e) =>
        chooseServer(e, device(e, at), to === undefined ? undefined : e.servers[to % e.servers.length]!.id),
  ),
  fc.tuple(place, fc.option(moment, { nil: undefined })).map(
    ([at, when]) =>
      (e) =>
        setStart(e, device(e, at), when),
  ),
  fc.tuple(place, fc.constantFrom(undefined, 5, 60)).map(
    ([at, after]) =>
      (e) =>
        setRedial(e, device(e, at), after),
  ),
  fc.tuple(place, moment, fc.constantFrom('start', 'stop')).map(
    ([who, at, deed]) =>
      (e) =>
        intervene(e, { at, do: deed, node: device(e, who) }),
  ),
  fc.tuple(place, moment, fc.boolean()).map(
    ([who, at, plugged]) =>
      (e) =>
        intervene(e, { at, do: 'cable', node: device(e, who), plugged }),
  ),
  fc.tuple(moment, fc.constantFrom('reboot', 'flush')).map(
    ([at, deed]) =>
      (e) =>
        intervene(e, { at, do: deed, router: e.routers[0].id }),
  ),
  fc.tuple(moment, fc.constantFrom('pptp', 'l2tp', 'ipsec'), fc.boolean()).map(
    ([at, name, on]) =>
      (e) =>
        intervene(e, { at, do: 'switch', router: e.routers[0].id, name, on }),
  ),
  moment.map((at) => (e) => {
    const address = nextWanAddress(e);
    return address === undefined ? e : intervene(e, { at, do: 'wan-address', router: e.routers[0].id, address });
  }),
  place.map((at) => (e) => withdraw(e, at)),
  fc
    .record({ firewall: fc.option(fc.boolean(), { nil: undefined }), nat: fc.boolean() })
    .map((change) => (e) => changeRouter(e, change)),
  fc.integer({ min: 1, max: 3600 }).map((udp) => (e) => changeRouter(e, { timeouts: { udp, udpAnswered: udp } })),
  fc.constantFrom('endpoint-independent' as const, 'address-dependent' as const).map((filtering) => (e) => {
    const profile = PROFILES.find(({ id }) => id === e.routers[0].profile)!;
    return hasKnobs(profile) ? changeRouter(e, { behaviour: { filtering } }) : e;
  }),
];

export const edited: fc.Arbitrary<Experiment> = fc
  .tuple(
    fc.constantFrom(...SCENARIOS.map(({ experiment }) => experiment)),
    fc.array(fc.oneof(...edits), { minLength: 1, maxLength: 12 }),
  )
  .map(([told, list]) => list.reduce((experiment, edit) => edit(experiment), told));
