/**
 * What a friend who knows would say of a house's settings: by what is the matter there, or that nothing is. Passthrough
 * is a last resort.
 * @module
 */

export interface AdviceWords {
  readonly title: string;
  /** Where nothing asks for it. */
  readonly done: string;
  /** Who or what asks for it: names of devices, switches or protocols, one at least. */
  readonly todo: (names: readonly string[]) => string;
}

export const ADVICE = {
  old: {
    title: 'Leave old protocols',
    done: 'Nothing that is in use here is known to be weak.',
    todo: (devices) =>
      `${listed(devices)} ${devices.length === 1 ? 'uses' : 'use'} a tunnel that is weak or hides nothing. WireGuard, OpenVPN or IKEv2 would do the same without any help from the router.`,
  },
  unused: {
    title: 'Turn it off again',
    done: 'No switch is on that nobody here has a use for.',
    todo: (switches) => {
      const [are, them] = switches.length === 1 ? ['is', 'it'] : ['are', 'them'];
      return `${listed(switches.map((name) => `${name} passthrough`))} ${are} on, and nobody here needs ${them}.`;
    },
  },
  block: {
    title: 'Block what is not used',
    done: 'Of the VPN protocols tried, none leaves that nobody here uses.',
    todo: (protocols) =>
      `A new device could send ${listed(protocols)} out, which nobody here uses. A rule that drops it costs nothing.`,
  },
} as const satisfies Readonly<Record<string, AdviceWords>>;

/** Good in any house. */
export const ALWAYS = {
  authenticate: {
    title: 'Keep asking who it is',
    says: 'Passthrough asks nobody. Certificates, keys or a second factor at the VPN server do.',
  },
  monitor: {
    title: 'Watch it',
    says: 'Tunnels hide what they carry, so what is left to see is who talks to whom, when and how much. Look at that.',
  },
  segment: {
    title: 'Keep networks apart',
    says: 'Guests and gadgets belong in a network of their own, where none of this is let through.',
  },
  audit: {
    title: 'Look again',
    says: 'A firmware update or a reset can put every switch back. Check these settings now and then.',
  },
} as const;

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
