// Perspectives: words of a one-on-one are placed at an event, moved and taken away, by keyboard and without scripts; lanes fit small screens.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

/** The incident of the demo with most in its lanes. */
async function toLanes(page: import('@playwright/test').Page): Promise<string> {
  await page.goto('/incidents?state=in-review');
  const link = page.getByRole('link', { name: 'Two maps of one bridge' }).first();
  const incident = (await link.getAttribute('href'))!.split('?')[0];
  await page.goto(incident);
  await page.getByRole('link', { name: 'Perspectives' }).click();
  await expect(page.getByRole('heading', { name: 'Perspectives' })).toBeVisible();
  return incident;
}

test('words are placed at an event, moved and taken away', async ({ page }) => {
  test.setTimeout(180_000);
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Facilitator');
  const incident = await toLanes(page);
  await expect(page.getByRole('heading', { name: /moments? (is|are) told differently/ })).toBeVisible();
  if (scripts) {
    await isAccessible(page);
    await fitsSmallScreens(page);
  }
  // A difference leads to its place.
  await page.locator('.differences li a').first().click();
  await expect(page.locator('.lanes tr:target')).toBeVisible();

  await page.goto(`${incident}/review/overview`);
  const said = page.locator('article.said').filter({ hasText: 'I had one thing to do.' });
  await said.getByRole('link', { name: 'Place on the timeline' }).click();
  const form = page.locator('form.incident-form');
  await form.getByLabel('Words').fill('I had a thing to do.');
  await form.getByLabel(/When it was for/).fill('ten');
  await form.getByRole('button', { name: 'Place it' }).click();
  await expect(form.getByText('not the author’s words to the letter')).toBeVisible();
  await expect(form.getByText('Please choose an event')).toBeVisible();
  await expect(form.getByLabel('Words')).toHaveValue('I had a thing to do.');
  await expect(form.getByLabel(/When it was for/)).toHaveValue('ten');
  if (scripts) await isAccessible(page);
  await form.getByLabel('Words').fill('I had one thing to do.');
  await form.getByLabel('Event').selectOption({ index: 9 });
  await form.getByLabel(/When it was for/).fill('09:55');
  await form.getByRole('button', { name: 'Place it' }).focus();
  await page.keyboard.press('Enter');

  const words = page.locator('.lane-words').filter({ hasText: 'I had one thing to do.' });
  await expect(words).toContainText('For them at 09:55');
  await words.getByRole('link', { name: /Move or take away/ }).click();
  await page.getByLabel('This is told differently here').check();
  await page.getByLabel('Event').selectOption({ index: 10 });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(words).toContainText('Told differently');

  // A note of the facilitator's at that moment: refused empty, kept, and gone with the words.
  const row = page.locator('.lanes tr').filter({ has: words });
  await row.getByText('Note what differs').click();
  await row.getByRole('button', { name: 'Keep it' }).click();
  await expect(row.getByText('Please write something here.')).toBeVisible();
  await row.getByLabel('What is told differently').fill('Two orders of things');
  await row.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.locator('.differences')).toContainText('Two orders of things');
  await words.getByRole('link', { name: /Move or take away/ }).click();
  await page.getByRole('button', { name: 'Take it away' }).click();
  await expect(words).toHaveCount(0);
  await expect(page.locator('.differences')).not.toContainText('Two orders of things');
});

test('the lanes show what a person may see, and the picture is a file', async ({ page }) => {
  await comeInAs(page, 'Responder');
  const incident = await toLanes(page);
  await expect(page.locator('.lanes thead th')).toHaveCount(2);
  await expect(page.locator('.lanes thead')).toContainText('You');
  await page.getByRole('link', { name: 'Only where somebody speaks' }).click();
  const told = page.locator('.lanes tbody tr');
  expect(await told.count()).toBeGreaterThan(0);
  await expect(page.locator('.lanes tbody tr:not(.lane-told)')).toHaveCount(0);
  const file = await page.request.get(`${incident}/timeline.svg`);
  expect(file.headers()['content-type']).toContain('image/svg+xml');
  const svg = await file.text();
  expect(svg).toContain('<title>');
  expect(svg).not.toContain('I laid my phone');
});

test('who has no lane is told kindly', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await toLanes(page);
  await expect(page.getByRole('heading', { name: 'No lanes here' })).toBeVisible();
  if (test.info().project.name !== 'no-script') await isAccessible(page);
});
