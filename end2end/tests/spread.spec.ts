// Spread of load: on how many people the load of a quarter rests, beside chance, told of groups; one's own part on one's own page.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { fitsSmallScreens } from '../support/axe';

test('is the load spread as chance would have it?', async ({ page }) => {
  await comeInAs(page, 'Leadership');
  await page.getByRole('link', { name: 'Trends', exact: true }).first().click();
  const card = page.getByRole('figure').filter({ hasText: 'Effective people:' });
  await expect(card).toContainText(/^(The load is spread as chance would have it|More concentrated than chance|Two closed quarters)/);
  await card.getByText('Show as a table').click();
  const table = card.getByRole('region', { name: /^Spread of load/ });
  await expect(table.getByRole('columnheader', { name: 'Carried by' })).toBeVisible();
  // Small teams say so, and never why; what is told is a step and no number of somebody's hours.
  await expect(table).toContainText('Too few to say');
  await expect(table.getByRole('row').filter({ hasText: / to \d|or more|fewer than/ }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Services that need a second expert' })).toBeVisible();
  await fitsSmallScreens(page);

  await card.locator('svg a').first().click();
  await expect(page).toHaveURL(/\/incidents\?from=/);
});

test('one’s own part stands on one’s own page', async ({ page }) => {
  await comeInAs(page, 'Responder');
  await page.goto('/profile/hours');
  const own = page.getByRole('region', { name: /^Your part of Q/ });
  await expect(own).toContainText('Only you see it.');
  await expect(own.getByRole('listitem').first()).toContainText('of yours');
  await fitsSmallScreens(page);
});
