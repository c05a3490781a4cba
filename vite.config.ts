import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The development server speaks through inline scripts and styles, which the page's own policy forbids. */
const policyForBuildOnly: Plugin = {
  name: 'policy-for-build-only',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

export default defineConfig({
  base: './',
  plugins: [react(), policyForBuildOnly],
  build: { target: 'es2023', sourcemap: true },
  worker: { format: 'es' },
});
