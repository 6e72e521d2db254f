// No violation on a page, in the light and in the dark.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Runs axe twice: light and dark. Scripts must be on: axe is one. */
export async function isAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    // The page is the same in the dark but for its colours.
    if (colorScheme === 'dark') axe.withRules(['color-contrast']);
    const { violations } = await axe.analyze();
    const told = violations.map((v) => `${v.id} (${colorScheme}): ${v.nodes.map((n) => n.html).join(' · ').slice(0, 400)}`);
    expect.soft(told, page.url()).toEqual([]);
  }
}

/** Nothing stands out of the page to the side at 320 px. */
export async function fitsSmallScreens(page: Page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(over, `${page.url()} is wider than 320 px by`).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}
