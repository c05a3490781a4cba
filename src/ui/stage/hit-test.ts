/** What lies under the pointer. @module */
import type { Selection } from '../session/session.ts';
import type { Point, Shape } from './shapes.ts';

/** The topmost shape with a target at this point of the scene. */
export function targetAt(shapes: readonly Shape[], { x, y }: Point): Selection | undefined {
  const found = shapes.findLast(
    (shape) =>
      shape.kind === 'box' &&
      shape.target !== undefined &&
      x >= shape.x &&
      x <= shape.x + shape.width &&
      y >= shape.y &&
      y <= shape.y + shape.height,
  );
  return found?.kind === 'box' ? found.target : undefined;
}
