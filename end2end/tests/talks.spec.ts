// A talk that a facilitator leads, and what becomes of it: the notes are the other's own. And cards, with the keyboard alone.
import { test, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';
import { isAccessible } from '../support/axe';

test('notes of a talk are handed over, become an answer, and are previewed as others would see them', async ({ page, browser }) => {
  const scripts = test.info().project.name !== 'no-script';
  const desk = await (await browser.newContext()).newPage();
  await comeInAs(desk, 'Facilitator');
  const asked = await toOneOnOnesThatTheyLead(desk);
  const name = `Visitor ${Date.now()}`;
  await desk.locator('#name').fill(name);
  await desk.getByRole('button', { name: 'Make a link' }).click();
  const link = new URL(await desk.getByLabel('Personal link').inputValue());
  await desk.goto(asked);
  await desk.getByRole('link', { name: `Lead the talk with ${name}` }).click();
  if (scripts) await isAccessible(desk);
  await desk.getByLabel('Notes to question 6').fill('Rang the night desk before anybody asked.');
  await desk.getByLabel('Your own impressions').fill('Quiet and tired.');
  await desk.getByRole('button', { name: 'Give the notes to Visitor' }).click();
  await expect(desk.getByText('They are Visitor’s now')).toBeVisible();
  await expect(desk.getByText('Rang the night desk')).toHaveCount(0);
  await desk.close();

  await page.goto(link.pathname);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('gave you the notes of your talk')).toBeVisible();
  await page.locator('.note').getByRole('link', { name: 'What actions do you feel good about?' }).click();
  await page.getByRole('button', { name: 'Put it into my answer' }).click();
  await expect(page.locator('#text')).toHaveValue('Rang the night desk before anybody asked.');
  await expect(page.getByText('Quiet and tired.')).toHaveCount(0);

  // A card with the keyboard alone.
  await page.goto(page.url().replace(/(one-on-one\/[0-9a-f-]+).*/, '$1/8'));
  await page.getByLabel('Before, I thought').first().focus();
  await page.keyboard.type('it would stop');
  await page.keyboard.press('Tab');
  await page.keyboard.type('it tries for ever');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add another thing learned' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Before, I thought')).toHaveCount(2);
  await expect(page.getByLabel('Now I know').first()).toHaveValue('it tries for ever');
  await page.getByRole('link', { name: 'See exactly what others would see' }).click();
  await expect(page.getByText('Before, I thought: it would stop. Now I know: it tries for ever').first()).toBeVisible();
  if (scripts) await isAccessible(page);
});
