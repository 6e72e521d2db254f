// Trends: whether there is more of something than a year before, and whether that is more than chance, in three clicks.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { fitsSmallScreens } from '../support/axe';

test('are we waking people up more than last year, and is that noise?', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.getByRole('link', { name: 'Trends', exact: true }).first().click();
  await expect(page.locator('#nights-beside')).toContainText('More than before, or than a year ago?');
  const hours = page.getByRole('region', { name: 'Beside earlier periods' });
  await expect(hours.getByRole('columnheader', { name: 'At night' }).first()).toBeVisible();
  await expect(hours.getByRole('rowheader', { name: /, a year before$/ }).first()).toBeVisible();
  await expect(hours).not.toContainText('↑');

  await page.getByRole('link', { name: 'The same months a year before' }).click();
  await expect(page).toHaveURL(/compare=year/);
  const compared = page.getByRole('region', { name: /the same months a year before/ });
  await expect(compared).toContainText('Doubling from 4 to 8 is noise by itself: chance does that in 39 of 100.');
  await expect(compared.getByRole('heading')).toHaveText(/^(No clear change from|More incidents than in|Fewer incidents than in) the same months a year before: /);
  await fitsSmallScreens(page);

  const said = /: (\d+) incidents? /.exec(await compared.getByRole('listitem').first().innerText())!;
  await compared.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/incidents\?from=.*nature=incident/);
  await expect(page.locator('.row')).toHaveCount(Math.min(Number(said[1]), 50));

  // What is chosen stays when the filter is changed, and is taken off where it stands.
  await page.goBack();
  // Folded on a phone alone.
  const filters = page.locator('.filters summary');
  if (await filters.isVisible()) await filters.click();
  await page.getByLabel('What it was').selectOption('any');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/compare=year.*nature=any/);
  await page.getByRole('link', { name: /The same months a year before/ }).click();
  await expect(page).not.toHaveURL(/compare=/);
});

test('one page asks eight questions, and each opens what tells more', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.getByRole('link', { name: 'Trends', exact: true }).first().click();
  await page.getByRole('link', { name: 'Eight questions, one page' }).click();
  await expect(page).toHaveURL(/\/trends\/questions\?from=/);
  const asked = page.locator('section[aria-labelledby^="q"]');
  await expect(asked.getByRole('heading', { level: 2 })).toHaveText([
    /^1\. What did we learn\?/, /^2\. What does it cost people\?/, /^3\. Is the load spread\?/, /^4\. What keeps coming back\?/,
    /^5\. What helped\?/, /^6\. Do we learn\?/, /^7\. How are people\?/, /^8\. How much of it can be seen\?/,
  ]);
  for (const card of await asked.all()) {
    await card.getByText('How it is computed, and what it cannot tell').click();
    await expect(card.getByText(/^It cannot tell /)).toBeVisible();
  }
  await expect(asked.first().getByRole('link').first()).toHaveAttribute('href', /^\/learnings\//);
  await fitsSmallScreens(page);

  // The filter stays on the way to what tells more.
  const filters = page.locator('.filters summary');
  if (await filters.isVisible()) await filters.click();
  await page.getByLabel('What it was').selectOption('any');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/\/trends\/questions\?.*nature=any/);
  await asked.nth(3).getByRole('link', { name: 'Factors', exact: true }).click();
  await expect(page).toHaveURL(/\/trends\/factors\?.*nature=any/);
});
