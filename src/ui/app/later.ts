/** The parts of the page that nobody needs before the first run is there. They are fetched apart from it. @module */
import { type ComponentProps, createElement, lazy, type ReactElement } from 'react';
import { assert } from '../../lib/assert.ts';
import { fetchWindows } from '../lab/windows.ts';
import { fetched } from './fetched.ts';

const recording = fetched(async () => (await import('../recording/watching-recording.tsx')).WatchingRecording);

const parts = {
  lab: () => import('../lab/watching-lab.tsx'),
  actions: () => import('../lab/actions.tsx'),
  scenarios: () => import('../lab/scenario-dialog.tsx'),
  recording: recording.fetch,
  recordings: () => import('../recording/open-dialog.tsx'),
  windows: fetchWindows,
  keys: () => import('../header/keys-dialog.tsx'),
  matrix: () => import('../matrix/matrix.tsx'),
  myths: () => import('../myths/myths.tsx'),
  around: () => import('../around/around.tsx'),
};

type LabParts = Awaited<ReturnType<typeof parts.lab>> & Awaited<ReturnType<typeof parts.actions>>;

/** Here before there is a run to show. Not lazy: React lets a third of a second pass before it shows what it waited for. */
let lab: LabParts | undefined;

export function WatchingLab(props: ComponentProps<LabParts['WatchingLab']>): ReactElement {
  assert(lab, 'a run on the stage before what shows it');
  return createElement(lab.WatchingLab, props);
}

export function LabActions(props: ComponentProps<LabParts['LabActions']>): ReactElement {
  assert(lab, 'a run on the stage before what shows it');
  return createElement(lab.LabActions, props);
}

export const ScenarioDialog = lazy(async () => ({ default: (await parts.scenarios()).ScenarioDialog }));
export const WatchingRecording = recording.Part;
export const OpenDialog = lazy(async () => ({ default: (await parts.recordings()).OpenDialog }));
export const KeysDialog = lazy(async () => ({ default: (await parts.keys()).KeysDialog }));

export const Matrix = lazy(async () => ({ default: (await parts.matrix()).Matrix }));
export const Myths = lazy(async () => ({ default: (await parts.myths()).Myths }));
export const Around = lazy(async () => ({ default: (await parts.around()).Around }));

/** The engine, and what shows its first run. */
export async function fetchFirst() {
  const [{ engine }, views, actions] = await Promise.all([import('../lab/engine.ts'), parts.lab(), parts.actions()]);
  lab = { ...views, ...actions };
  return engine;
}

/** All the rest: later on the page asks nobody for anything. */
export async function fetchRest(): Promise<void> {
  await Promise.all(Object.values(parts).map((fetchPart): Promise<unknown> => fetchPart()));
}
