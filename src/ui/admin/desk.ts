/** What somebody at the admin page has done so far, and what the world makes of it. @module */
import { SWITCHES, type Switches, type SwitchName } from '../../router/profiles/profile.ts';
import type { Intervention } from '../../world/experiment.ts';
import type { Place } from './pages.ts';

/** Positions that differ from those in effect. */
export type Positions = Partial<Switches>;

export interface Desk {
  /** How often the router had been started anew when one logged in; undefined: nobody is logged in. */
  readonly since: number | undefined;
  readonly place: Place;
  /** Set on the page, and not saved. */
  readonly staged: Positions;
  /** Saved, and not in effect before the next restart. */
  readonly saved: Positions;
  readonly notice: string | undefined;
}

export function closedDesk(place: Place): Desk {
  return { since: undefined, place, staged: {}, saved: {}, notice: undefined };
}

/** A switch set on the page. What is as it was counts as untouched. */
export function staged(desk: Desk, present: Switches, name: SwitchName, on: boolean): Desk {
  const { [name]: _, ...others } = desk.staged;
  const known = desk.saved[name] ?? present[name];
  return { ...desk, staged: known === on ? others : { ...others, [name]: on }, notice: undefined };
}

/** What the page shows: what is in effect, but for what was saved or set since. */
export function shown({ staged, saved }: Desk, present: Switches): Switches {
  return { ...present, ...saved, ...staged };
}

/** What has to be done to the router so that these positions are in effect. */
export function flipsTo(router: string, positions: Positions, present: Switches, at: number): readonly Intervention[] {
  return SWITCHES.flatMap((name) => {
    const on = positions[name];
    return on === undefined || on === present[name] ? [] : [{ at, do: 'switch' as const, router, name, on }];
  });
}

export function isEmpty(positions: Positions): boolean {
  return Object.keys(positions).length === 0;
}
