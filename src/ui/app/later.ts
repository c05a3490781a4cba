/** The parts of the page that nobody needs before the first run is there. They are fetched apart from it. @module */
import { lazy } from 'react';
import { fetchWindows } from '../lab/windows.ts';

const parts = {
  lab: () => import('../lab/watching-lab.tsx'),
  actions: () => import('../lab/actions.tsx'),
  scenarios: () => import('../lab/scenario-dialog.tsx'),
  recording: () => import('../recording/watching-recording.tsx'),
  recordings: () => import('../recording/open-dialog.tsx'),
  windows: fetchWindows,
  keys: () => import('../header/keys-dialog.tsx'),
  matrix: () => import('../matrix/matrix.tsx'),
  myths: () => import('../myths/myths.tsx'),
  around: () => import('../around/around.tsx'),
};

export const WatchingLab = lazy(async () => ({ default: (await parts.lab()).WatchingLab }));
export const LabActions = lazy(async () => ({ default: (await parts.actions()).LabActions }));
export const ScenarioDialog = lazy(async () => ({ default: (await parts.scenarios()).ScenarioDialog }));
export const WatchingRecording = lazy(async () => ({ default: (await parts.recording()).WatchingRecording }));
export const OpenDialog = lazy(async () => ({ default: (await parts.recordings()).OpenDialog }));
export const KeysDialog = lazy(async () => ({ default: (await parts.keys()).KeysDialog }));

export const Matrix = lazy(async () => ({ default: (await parts.matrix()).Matrix }));
export const Myths = lazy(async () => ({ default: (await parts.myths()).Myths }));
export const Around = lazy(async () => ({ default: (await parts.around()).Around }));

/** The engine, and what shows its first run. */
export async function fetchFirst() {
  const [{ engine }] = await Promise.all([import('../lab/engine.ts'), parts.lab(), parts.actions()]);
  return engine;
}

/** All the rest: later on the page asks nobody for anything. */
export async function fetchRest(): Promise<void> {
  await Promise.all(Object.values(parts).map((fetchPart): Promise<unknown> => fetchPart()));
}
