/** What lies under the pointer, and where something lies. @module */
import { sameSelection } from '../session/session.ts';
import type { Box, Point, Shape, Target } from './shapes.ts';

/** The topmost shape with a target at this point of the scene. */
export function targetAt(shapes: readonly Shape[], { x, y }: Point): Target | undefined {
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

/** The box that stands for a target, if it is in the picture. */
export function boxOf(shapes: readonly Shape[], target: Target): Box | undefined {
  const found = shapes.findLast((shape) => shape.kind === 'box' && sameSelection(shape.target, target));
  return found?.kind === 'box' ? found : undefined;
}
