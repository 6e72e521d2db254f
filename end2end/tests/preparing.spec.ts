// Before the meeting: how much there is to learn, the preparation board, and the meeting's entry for calendars; also without scripts.
import { test, expect } from '../support/test';
import { comeInAs } from '../support/people';
import { isAccessible, fitsSmallScreens } from '../support/axe';

test('ten signals suggest how large a review is to be, and people decide', async ({ page }) => {
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Responder');
  await page.goto('/incidents/new');
  await page.getByLabel('What do people call it?').fill(`The spare key turned ${Date.now()}`);
  await page.getByRole('radio', { name: /Near miss/ }).check();
  await page.getByRole('radio', { name: /SEV4/ }).check();
  await page.getByLabel('Day', { exact: true }).fill('2026-03-02');
  await page.getByLabel('Time, 24 hours').fill('10:00');
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await expect(page.locator('.incident-head')).toContainText('Near miss');
  await page.getByRole('link', { name: 'Learning review' }).click();
  await page.getByRole('link', { name: 'Look at the ten signals' }).click();
  // What the incident was has ticked one of them already.
  await expect(page.getByRole('checkbox', { name: /come close to something worse/ })).toBeChecked();
  await page.getByRole('checkbox', { name: 'Was somebody surprised?' }).check();
  await page.getByRole('radio', { name: /No review/ }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Please say why in a line')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Was somebody surprised?' })).toBeChecked();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByRole('radio', { name: /Full review/ }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('label.choice').filter({ hasText: 'Full review' })).toContainText('Suggested');
});

test('the preparation board completes itself, takes marks, and plans the meeting', async ({ page }) => {
  const scripts = test.info().project.name !== 'no-script';
  await comeInAs(page, 'Facilitator');
  await page.goto('/incidents?q="restore drill"');
  await page.locator('a.row-title').first().click();
  await page.getByRole('link', { name: 'Learning review' }).click();
  await page.getByRole('link', { name: 'Preparation' }).click();
  await expect(page.getByText('Nothing here stops you')).toBeVisible();
  const room = page.locator('li#room');
  if (await room.getByRole('button', { name: /Take back/ }).isVisible()) await room.getByRole('button', { name: /Take back/ }).click();
  await room.getByRole('button', { name: 'Not doing' }).click();
  await expect(room).toContainText('Not doing');
  await room.getByRole('button', { name: /Take back/ }).click();
  await expect(room.getByRole('button', { name: 'Done' })).toBeVisible();
  const meeting = page.getByRole('complementary', { name: 'The meeting' });
  await meeting.getByLabel('Minutes').fill('5');
  await meeting.getByRole('button', { name: /it$/ }).click();
  await expect(page.getByText('Please plan between 15 minutes and 4 hours.')).toBeVisible();
  if (scripts) await isAccessible(page);
  await fitsSmallScreens(page);
  await page.getByLabel('Minutes').fill('90');
  await page.getByRole('complementary', { name: 'The meeting' }).getByRole('button', { name: /it$/ }).click();
  await expect(page.getByRole('complementary', { name: 'The meeting' })).toContainText('90 minutes');
  const file = await page.request.get((await page.getByRole('link', { name: 'Add it to a calendar' }).getAttribute('href'))!);
  expect(await file.text()).toContain('BEGIN:VEVENT');
});
