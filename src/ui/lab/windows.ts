/** What opens beside an experiment when somebody asks for it. Fetched with the rest of the page, after the engine. @module */
import { lazy } from 'react';

const windows = {
  admin: () => import('../admin/admin-window.tsx'),
  advanced: () => import('../advanced/advanced-dialog.tsx'),
  gear: () => import('../gear/gear-dialog.tsx'),
};

export const AdminWindow = lazy(async () => ({ default: (await windows.admin()).AdminWindow }));
export const AdvancedDialog = lazy(async () => ({ default: (await windows.advanced()).AdvancedDialog }));
export const GearDialog = lazy(async () => ({ default: (await windows.gear()).GearDialog }));

export function fetchWindows(): Promise<unknown> {
  return Promise.all(Object.values(windows).map((fetchWindow): Promise<unknown> => fetchWindow()));
}
