/**
 * What the page and `passthrough-lab gear` print for nftables and iptables, loaded into the running kernel as printed,
 * against our router of that profile. For profiles on other cores than the kernel's own, our router runs the rules and the
 * helper on the kernel's core: what that leaves out, the notes of each configuration say.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { gearOf } from '../../src/gear/index.ts';
import { onLinux } from '../../src/gear/linux.ts';
import { orderOf } from '../../src/gear/order.ts';
import { textOf } from '../../src/gear/text.ts';
import type { RouterConfig } from '../../src/router/config.ts';
import { PROFILES, profileOf } from '../../src/router/profiles/index.ts';
import type { Placement, Profile, Switches } from '../../src/router/profiles/profile.ts';
import { Router } from '../../src/router/router.ts';
import { positionsOf } from '../../src/scenarios/matrix.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { fakeTerminal } from '../cli/fake-terminal.ts';
import { campaign, reports } from './campaign.ts';
import { KernelContender, RouterContender } from './contenders.ts';
import { Kernel } from './kernel.ts';
import { Renaming } from './renaming.ts';
import { type KernelSetup, printedSysctl, WRITERS } from './rules.ts';
import { ip } from './traffic/ip.ts';
import type { Step } from './traffic/talk.ts';
import type { ConversationName } from './traffic/traffic.ts';
import { ACK, type Around, FIN, gre, SYN, tcp, udp } from './traffic/transport.ts';

const PLACE: Placement = {
  lan: { address: ipv4('192.168.1.1'), length: 24 },
  wan: { address: ipv4('203.0.113.1'), length: 24 },
  seed: 1,
};

/** What switches concern, and enough of the rest to see that it is left alone. */
const TALKS: readonly ConversationName[] = [
  'udp',
  'pptp',
  'gre',
  'plain',
  'tcp',
  'udp unsolicited',
  'plain unsolicited',
];

const ALL_ON: Switches = { pptp: true, l2tp: true, ipsec: true };

/** One packet of each kind that a switch of any router concerns with an answer to it, then what nobody asked for. */
const PASSTHROUGH = passthrough();

type Sent = Extract<Step, { readonly do: 'send' }>;

function passthrough(): readonly Sent[] {
  const [client, server] = [ipv4('192.168.1.10'), ipv4('198.51.100.10')];
  const out: Around = { source: client, destination: server };
  const back: Around = { source: server, destination: PLACE.wan.address };
  const data = new Uint8Array(16).fill(7);
  const segment = (around: Around, flags: number, sourcePort: number, destinationPort: number) =>
    tcp(around, { sourcePort, destinationPort, sequence: 1, acknowledgment: flags & ACK ? 2 : 0, flags, window: 999 });
  const pair = (what: string, there: Uint8Array, answer: Uint8Array) => [
    { do: 'send', on: 'lan', what, packet: there } as const,
    { do: 'send', on: 'wan', what: `answer to ${what}`, packet: answer } as const,
  ];
  const datagram = (port: number) => {
    const fields = { sourcePort: port, destinationPort: port, data };
    return pair(`UDP ${port}`, udp(out, fields), udp(back, fields));
  };
  const plain = (protocol: number) =>
    pair(`protocol ${protocol}`, ip({ ...out, protocol, payload: data }), ip({ ...back, protocol, payload: data }));
  const call = { version: 1, protocol: 0x880b, callId: 7, sequence: 0, data };
  return [
    ...pair('PPTP control', segment(out, SYN, 5000, 1723), segment(back, SYN | ACK, 1723, 5000)),
    ...[1701, 500, 4500].flatMap(datagram),
    ...pair('enhanced GRE', gre(out, call), gre(back, call)),
    ...[50, 51, 115].flatMap(plain),
    { do: 'send', on: 'lan', what: 'nonsense', packet: segment(out, SYN | FIN, 6000, 80) },
    {
      do: 'send',
      on: 'wan',
      what: 'unasked',
      packet: ip({ ...back, destination: client, protocol: 50, payload: data }),
    },
  ];
}

const kernels: Kernel[] = [];

beforeAll(async () => {
  kernels.push(await Kernel.start());
});

afterAll(() => {
  for (const kernel of kernels) kernel.close();
});

type Tool = keyof typeof WRITERS;

/** As printed, and the router of ours that the kernel then has to be. Ports from a range have a test of their own. */
function printed(profile: Profile, switches: Switches, tool: Tool) {
  const gear = gearOf(profile, switches, PLACE, tool);
  const { ports, ...order } = onLinux(orderOf(profile, switches, PLACE));
  const sysctl = printedSysctl(gear);
  const text = textOf(gear.parts[0]!.lines, gear.comment);
  const setup = (config = order.config): KernelSetup => ({ rules: WRITERS[tool]({ ...order, config }), sysctl });
  return { text, setup, config: order.config, ports };
}

/**
 * Positions that print the same rules are judged once; timeouts are those of the first. With nftables every profile's own
 * timeouts are judged.
 */
