/** What the admin page of a router is made of: its menu, its switches, or the commands where it has no page. @module */
import type { SwitchName } from '../../router/profiles/profile.ts';

/** How the page is laid out: a plain page, tabs above, a menu at the side, a tree of links. */
export type Layout = 'plain' | 'tabs' | 'side' | 'tree';

export interface MenuGroup {
  readonly name: string;
  /** Left out where the entry is a page itself. */
  readonly pages?: readonly string[];
}

/** A place in the menu: the entry, and the page in it. */
export type Place = readonly [group: string, page?: string];

interface Row {
  readonly name: SwitchName;
  readonly label: string;
}

export interface WebPages {
  readonly kind: 'web';
  readonly layout: Layout;
  readonly night?: boolean;
  /** A hue of the page's own. */
  readonly accent: 'ip' | 'tcp' | 'udp' | 'pptp' | 'l2tp' | 'ipsec' | 'app';
  readonly menu: readonly MenuGroup[];
  /** Where the passthrough switches are, or where one would look for them. */
  readonly passthrough: {
    readonly at: Place;
    readonly title: string;
    readonly control: 'check' | 'choice';
    readonly words: readonly [on: string, off: string];
    readonly rows: readonly Row[];
  };
  /** "Save", "Apply"; `takes`: when what was saved takes effect. */
  readonly save: { readonly label: string; readonly takes: 'at-once' | 'at-reboot' };
  /** A second button that puts into effect what was only saved. */
  readonly apply?: string;
  readonly reboot: { readonly at: Place; readonly label: string };
  readonly sources: readonly string[];
}

export interface Command {
  readonly text: string;
  /** What it is for, in a few words. */
  readonly says: string;
  readonly does:
    | { readonly do: 'switch'; readonly name: SwitchName; readonly on: boolean }
    | { readonly do: 'flush' }
    | { readonly do: 'reboot' };
}

export interface Shell {
  readonly kind: 'shell';
  readonly prompt: string;
  /** Why there is no page. */
  readonly says: string;
  readonly commands: readonly Command[];
  readonly sources: readonly string[];
}

export function isAt(place: Place, [group, page]: Place): boolean {
  return place[0] === group && place[1] === page;
}

/** Where an entry of the menu leads. */
export function firstOf({ name, pages }: MenuGroup): Place {
  return pages?.[0] === undefined ? [name] : [name, pages[0]];
}
