// Factors that keep coming back, what helped, and when incidents begin: from a count to what it counts, without scripts, on a small screen.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { fitsSmallScreens } from '../support/axe';

test('from trends to a factor over time, and from its count to its incidents', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.goto('/trends');
  await page.getByRole('link', { name: 'Over time, seen again, together' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Factors that keep coming back');
  await expect(page.getByRole('main')).toContainText('Incidents are counted, not tags');
  await fitsSmallScreens(page);
  const bar = page.locator('svg.plot a[aria-label*="Opens them"]').first();
  const count = Number(/: (\d+) of /.exec((await bar.getAttribute('aria-label'))!)![1]);
  await bar.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/incidents\?from=.*factor=.*state=published/);
  await expect(page.locator('.row')).toHaveCount(count);
});

test('a watch list says what was seen again and leads to each incident', async ({ page }) => {
  await comeInAs(page, 'Responder');
  await page.goto('/trends/factors');
  const changes = page.getByRole('region', { name: 'The last 180 days beside the 180 days before' });
  await expect(changes.getByRole('row').nth(1)).toContainText(/no clear change|than before/);
  const pairs = page.getByRole('region', { name: 'Factors that are named together' });
  const first = pairs.getByRole('row').nth(1);
  const count = Number(await first.getByRole('cell').first().innerText());
  await first.getByRole('link').click();
  await expect(page.locator('.row')).toHaveCount(count);
  await expect(page.locator('.chips')).toContainText(/and /);
});

test('what helped, and a number of the heat map opens its incidents', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.goto('/trends/helped');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What helped');
  await fitsSmallScreens(page);
  await page.goto('/trends/when');
  await fitsSmallScreens(page);
  const cell = page.locator('svg.plot a').first();
  const count = Number(/: (\d+) /.exec((await cell.getAttribute('aria-label'))!)![1]);
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#these li')).toHaveCount(count);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'SVG' }).click()]);
  expect(file.suggestedFilename()).toBe('when.svg');
});
