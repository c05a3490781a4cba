/** Parts of the page that are fetched apart from it. @module */
import { type ComponentType, createElement, lazy, type ReactElement, useState } from 'react';

interface Fetched<Props> {
  readonly Part: (props: Props) => ReactElement;
  readonly fetch: () => Promise<unknown>;
}

/** One that has come already is drawn at once: with `lazy` alone React lets a third of a second pass. */
export function fetched<Props extends object>(load: () => Promise<ComponentType<Props>>): Fetched<Props> {
  let here: ComponentType<Props> | undefined;
  const fetch = async () => {
    here = await load();
    return here;
  };
  const Later: ComponentType<Props> = lazy(async () => ({ default: await fetch() })) as unknown as ComponentType<Props>;
  const Part = (props: Props) => {
    const [Shown] = useState(() => here ?? Later);
    return createElement(Shown, props);
  };
  return { Part, fetch };
}
