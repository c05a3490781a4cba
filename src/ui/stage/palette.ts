/** The design's colours as a canvas understands them, read once for each change of theme. @module */
import type { Ink } from './shapes.ts';

export type Palette = (ink: Ink) => string;

/** Custom properties hold light-dark() pairs; only a real property of a real element resolves them. */
export function readPalette(near: HTMLElement): Palette {
  const known = new Map<Ink, string>();
  const probe = document.createElement('span');
  probe.hidden = true;
  // Where the browser takes every colour for two of its own, a canvas would be one plain sheet.
  probe.style.setProperty('forced-color-adjust', 'none');
  return (ink) => {
    let colour = known.get(ink);
    if (colour === undefined) {
      near.append(probe);
      probe.style.color = `var(--${ink})`;
      colour = getComputedStyle(probe).color;
      probe.remove();
      known.set(ink, colour);
    }
    return colour;
  };
}
