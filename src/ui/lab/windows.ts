/** What opens beside an experiment when somebody asks for it. Fetched with the rest of the page, after the engine. @module */
import { fetched } from '../app/fetched.ts';

const admin = fetched(async () => (await import('../admin/admin-window.tsx')).AdminWindow);
const advanced = fetched(async () => (await import('../advanced/advanced-dialog.tsx')).AdvancedDialog);
const gear = fetched(async () => (await import('../gear/gear-dialog.tsx')).GearDialog);

export const AdminWindow = admin.Part;
export const AdvancedDialog = advanced.Part;
export const GearDialog = gear.Part;

export function fetchWindows(): Promise<unknown> {
  return Promise.all([admin.fetch(), advanced.fetch(), gear.fetch()]);
}
