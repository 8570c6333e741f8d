import { defineConfig } from 'vitest/config';
import { iconSprite } from './scripts/iconSprite.ts';

const version = process.env['npm_package_version'] ?? '';

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [iconSprite()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: ['chrome125', 'firefox128', 'safari18'],
    // Without its own target Lightning CSS rewrites light-dark() into variables
    // on the root, and a dark island inside the light theme stops working.
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: 'manifest.json',
    // What the first screen loads is one file: many small ones compress worse, and each part would name them all.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shell', tags: ['$initial'] }] } } },
  },
  server: {
    proxy: {
      // The box answers only to its own origin.
      '/api': { target: 'https://localhost:8443', secure: false, ws: true, changeOrigin: true, headers: { Origin: 'https://localhost:8443' } },
    },
  },
  test: {
    // Tests wait for nothing but the processor: on a busy machine that takes as long as it takes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
  },
});
