// Pages of teams and services: from an incident to its service, from a month of its chart to the list that the month counts.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { fitsSmallScreens } from '../support/axe';

test('from an incident to its service, and from a bar to the incidents that it counts', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.goto('/incidents?q=yesterday%E2%80%99s');
  await page.getByRole('link', { name: /Yesterday’s streets/ }).click();
  await page.getByRole('link', { name: 'bell', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('bell');
  await expect(page.getByText('Owned by')).toBeVisible();
  const bar = page.locator('svg.plot a[aria-label*="Opens them"]').first();
  const count = Number(/: (\d+) /.exec((await bar.getAttribute('aria-label'))!)![1]);
  expect(count).toBeGreaterThan(0);
  await bar.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/incidents\?from=.*service=/);
  await expect(page.locator('.row')).toHaveCount(count);
  await page.getByRole('link', { name: 'The page of bell' }).click();
  await page.getByRole('link', { name: 'All incidents of bell' }).click();
  await expect(page.locator('.row')).toHaveCount(5);
});

test('a newcomer finds teams and services at the foot of trends', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.goto('/trends');
  await page.getByRole('link', { name: 'Teams', exact: true }).click();
  await page.getByRole('link', { name: 'Growers', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Growers');
  await expect(page.getByRole('heading', { name: 'Latest learnings' })).toBeVisible();
  await page.getByRole('link', { name: 'See it in trends' }).click();
  await expect(page.locator('#team option:checked')).toHaveText('Growers');
  for (const path of ['/teams', '/services']) {
    await page.goto(path);
    const names = await page.locator('.lines a').allInnerTexts();
    expect(names.length).toBe(4);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
    await fitsSmallScreens(page);
  }
});
