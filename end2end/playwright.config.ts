// The browser tests: every spec in Chromium on a desktop and a phone, and once more with scripts off; the whole story also on
// PostgreSQL. A spec whose name ends in .scripts.spec.ts is about what scripts add, and is left out where there are none.
import { defineConfig, devices } from '@playwright/test';
import { binary, chromium } from './support/where';

const port = Number(process.env.END2END_PORT ?? 4173);
const postgres = process.env.SECOND_STORY_TEST_POSTGRES;
const address = (n: number) => `http://127.0.0.1:${n}`;

// From nothing each time: the demo of a run before would already be answered.
const serve = (n: number, data: string, more = '') => ({
  command: `rm -rf ${data} && exec ${binary} demo --data ${data} --listen 127.0.0.1:${n} ${more}`,
  url: `${address(n)}/readyz`,
  reuseExistingServer: false,
  stdout: 'ignore' as const,
  stderr: 'ignore' as const,
  timeout: 120_000,
});

const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } };
const phone = { ...devices['Pixel 7'] };
const withScripts = /.*\.scripts\.spec\.ts/;
const story = /story\.spec\.ts/;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  timeout: 60_000,
  // One server with one organisation: a spec that changes it makes things of its own.
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    baseURL: address(port),
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
    trace: 'retain-on-failure',
  },
  webServer: postgres
    ? [serve(port, `data-${port}`), serve(port + 1, `data-${port + 1}`, `--database '${postgres}'`)]
    : [serve(port, `data-${port}`)],
  projects: [
    { name: 'chromium-desktop', use: desktop },
    // The tour of every page makes its window small itself.
    { name: 'chromium-phone', testIgnore: /every-page/, use: phone },
    { name: 'no-script', testIgnore: withScripts, use: { ...desktop, javaScriptEnabled: false } },
    ...(postgres ? [{ name: 'postgres', testMatch: story, use: { ...phone, baseURL: address(port + 1) } }] : []),
  ],
});
