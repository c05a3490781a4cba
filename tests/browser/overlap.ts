/** Where parts of the page lie in front of one another. */
import type { Locator } from '@playwright/test';

/** Whether one lies over the other, as they are scrolled now. */
export async function overlap(a: Locator, b: Locator): Promise<boolean> {
  const [here, there] = [(await a.boundingBox())!, (await b.boundingBox())!];
  return (
    here.x < there.x + there.width &&
    there.x < here.x + here.width &&
    here.y < there.y + there.height &&
    there.y < here.y + here.height
  );
}
