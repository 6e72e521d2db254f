// A story for people outside: its facilitator makes a link, somebody without an account reads it, and it is taken back.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

// Each way of running has a story of its own: they share one service.
const STORIES: Record<string, { title: string; time?: string }> = {
  'chromium-desktop': { title: 'The cold room that stayed at four degrees', time: '02:05' },
  'no-script': { title: 'The morning nobody rode', time: '06:22' },
  'chromium-phone': { title: 'The shed that packed from memory' },
};

test('a link opens the story without an account and nothing else, until it is taken back', async ({ page, browser }) => {
  const scripts = test.info().project.name !== 'no-script';
  const { title, time } = STORIES[test.info().project.name];
  await comeInAs(page, 'Facilitator');
  await page.goto(`/incidents?q=${encodeURIComponent(title)}`);
  await page.locator('a.row-title', { hasText: title }).click();
  await page.waitForURL(/INC-\d+/);
  await page.goto(`${new URL(page.url()).pathname}/review`);
  // The timeline stands beside what happened, and a time in the margin leads to its moment.
  if (time) {
    await page.getByRole('link', { name: `${time} on the timeline` }).click();
    await expect(page.getByRole('region', { name: 'Timeline' }).locator(':target')).toContainText(time);
  }
  await page.getByRole('link', { name: 'Share', exact: true }).click();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByLabel('It opens for').selectOption('1');
  await page.getByRole('button', { name: 'Make a link' }).click();
  if (scripts) await isAccessible(page);
  const address = await page.getByRole('textbox', { name: 'Address' }).inputValue();

  const outside = await browser.newContext({ javaScriptEnabled: scripts });
  const reader = await outside.newPage();
  await reader.goto(address);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText(title);
  for (const href of await reader.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))) {
    expect(href).toMatch(/^#/);
  }
  if (scripts) await isAccessible(reader);
  await fitsSmallScreens(reader);

  await page.getByRole('link', { name: 'Done' }).click();
  await expect(page.getByText('Opened once').first()).toBeVisible();
  await page.getByRole('button', { name: 'Take back' }).first().click();
  await expect(page.getByText('It opens nothing any more.')).toBeVisible();
  await reader.goto(address);
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('This link is no longer open');
  if (scripts) await isAccessible(reader);
  await outside.close();
});
