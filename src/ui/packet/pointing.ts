/** What of a packet is pointed at: the field tree and the byte view light each other up through this. @module */
import { type RefObject, useCallback, useEffect, useState } from 'react';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';

export interface Pointing {
  /** Row under the pointer or the focus. */
  readonly lit: string | undefined;
  /** Row that was chosen. */
  readonly selected: string | undefined;
  readonly light: (id: string | undefined) => void;
  readonly choose: (id: string | undefined) => void;
}

/** `packet`: with another one nothing is lit until it is pointed at. */
export function usePointing(packet: object): Pointing {
  const { store } = useStage();
  const selected = useSession(({ selection }) => (selection?.kind === 'field' ? selection.id : undefined));
  const [under, setUnder] = useState<{ readonly packet: object; readonly id: string | undefined }>();
  const lit = under?.packet === packet ? under.id : undefined;
  const light = useCallback((id: string | undefined) => setUnder({ packet, id }), [packet]);
  const choose = useCallback(
    (id: string | undefined) => select(store, id === undefined ? undefined : { kind: 'field', id }),
    [store],
  );
  return { lit, selected, light, choose };
}

/**
 * Lights the field under the pointer while it is inside `box`. Listens to the box itself: elements come and go under
 * a resting pointer, and React's own enter and leave lose count of that.
 */
export function useHover(
  box: RefObject<HTMLElement | null>,
  { light }: Pointing,
  fieldUnder: (target: HTMLElement) => string | undefined,
): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const over = ({ target }: Event) => light(target instanceof HTMLElement ? fieldUnder(target) : undefined);
    const leave = () => light(undefined);
    element.addEventListener('mouseover', over);
    element.addEventListener('mouseleave', leave);
    return () => {
      element.removeEventListener('mouseover', over);
      element.removeEventListener('mouseleave', leave);
    };
  }, [box, light, fieldUnder]);
}
