// Playwright's test, with a console that must stay clean.
import { test as base, expect } from '@playwright/test';

export const test = base.extend<{ cleanConsole: void }>({
  cleanConsole: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on('console', (message) => {
        // A refused form answers 422 on purpose, and the browser logs every such status.
        if (message.type() === 'error' && !/status of (404|409|413|422)/.test(message.text())) said.push(message.text());
      });
      page.on('pageerror', (error) => said.push(String(error)));
      await use();
      expect(said, 'the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
