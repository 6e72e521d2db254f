// The browser tests: every spec in Chromium on a desktop and a phone, and once more with scripts off.
// A spec whose name ends in .scripts.spec.ts is about what scripts add, and is left out where there are none.
import { defineConfig, devices } from '@playwright/test';
import { binary, chromium } from './support/where';

const port = Number(process.env.END2END_PORT ?? 4173);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  timeout: 60_000,
  // One server with one organisation: specs that change it say so and use things of their own.
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    trace: 'retain-on-failure',
  },
  webServer: {
    // From nothing each time: the demo of a run before would already be answered.
    command: `rm -rf data && ${binary} demo --data data --listen 127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/healthz`,
    reuseExistingServer: false,
    stdout: 'ignore',
  },
  projects: [
    { name: 'chromium-desktop', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } },
    { name: 'chromium-phone', use: { ...devices['Pixel 7'] } },
    {
      name: 'no-script',
      testIgnore: /.*\.scripts\.spec\.ts/,
      use: { ...devices['Desktop Chrome'], javaScriptEnabled: false },
    },
  ],
});
