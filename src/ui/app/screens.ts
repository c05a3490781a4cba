/** What can fill the page, in the order in which it is offered. @module */
import type { ComponentType } from 'react';
import type { ScreenId } from '../lab/lab.ts';

export interface Screen {
  readonly id: ScreenId;
  readonly name: string;
  /** Left out for the stage, which is the page itself. */
  readonly Content?: ComponentType;
}

export const SCREENS: readonly Screen[] = [{ id: 'stage', name: 'Stage' }];
