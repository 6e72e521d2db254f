// Search: from any page, by words, into the exact place; and what is alike.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';

test('words lead to the event that holds them, with scripts or without', async ({ page }) => {
  const word = `walrus${Date.now()}`;
  await comeInAs(page, 'Responder');
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(`Bookings froze ${word}`);
  await page.getByRole('radio', { name: /SEV2/ }).check();
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await page.getByLabel('What happened').fill(`Somebody heard the ${word} first.`);
  await page.getByRole('button', { name: 'Add event' }).click();
  await expect(page.getByText(`Somebody heard the ${word} first.`).first()).toBeVisible();
  await page.goto('/search');
  await expect(page.getByRole('heading', { name: 'What are you looking for?' })).toBeVisible();
  await page.getByLabel('Words to look for').fill(word.slice(0, -3));
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(page.locator('.hit-title mark')).toHaveText(word);
  await page.getByRole('link', { name: /^Events/ }).click();
  await expect(page.locator('.hit-text mark')).toHaveText(word);
  await page.locator('.hit-title').first().click();
  await expect(page).toHaveURL(/\/incidents\/INC-\d+#e-/);
  await expect(page.getByRole('heading', { name: 'Similar incidents' })).toBeVisible();
});

test('the slash leads to the field, and not while one types', async ({ page, javaScriptEnabled, isMobile }) => {
  test.skip(!javaScriptEnabled || isMobile, 'a key, and scripts');
  await comeInAs(page, 'Responder');
  await page.goto('/incidents');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  const field = page.getByLabel('Search everything');
  await expect(field).toBeFocused();
  await page.keyboard.type('a/b');
  await expect(field).toHaveValue('a/b');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=a%2Fb/);
});

test('the page fits a narrow window', async ({ page }) => {
  await comeInAs(page, 'Responder');
  await page.setViewportSize({ width: 320, height: 640 });
  for (const address of ['/search', '/search?q=the', '/search?q=the&in=events', '/search?q=the&in=stories']) {
    await page.goto(address);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, address).toBeLessThanOrEqual(0);
  }
  await expect(page.getByRole('link', { name: 'Search', exact: true })).toBeVisible();
});
