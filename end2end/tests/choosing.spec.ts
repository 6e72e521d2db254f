// From themes to an agenda, and the key that parks: somebody who was there chooses blind, the facilitator closes the vote and sets the
// agenda, and three questions wait afterwards. Also without scripts, but for the key.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { openReview } from '../support/reviews';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('people choose blind, the agenda is set, and three questions come after', async ({ page }) => {
  test.setTimeout(180_000);
  const scripts = test.info().project.name !== 'no-script';
  const title = `The ladder that was one rung short ${Date.now()}`;
  const home = await openReview(page, title);
  await page.goto(`${home}/review/themes`);
  for (const name of ['What green means', 'Who knew the ladder', 'The rung']) {
    await page.locator('#name-new').fill(name);
    await page.getByRole('button', { name: 'Add the theme' }).click();
    await expect(page.getByRole('heading', { name })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Ask what they want to talk about' }).click();
  await expect(page.getByText('0 of 1 voted.')).toBeVisible();
  if (scripts) await isAccessible(page);

  await comeInAs(page, 'Responder');
  await page.locator('li.note', { hasText: 'What shall the meeting' }).filter({ hasText: title }).getByRole('link', { name: 'Choose' }).click();
  await page.getByRole('button', { name: 'Vote' }).click();
  await expect(page.getByText('Please choose one to 3 of them.')).toBeVisible();
  await page.getByRole('checkbox', { name: 'What green means' }).check();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByRole('button', { name: 'Vote' }).click();
  await expect(page.getByText('You have voted.')).toBeVisible();

  await comeInAs(page, 'Facilitator');
  await page.goto(`${home}/review/themes`);
  await page.getByRole('button', { name: 'Close the vote' }).click();
  await expect(page.getByText('too few to show what was chosen')).toBeVisible();
  const agenda = page.getByRole('region', { name: 'What the meeting talks about' });
  await agenda.getByRole('checkbox', { name: 'The rung' }).check();
  await agenda.getByRole('checkbox', { name: 'What green means' }).check();
  await agenda.getByRole('button', { name: 'Set the agenda' }).click();
  await expect(agenda.getByRole('checkbox', { name: 'The rung' })).toBeChecked();
  await page.goto(`${home}/review/preparation`);
  await page.getByRole('button', { name: 'Ask them now' }).click();
  await expect(page.getByText('Fewer than 5 have answered')).toBeVisible();

  await comeInAs(page, 'Responder');
  await page.goto(`${home}/review`);
  await expect(page.getByRole('region', { name: 'What the meeting talks about' })).toContainText('The rung');
  await page.goto(`${home}/review/after`);
  await page.getByRole('radio', { name: 'Mostly' }).nth(1).check({ force: true });
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Your answers are counted')).toBeVisible();
});

test('one key parks an idea without leaving the page', async ({ page }) => {
  test.skip(test.info().project.name === 'no-script', 'a key needs scripts; the form of the parking lot does not');
  await comeInAs(page, 'Facilitator');
  await page.goto('/incidents?q="restore drill"');
  await page.locator('a.row-title').first().click();
  const home = new URL(page.url()).pathname;
  const idea = `We should label the drill’s room ${Date.now()}`;
  await page.keyboard.press('Alt+p');
  const dialog = page.getByRole('dialog', { name: 'Park an idea' });
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await isAccessible(page);
  // Nothing written: said beside the field, and the dialog stays.
  await dialog.getByRole('button', { name: 'Park it' }).click();
  await expect(dialog.getByText('Please write something here.')).toBeVisible();
  await page.keyboard.type(idea);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Parked. Nothing was added to the review.')).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(home);
  // While somebody writes, too: it takes what is selected, and leaves the text as it was.
  await page.goto(`${home}/review/summary`);
  const before = await page.locator('#body').inputValue();
  await page.locator('#body').fill('We should keep two keys.');
  await page.locator('#body').selectText();
  await page.keyboard.press('Alt+p');
  await expect(dialog.getByRole('textbox')).toHaveValue('We should keep two keys.');
  await page.keyboard.press('Escape');
  await expect(page.locator('#body')).toBeFocused();
  await page.locator('#body').fill(before);
  await page.goto(`${home}/park`);
  await expect(page.getByText(idea)).toBeVisible();
});
