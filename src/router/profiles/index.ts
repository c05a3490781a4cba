/** All router profiles, in the order in which they are offered. @module */
import { linux } from './linux.ts';
import type { Profile } from './profile.ts';

export const PROFILES: readonly Profile[] = [linux];

export function profileOf(id: string): Profile | undefined {
  return PROFILES.find((profile) => profile.id === id);
}
