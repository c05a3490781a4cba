/** What can fill the page, in the order in which it is offered. @module */
import type { ComponentType } from 'react';
import type { ScreenId } from '../lab/lab.ts';
import { Around, Matrix, Myths } from './later.ts';

export interface Screen {
  readonly id: ScreenId;
  readonly name: string;
  /** Left out for the stage, which is the page itself. */
  readonly Content?: ComponentType;
}

export const SCREENS: readonly Screen[] = [
  { id: 'stage', name: 'Stage' },
  { id: 'matrix', name: 'Matrix', Content: Matrix },
  { id: 'myths', name: 'Myths', Content: Myths },
  { id: 'around', name: 'Ways around', Content: Around },
];
