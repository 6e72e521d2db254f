// The timeline: told event by event, with what else is known, taken back and made again, replayed, and settled from the list of all.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('a timeline is told, replayed as it was known then, and taken back', async ({ page }) => {
  test.setTimeout(180_000);
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Responder');
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(`The bell that rang twice ${Date.now()}`);
  await page.getByRole('radio', { name: /SEV3/ }).check();
  await page.locator('#date').fill('2026-11-10');
  await page.locator('#time').fill('09:00');
  await page.getByRole('button', { name: 'Open the incident' }).click();
  const incident = new URL(page.url()).pathname;
  const story = page.locator('#story');

  // One after the other, without leaving the keyboard: the field for the time waits for the next.
  const tell = async (time: string, kind: string, words: string, button: string) => {
    await page.locator('.composer #time').fill(time);
    await page.locator('.composer #kind').selectOption({ label: kind });
    await page.locator('.composer #body').fill(words);
    await page.getByRole('button', { name: button, exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(story.getByText(words)).toBeVisible();
  };
  await tell('09:10', 'Detection', 'A rider hears the bell twice', 'Add, and write another');
  await expect(page.locator('.composer #time')).toBeFocused();
  await expect(page.locator('.composer #kind')).toHaveValue('detection');
  await tell('09:40', 'Mitigation action', 'The second bell is unplugged', 'Add event');
  await expect(story.getByText('Still in place')).toBeVisible();

  // Between the two, with all that is known; a refused source keeps what was typed.
  await page.getByRole('link', { name: 'Insert below the event of 09:10' }).click();
  await expect(page.locator('#time')).toHaveValue('~09:25');
  await page.locator('#body').fill('Two bells share one name');
  await page.locator('#role').fill('on-call engineer');
  await page.getByLabel('Learned later').check();
  await page.getByLabel('Words of source 1').fill('The list of bells');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('“The list of bells” needs an address')).toBeVisible();
  await expect(page.locator('#body')).toHaveValue('Two bells share one name');
  await expect(page.getByLabel('Learned later')).toBeChecked();
  if (scripts) await isAccessible(page);
  await page.getByLabel('Address of source 1').fill('https://wiki.example/bells');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(story.getByRole('link', { name: 'The list of bells' })).toHaveAttribute('rel', /noopener/);

  // Undo and redo.
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(story.getByText('Two bells share one name')).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(story.getByText('Two bells share one name')).toBeVisible();

  await page.getByRole('link', { name: 'Add a hypothesis' }).click();
  await page.getByLabel('What did people think it was?').fill('Somebody presses twice');
  await page.getByLabel('Dropped', { exact: true }).check();
  await page.getByLabel('What spoke against it?').fill('It rings at night, too');
  await page.getByLabel('Time, 24 hours').fill('09:15');
  await page.getByLabel('Time it was dropped or held').fill('09:30');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(story.getByText('Dropped: Somebody presses twice')).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);

  // From before it began, step by step, without what was learned later.
  await page.getByRole('link', { name: 'Replay as it was known then' }).click();
  await expect(story.getByText('Before the first of 2 events')).toBeVisible();
  await expect(story.getByText('A rider hears the bell twice')).toHaveCount(0);
  await page.getByRole('link', { name: 'On', exact: true }).click();
  await expect(story.getByText('A rider hears the bell twice')).toBeVisible();
  await expect(story.getByText('Somebody presses twice')).toHaveCount(0);
  await page.getByRole('link', { name: 'On', exact: true }).click();
  await expect(story.getByText('All 2 events that were known then')).toBeVisible();
  await expect(story.getByText('Two bells share one name')).toHaveCount(0);
  if (scripts) await isAccessible(page);
  await page.getByRole('link', { name: 'All that is known now' }).click();
  await expect(story.getByText('Two bells share one name')).toBeVisible();

  // The event's time becomes a mark of the incident.
  await page.getByRole('link', { name: 'Edit the event of 09:10' }).click();
  await page.getByRole('button', { name: 'Noticed', exact: true }).click();
  await expect(story.getByText('Noticed, 10 min later')).toBeVisible();

  // All that wait to be undone, over all incidents.
  await page.goto('/incidents');
  await page.getByRole('link', { name: 'Still in place' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Still in place');
  const action = page.locator('.in-place > li').filter({ hasText: 'The second bell is unplugged' }).filter({ has: page.locator(`a[href^="${incident}#"]`) });
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await action.getByRole('button', { name: 'Made permanent' }).click();
  await expect(action).toHaveCount(0);
  await page.goto(incident);
  await expect(story.getByText(/^Made permanent/)).toBeVisible();
});
