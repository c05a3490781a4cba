/** Small choices from a seeded generator. @module */
import type { Rng } from '../../../src/lib/rng.ts';

export function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[rng.below(from.length)]!;
}

export function chance(rng: Rng, probability: number): boolean {
  return rng.fraction() < probability;
}

/** A whole number, both ends included. */
export function between(rng: Rng, low: number, high: number): number {
  return low + rng.below(high - low + 1);
}

/** One of the keys, each as likely as its weight says. */
export function weighted<Name extends string>(rng: Rng, weights: Readonly<Record<Name, number>>): Name {
  const names = Object.keys(weights) as Name[];
  let left = rng.fraction() * names.reduce((sum, name) => sum + weights[name], 0);
  for (const name of names) {
    left -= weights[name];
    if (left < 0) return name;
  }
  return names.at(-1)!;
}

export function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  const left = [...items];
  const mixed: T[] = [];
  while (left.length > 0) mixed.push(...left.splice(rng.below(left.length), 1));
  return mixed;
}