function different(tool: Tool): (readonly [name: string, profile: Profile, switches: Switches])[] {
  const seen = new Set<string>();
  return PROFILES.flatMap((profile) =>
    positionsOf(profile).flatMap((switches) => {
      const { rules, sysctl } = printed(profile, switches, tool).setup();
      const key = JSON.stringify([rules.text.replaceAll(/^ *#.*$/gm, ''), tool === 'nftables' && sysctl]);
      if (seen.has(key)) return [];
      seen.add(key);
      const on = Object.entries(switches).map(([name, is]) => `${name} ${is ? 'on' : 'off'}`);
      return [[`${profile.id}, ${on.join(', ')}`, profile, switches] as const];
    }),
  );
}

describe.each(Object.keys(WRITERS) as Tool[])('%s', (tool) => {
  test.each(different(tool))('%s: the kernel does what our router does', async (_, profile, switches) => {
    const { text, setup, config, ports } = printed(profile, switches, tool);
    if (!ports) expect(setup().rules.text).toBe(text);
    const kernel = new KernelContender(kernels[0]!, setup);
    const options = { steps: 50, tableEvery: 25, from: 1, to: 1, config };
    const result = await campaign(kernel, new RouterContender(), { ...options, only: TALKS });
    expect(reports(result)).toBe('');
    expect(result.packets).toBeGreaterThan(30);
    if (!config.helpers.includes('nf-pptp')) return;
    const calls = await campaign(kernel, new RouterContender(), { ...options, steps: 40, only: ['pptp'] });
    expect(reports(calls)).toBe('');
  });

  test.each(different(tool))('%s: flipped while tunnels run, and after they are forgotten', async (_, profile, off) => {
    const kernel = kernels[0]!;
    const [before, after] = [printed(profile, ALL_ON, tool), printed(profile, off, tool)];
    await kernel.open(before.config, before.setup);
    const ours = new Router(before.config);
    const met = new Set<string>();
    const renaming = new Renaming([PLACE.lan.address, PLACE.wan.address], false);
    const compare = async (round: string) => {
      for (const step of PASSTHROUGH) {
        const outcome = ours.receive(step.on, step.packet, performance.now() / 1000);
        for (const reason of outcome.reasons) if (reason.code === 'blocked-by-rule') met.add(reason.rule);
        const why = renaming.difference([step, step], await kernel.send(step.on, step.packet), outcome.out);
        expect(why && `${round}, ${step.what}: ${why}`).toBeUndefined();
      }
      const attached = (await kernel.table()).map(({ helper }) => helper).filter(Boolean);
      const expected = ours.entries(performance.now() / 1000).map(({ helper }) => helper);
      expect({ round, attached }).toEqual({ round, attached: expected.filter(Boolean) });
    };
    await compare('all on');
    await kernel.reload(after.config, after.setup);
    ours.setHelpers(after.config.helpers);
    ours.setChains(after.config.forward, after.config.input);
    await compare('flipped');
    await kernel.flush();
    ours.flush(performance.now() / 1000);
    await compare('forgotten');
    // Of rules for the same packets only the first is ever asked.
    const drops = new Map(
      [...after.config.forward.rules].reverse().map((rule) => [`${rule.protocol} ${rule.destinationPort}`, rule]),
    );
    const unmet = [...drops.values()].filter(({ verdict, name }) => verdict === 'drop' && !met.has(name));
    expect(unmet).toEqual([]);
  });

  test('what the command line prints is taken as it is', async () => {
    const terminal = fakeTerminal();
    await run(['gear', '--profile', 'textbook', '--pptp', 'on', '--as', tool], terminal);
    const { setup, config } = printed(profileOf('textbook')!, { pptp: true, l2tp: false, ipsec: false }, tool);
    // Under way the traffic detaches the helper and attaches it again.
    const whole = (now: RouterConfig): KernelSetup =>
      now.helpers.length === 0 ? setup(now) : { ...setup(), rules: { ...setup().rules, text: terminal.printed() } };
    const options = { steps: 50, from: 2, to: 2, config, only: TALKS };
    const result = await campaign(new KernelContender(kernels[0]!, whole), new RouterContender(), options);
    expect(reports(result)).toBe('');
  });

  test('pf: source ports are drawn from the range that is printed', async () => {
    const profile = profileOf('pf')!;
    const { text, setup, config, ports } = printed(profile, profile.defaults, tool);
    await kernels[0]!.open(config, () => ({ ...setup(), rules: { ...setup().rules, text } }));
    const around = { source: ipv4('192.168.1.10'), destination: ipv4('198.51.100.10') };
    for (let i = 0; i < 20; i++) {
      const packet = udp(around, { sourcePort: 500, destinationPort: 600 + i, data: new Uint8Array(8) });
      const [sent] = await kernels[0]!.send('lan', packet);
      const port = (sent!.packet[20]! << 8) | sent!.packet[21]!;
      expect(port).toBeGreaterThanOrEqual(ports![0]);
      expect(port).toBeLessThanOrEqual(ports![1]);
    }
  });
});
