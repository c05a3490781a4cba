/** Whether something built is older than what it was built from. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When a file, or the newest file in a folder, was last changed; 0 if it does not exist. */
export function newest(path, wanted = () => true) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  let latest = 0;
  for (const name of readdirSync(path, { recursive: true }))
    if (wanted(name)) latest = Math.max(latest, statSync(join(path, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return latest;
}
