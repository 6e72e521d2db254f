// The document of a review: a section from the folded ones, a moment mentioned, a comment resolved, a story looked at again; also without scripts.
import { test, expect } from '../support/test';
import { comeInAs, toOneOnOnesThatTheyLead } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('a facilitator adds a section, mentions a moment, and resolves a comment', async ({ page }) => {
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Facilitator');
  const review = (await toOneOnOnesThatTheyLead(page)).replace(/\/one-on-ones.*$/, '/review');
  await page.goto(review);
  const folded = page.locator('main details').filter({ hasText: 'Add a section…' });
  await folded.locator('summary').click();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await folded.getByRole('link', { name: 'Risks seen' }).click();
  await expect(page.getByText('that has not been an incident yet?')).toBeVisible();
  await page.getByText('Mention a moment or a factor').click();
  await page.getByLabel('Which').selectOption({ index: 0 });
  await page.getByRole('button', { name: 'Add it at the end' }).click();
  await expect(page.getByText('not saved yet. Move it')).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.locator('.preview').getByRole('link')).toBeVisible();
  await page.getByRole('link', { name: /^Comment ?: Risks seen/ }).click();
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(page.locator('#body-error')).toBeVisible();
  const words = `Is this one still so? ${Date.now()}`;
  await page.getByLabel('A comment').fill(words);
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  const comment = page.locator('article').filter({ hasText: words });
  await comment.getByRole('button', { name: 'Resolve' }).click();
  await expect(comment).toBeHidden();
  await page.getByText(/\d resolved/).click();
  await comment.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByText(words)).toHaveCount(0);
});

test('a story of a while ago asks whether it is still true', async ({ page }) => {
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Facilitator');
  const asked = page.locator('li').filter({ hasText: 'still true?' }).first();
  await asked.getByRole('link', { name: 'Look at it again' }).click();
  await page.getByRole('button', { name: 'Some of it has changed' }).click();
  await expect(page.getByText('Please say in a sentence what has changed.')).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByLabel('What has changed').fill('The shelf has a board of its own now.');
  await page.getByRole('button', { name: 'Some of it has changed' }).click();
  await expect(page.getByRole('article')).toContainText('Looked at again on');
  await expect(page.getByRole('article')).toContainText('The shelf has a board of its own now.');
});
