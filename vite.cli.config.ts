import { defineConfig } from 'vite';

/** The command line as one file for Node; scripts/build-cli.mjs builds it, bin/passthrough-lab.js runs it. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist-cli',
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'passthrough-lab.js', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
