/**
 * Tells the browser in the built page what it will need for the first picture, so that it fetches that beside the
 * entry and not after it: the engine, the parts that show its first run, and the two weights of type seen first.
 * @module
 */
import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite';

/** Fetched by `fetchFirst` of src/ui/app/later.ts. */
const PARTS = ['src/ui/lab/engine.ts', 'src/ui/lab/watching-lab.tsx'];
const FONTS = ['ibm-plex-sans-latin-400-normal', 'ibm-plex-sans-latin-600-normal'];

export const preload: Plugin = {
  name: 'preload',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const files = Object.values(bundle);
      const chunks = files.filter((file) => file.type === 'chunk');
      const wanted = PARTS.map((part) => {
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(part));
        if (!found) throw new Error(`preload: no chunk of ${part}`);
        return found.fileName;
      });
      const scripts = [...withImports(bundle, wanted)].filter((file) => !html.includes(file));
      const fonts = files.flatMap(({ fileName }) => (FONTS.some((each) => fileName.includes(each)) ? fileName : []));
      return [...fonts.map(font), ...scripts.map(script)];
    },
  },
};

function withImports(bundle: Rollup.OutputBundle, wanted: readonly string[], seen = new Set<string>()): Set<string> {
  for (const file of wanted) {
    const chunk = bundle[file];
    if (seen.has(file) || chunk?.type !== 'chunk') continue;
    seen.add(file);
    withImports(bundle, chunk.imports, seen);
  }
  return seen;
}

function font(file: string): HtmlTagDescriptor {
  const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${file}` };
  return { tag: 'link', attrs, injectTo: 'head' };
}

/** Behind the entry, which draws the frame of the page without it. */
function script(file: string): HtmlTagDescriptor {
  const attrs = { rel: 'modulepreload', crossorigin: true, fetchpriority: 'low', href: `./${file}` };
  return { tag: 'link', attrs, injectTo: 'head' };
}
