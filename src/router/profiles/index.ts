/** All router profiles, in the order in which they are offered. @module */
import { linux } from './linux.ts';
import type { Profile } from './profile.ts';
import { textbook } from './textbook.ts';

export const PROFILES: readonly Profile[] = [textbook, linux];

export function profileOf(id: string): Profile | undefined {
  return PROFILES.find((profile) => profile.id === id);
}
