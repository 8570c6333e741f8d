import { defineConfig } from '@playwright/test';

/** Journeys in Debian's Chromium against the real static box. One after the other: each starts boxes of its own. */
export default defineConfig({
  testDir: 'e2e',
  // Screenshots and measurements are made on purpose, not with every run.
  testIgnore: [...(process.env['IMAGES'] ? [] : ['**/images.spec.ts']), ...(process.env['BENCH'] ? [] : ['**/paint.spec.ts'])],
  timeout: 120_000,
  expect: { timeout: 10_000 },
  workers: 2,
  // A shared machine may stall for seconds; a journey that fails twice is broken.
  retries: process.env['CI'] ? 1 : 0,
  fullyParallel: false,
  reporter: [['list']],
  forbidOnly: true,
  use: {
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
