// A meeting by its forms alone, with scripts and without: somebody is asked whether they may be called on, it begins, turns, takes lines, ends.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { openReview, setAgenda } from '../support/reviews';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('a meeting is prepared, led, written in and ended', async ({ page }) => {
  test.setTimeout(180_000);
  const scripts = test.info().project.name !== 'no-script';
  const home = await openReview(page, `The kiln that cooled too fast ${Date.now()}`);
  const meeting = `${home}/review/meeting`;
  await setAgenda(page, home, ['What the dial said', 'Who knew the kiln']);
  await page.goto(`${home}/review/preparation`);
  const calls = page.getByRole('region', { name: 'Whom you will call on' });
  await calls.getByRole('button', { name: 'Ask them' }).click();
  await expect(calls.locator('.error')).toBeVisible();
  await calls.locator('[name=about]').fill('how the dial looked to you');
  await calls.getByRole('button', { name: 'Ask them' }).click();
  await expect(calls.getByText('No answer yet')).toBeVisible();
  await page.goto(meeting);
  await page.locator('[name=opening]').fill('Welcome. We want to understand the kiln.');
  await page.getByRole('button', { name: 'Keep these words' }).click();
  await expect(page.locator('[name=opening]')).toHaveValue('Welcome. We want to understand the kiln.');
  if (scripts) await isAccessible(page);

  await comeInAs(page, 'Responder');
  await page.locator('li.note', { hasText: 'call on you?' }).filter({ hasText: 'kiln' }).last().getByRole('link', { name: 'Answer' }).click();
  await page.getByRole('button', { name: 'Yes, call on me' }).click();
  await expect(page.getByText('You said: Yes.')).toBeVisible();

  await comeInAs(page, 'Facilitator');
  await page.goto(meeting);
  await page.getByRole('button', { name: 'Begin the meeting' }).click();
  await expect(page.getByText('Welcome. We want to understand the kiln.')).toBeVisible();
  await expect(page.getByText('One person may be called on')).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByRole('button', { name: 'Themes', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What the dial said');
  await page.getByRole('button', { name: 'Who knew the kiln' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Who knew the kiln');
  await page.getByRole('button', { name: 'Surprises', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What surprised you today?');

  await comeInAs(page, 'Responder');
  await page.goto(`${home}/review`);
  await page.getByRole('link', { name: 'Be there' }).click();
  await page.getByLabel('What it is').selectOption('It surprised me');
  await page.locator('input[name=text]').fill('The dial is read by one of us alone');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(page.locator('[data-part=stage]').getByText('The dial is read by one of us alone')).toBeVisible();
  if (scripts) await isAccessible(page);

  await comeInAs(page, 'Facilitator');
  await page.goto(meeting);
  await page.getByRole('button', { name: /^Take it out/ }).click();
  await expect(page.locator('[data-part=stage]').getByText('The dial is read by one of us alone')).toHaveCount(0);
  await page.getByRole('button', { name: /^Bring it back/ }).click();
  await page.getByText('End the meeting').click();
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(page.getByText('What surprised people')).toBeVisible();
  await expect(page.getByText('The dial is read by one of us alone')).toBeVisible();
  if (scripts) await isAccessible(page);
});
